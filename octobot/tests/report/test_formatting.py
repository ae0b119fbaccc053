# SPDX-License-Identifier: Apache-2.0
from decimal import Decimal

import pytest

from octobot.report import formatting as fmt


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "-"),
        ("0", "0.00"),
        ("1234567.891", "1,234,567.89"),
        ("-3", "-3.00"),
        ("0.5", "0.5"),
        ("0.00012345678", "0.000123457"),
        ("-0.25", "-0.25"),
    ],
)
def test_money(amount, text):
    assert fmt.money(None if amount is None else Decimal(amount)) == text


def test_signs():
    assert fmt.money(Decimal(2), sign=True) == "+2.00"
    assert fmt.percent(1.5, sign=True) == "+1.50 %"
    assert fmt.percent(-1234.5, sign=True) == "-1,234.50 %"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "-"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3661, "1 h 1 min"),
        (86_400, "1 d"),
        (90_061, "1 d 1 h"),
        (86_460, "1 d"),
    ],
)
def test_duration(seconds, text):
    assert fmt.duration(seconds) == text


def test_moment():
    assert fmt.moment(None) == "-"
    assert fmt.moment(1_704_067_200.0) == "2024-01-01 00:00"
    assert fmt.moment(1_704_067_201.0) == "2024-01-01 00:00:01"


def test_count():
    assert fmt.count(1, "gap") == "1 gap"
    assert fmt.count(1200, "gap") == "1,200 gaps"


def test_undefined_figures():
    assert fmt.percent(None) == fmt.ratio(None) == "-"
