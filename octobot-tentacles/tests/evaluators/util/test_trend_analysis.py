# SPDX-License-Identifier: Apache-2.0
"""TrendAnalysis: hand-worked series, mirrored ones, and those with nothing in them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.evaluators.util.trend_analysis import TrendAnalysis

AVERAGES = [40, 30, 20, 15, 10]
series = st.lists(st.integers(-100, 100).map(float), max_size=60)


@pytest.mark.parametrize(
    ("data", "averages", "trend"),
    [
        pytest.param(range(50), AVERAGES, 0.8, id="four steps up of 1 / 5"),
        pytest.param(range(50, 0, -1), AVERAGES, -0.8, id="four steps down"),
        pytest.param([7.0] * 50, AVERAGES, 0.0, id="no step"),
        pytest.param(range(50), [2, 5, 3], 0.66, id="longest first, 1 / 3 rounded"),
        # means of the last 4, 2 and 1: (1 + 2 + 6 + 3) / 4 = 3, (6 + 3) / 2 = 4.5, 3
        pytest.param([1, 2, 6, 3], [4, 2, 1], 0.0, id="one up, one down"),
        pytest.param([1, 3], [10, 1], 0.5, id="fewer values than asked for: the mean of all, 2, then 3"),
        pytest.param([], AVERAGES, 0.0, id="no data"),
        pytest.param([1, 2], [], 0.0, id="no averages"),
    ],
)
def test_the_trend_of_averages(data: list[float], averages: list[int], trend: float) -> None:
    assert TrendAnalysis.get_trend(data, averages) == pytest.approx(trend)


@given(series)
def test_a_mirrored_series_has_the_opposite_trend(data: list[float]) -> None:
    trend = TrendAnalysis.get_trend(data, AVERAGES)
    assert TrendAnalysis.get_trend([-value for value in data], AVERAGES) == -trend
    assert abs(trend) <= 0.8


@pytest.mark.parametrize(
    ("data", "neutral", "reached"),
    [
        ([1, 5, 4], 0, True),
        ([1, 4, 5], 0, False),
        ([-1, -5, -4], 0, True),
        ([-1, -4, -5], 0, False),
        ([3, 40, 60], 50, False),
        ([70, 40, 30], 50, False),
        ([60, 20, 30], 50, True),
        ([0, 3, 0], 0, True),
        ([0, 0, 0], 0, False),
        ([5], 0, False),
        ([], 0, False),
    ],
)
def test_peaks_that_are_over(data: list[float], neutral: float, reached: bool) -> None:
    assert TrendAnalysis.peak_has_been_reached_already(data, neutral) is reached


@pytest.mark.parametrize(
    ("data", "options", "reached"),
    [
        pytest.param([10, 8, 0, 1], {}, True, id="turned up one value ago"),
        pytest.param([10, 8, 1, 0], {}, False, id="still falling"),
        pytest.param([10, 0, 2, 5], {}, True, id="2 is in the lowest fifth of 0 to 10"),
        pytest.param([10, 0, 3, 5], {}, False, id="3 is not"),
        pytest.param([10, 0, 3, 5], {"acceptance_window": 0.7}, True, id="but in the lowest three tenths"),
        pytest.param([10, 0, 3, 5], {"delay": 2}, True, id="two values ago"),
        pytest.param([10, 1, 0, 5], {"delay": 2}, False, id="fell below since"),
        pytest.param([5, 5, 5], {}, False, id="no low"),
        pytest.param([5], {}, False, id="too few"),
        pytest.param([5, 6], {"delay": 0}, False, id="a low that is the last value has not been left"),
    ],
)
def test_lows_that_are_just_over(data: list[float], options: dict[str, float], reached: bool) -> None:
    assert TrendAnalysis.min_has_just_been_reached(data, **options) is reached  # type: ignore[arg-type]


@given(series, st.floats(1, 50), st.integers(-50, 50))
def test_lows_depend_on_neither_scale_nor_level(data: list[float], scale: float, level: int) -> None:
    scaled = np.array(data) * 2.0 ** round(scale) + level
    assert TrendAnalysis.min_has_just_been_reached(data, 0.75) == TrendAnalysis.min_has_just_been_reached(scaled, 0.75)


def test_divergences() -> None:
    # lows 8 and 7, of the indicator 20 and 25: weaker selling; highs fall on both
    assert TrendAnalysis.detect_divergence([10, 8, 9, 7], [40, 20, 30, 25]) == -1
    # highs 10 and 11, of the indicator 80 and 75
    assert TrendAnalysis.detect_divergence([9, 10, 9.5, 11], [60, 80, 65, 75]) == 1
    assert TrendAnalysis.detect_divergence([10, 8, 9, 7], [40, 20, 30, 15]) == 0
    assert TrendAnalysis.detect_divergence([9, 8, 10, 7], [40, 20, 35, 25]) == 0
    assert TrendAnalysis.detect_divergence([1], [1]) == 0
    with pytest.raises(ValueError, match="same length, not 2 and 1"):
        TrendAnalysis.detect_divergence([1, 2], [1])


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=30))
def test_divergences_mirror(pairs: list[tuple[int, int]]) -> None:
    prices, values = [float(p) for p, _ in pairs], [float(v) for _, v in pairs]
    mirrored = TrendAnalysis.detect_divergence([-p for p in prices], [-v for v in values])
    assert mirrored == -TrendAnalysis.detect_divergence(prices, values)


@pytest.mark.parametrize(
    ("crossings", "length", "options", "estimation"),
    [
        # moves of 10, 10 and 4 values: 8 on average
        pytest.param([10, 20, 24], 28, {}, 0.5, id="half of it"),
        pytest.param([10, 20, 24], 50, {}, 1.0, id="longer than usual"),
        pytest.param([10, 20, 24], 28, {"pattern_move_size": 2}, 0.25, id="expected to be twice as long"),
        pytest.param([10, 20, 24], 28, {"double_size_patterns_count": 1}, 4 / 6, id="one counts as two: 6 on average"),
        pytest.param([10], 15, {}, 0.5, id="one before"),
        pytest.param([0], 15, {}, 0.0, id="none before"),
        pytest.param([], 15, {}, 0.0, id="no crossing"),
        pytest.param([10, 20, 24], 24, {}, 0.0, id="just begun"),
    ],
)
def test_how_much_of_a_move_is_over(
    crossings: list[int], length: int, options: dict[str, float], estimation: float
) -> None:
    found = TrendAnalysis.get_estimation_of_move_state_relatively_to_previous_moves_length(
        crossings,
        np.zeros(length),
        **options,  # type: ignore[arg-type]
    )
    assert found == pytest.approx(estimation)


@pytest.mark.parametrize(
    ("data", "threshold", "indexes"),
    [
        ([1, 2, -1, -2, 3], 0, [2, 4]),
        ([1, 2, -1, -2, 3], 1.5, [1, 2, 4]),
        ([1, 0, 1], 0, []),
        ([1, 0, -1], 0, [2]),
        ([0, 0, 1, -1], 0, [3]),
        ([float("nan"), 1, float("nan"), -1], 0, [3]),
        ([], 0, []),
    ],
)
def test_where_a_threshold_is_crossed(data: list[float], threshold: float, indexes: list[int]) -> None:
    assert TrendAnalysis.get_threshold_change_indexes(data, threshold) == indexes


@given(series)
def test_crossings_alternate_and_mirror(data: list[float]) -> None:
    indexes = TrendAnalysis.get_threshold_change_indexes(data, 0)
    assert indexes == TrendAnalysis.get_threshold_change_indexes([-value for value in data], 0)
    sides = [data[index] > 0 for index in indexes]
    assert all(before != after for before, after in pairwise(sides))


def test_what_has_just_crossed_over() -> None:
    assert TrendAnalysis.have_just_crossed_over([1, 3], [2, 2])
    assert TrendAnalysis.have_just_crossed_over([2, 3], [2, 2])
    assert not TrendAnalysis.have_just_crossed_over([3, 4], [2, 2])
    assert not TrendAnalysis.have_just_crossed_over([3, 1], [2, 2])
    assert not TrendAnalysis.have_just_crossed_over([1, 2], [2, 2])
    assert not TrendAnalysis.have_just_crossed_over([3], [2])
