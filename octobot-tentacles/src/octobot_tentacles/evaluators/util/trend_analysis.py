# SPDX-License-Identifier: Apache-2.0
"""TrendAnalysis: where a series goes, where it turns and what it crosses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from octobot_commons.data_util import mean
from octobot_tentacles.indicators import FloatArray


class TrendAnalysis:
    """Where a series goes, where it turns and what it crosses. Series are oldest value first."""

    @staticmethod
    def get_trend(data: ArrayLike, averages_to_use: Sequence[int]) -> float:
        """Above 0 where averages rise from the longest to the shortest, below 0 where they fall.

        Each step up, from the mean of the last n values to that of the next shorter n, adds ``1 / len(averages)``
        rounded to two digits, each step down subtracts it. Of fewer than n values the mean is that of all.
        """
        values = np.asarray(data, dtype=np.float64).tolist()
        means = [mean(values[-length:]) for length in sorted(averages_to_use, reverse=True)]
        step = round(1.0 / len(means), 2) if means else 0.0
        return step * sum((after > before) - (after < before) for before, after in pairwise(means))

    @staticmethod
    def peak_has_been_reached_already(data: ArrayLike, neutral_val: float = 0) -> bool:
        """Whether the last value has come back from the extreme of the side of ``neutral_val`` on which it stands."""
        values = np.asarray(data, dtype=np.float64)
        if len(values) < 2:
            return False
        last = values[-1]
        if last > neutral_val:
            return bool(values.max() > last)
        if last < neutral_val:
            return bool(values.min() < last)
        return bool((values != neutral_val).any())

    @staticmethod
    def min_has_just_been_reached(data: ArrayLike, acceptance_window: float = 0.8, delay: int = 1) -> bool:
        """Whether the series was at its low ``delay`` values before the last one and has been above since.

        At its low means in the lowest ``1 - acceptance_window`` of its range.
        """
        values = np.asarray(data, dtype=np.float64)
        if delay < 1 or len(values) <= delay:
            return False
        low, lowest = values[-1 - delay], values.min()
        is_low = values.max() - low >= acceptance_window * (values.max() - lowest)
        return bool(is_low and (values[-delay:] > low).all())

    @staticmethod
    def detect_divergence(data_frame: ArrayLike, indicator_data_frame: ArrayLike) -> int:
        """-1 (buy): a lower low of the price with a higher one of the indicator; 1 (sell): the same of highs; else 0.

        The extremes of the newer half are compared with those of the older one; 0 also where both are so.
        (J. W. Wilder, New Concepts in Technical Trading Systems, 1978, of the RSI.)
        """
        prices = np.asarray(data_frame, dtype=np.float64)
        values = np.asarray(indicator_data_frame, dtype=np.float64)
        if len(prices) != len(values):
            raise ValueError(f"prices and indicator must be of the same length, not {len(prices)} and {len(values)}")
        if len(prices) < 2:
            return 0
        return int(_is_lower_low(-prices, -values)) - int(_is_lower_low(prices, values))

    @staticmethod
    def get_estimation_of_move_state_relatively_to_previous_moves_length(
        mean_crossing_indexes: Sequence[int],
        current_trend: Sequence[float] | FloatArray,
        pattern_move_size: float = 1,
        double_size_patterns_count: int = 0,
    ) -> float:
        """How much of the current move is over, 0 to 1, if it becomes as long as the ones before it; 0: none before.

        Args:
            mean_crossing_indexes: where ``current_trend`` crossed its mean: each move ends where the next begins.
            current_trend: the whole series; the move since the last crossing is the current one.
            pattern_move_size: how many usual moves the current one is expected to take.
            double_size_patterns_count: how many of the moves before count as two, as those of a W or an M.
        """
        if not len(mean_crossing_indexes):
            return 0.0
        lengths = [after - before for before, after in pairwise([0, *mean_crossing_indexes]) if after > before]
        expected = sum(lengths) / max(1, len(lengths) + double_size_patterns_count) * pattern_move_size
        if expected <= 0:
            return 0.0
        return float(min(1.0, max(0, len(current_trend) - mean_crossing_indexes[-1]) / expected))

    @staticmethod
    def get_threshold_change_indexes(data: ArrayLike, threshold: float) -> list[int]:
        """Where the series crosses the threshold: the indexes of the first values on the other side.

        Values that equal the threshold are on neither side: to touch it is not to cross it.
        """
        sides = np.sign(np.asarray(data, dtype=np.float64) - threshold)
        decided = np.flatnonzero((sides == 1.0) | (sides == -1.0))
        changes: list[int] = decided[1:][np.diff(sides[decided]) != 0.0].tolist()
        return changes

    @staticmethod
    def have_just_crossed_over(list_1: Sequence[float] | FloatArray, list_2: Sequence[float] | FloatArray) -> bool:
        """Whether the last value of the first series is above that of the second and the one before was not."""
        if len(list_1) < 2 or len(list_2) < 2:
            return False
        return bool(list_1[-2] <= list_2[-2] and list_1[-1] > list_2[-1])


def _is_lower_low(prices: FloatArray, values: FloatArray) -> bool:
    half = len(prices) // 2
    older, newer = slice(0, half), slice(half, None)
    return bool(prices[newer].min() < prices[older].min() and values[newer].min() > values[older].min())
