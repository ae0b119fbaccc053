# SPDX-License-Identifier: Apache-2.0
"""Distances in percent."""

from __future__ import annotations

import pytest

from octobot_tentacles.evaluators.distances import percent_above


@pytest.mark.parametrize(
    ("price", "average", "percent"), [(3.75, 3.0, 25.0), (1.5, 3.0, -50.0), (3.0, 3.0, 0.0), (3.0, 0.0, 0.0)]
)
def test_hand_computed_distances(price: float, average: float, percent: float) -> None:
    assert percent_above(price, average) == percent


def test_the_mean_of_equal_prices_is_that_price() -> None:
    mean = sum([0.1] * 10) / 10
    assert mean != 0.1  # by rounding
    assert percent_above(0.1, mean) == 0.0
