# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.pretty_printer import get_min_string_from_number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (100, "100"),
        (0.1, "0.1"),
        (1e-5, "0.00001"),
        (1e-9, "0"),
        (-1e-9, "0"),
        (1e22, "10000000000000000000000"),
        (123456789.123456789, "123456789.12345679"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+40"), "1" + 40 * "0"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
    ],
)
def test_shortest_text(number: float, text: str) -> None:
    assert get_min_string_from_number(number) == text


def test_fewer_digits() -> None:
    assert get_min_string_from_number(1.23456, max_digits=2) == "1.23"
    assert get_min_string_from_number(1.5, max_digits=0) == "2"
    assert get_min_string_from_number(100, max_digits=0) == "100"


@given(st.decimals(-(10**20), 10**20, places=8))
def test_nothing_is_lost_within_the_digits(number: Decimal) -> None:
    text = get_min_string_from_number(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert not (text.endswith("0") and "." in text)
