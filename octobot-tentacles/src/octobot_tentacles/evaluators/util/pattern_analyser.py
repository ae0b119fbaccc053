# SPDX-License-Identifier: Apache-2.0
"""PatternAnalyser: the letter that a series draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

#: A move back counts as a turn from this part of the series' whole range on; smaller ones are noise.
TURN_SHARE = 0.25
UP, DOWN = 1, -1
_LETTERS = {(DOWN, UP): "V", (UP, DOWN): "N", (DOWN, UP, DOWN, UP): "W", (UP, DOWN, UP, DOWN): "M"}
_STRENGTHS = {"W": 1.0, "M": 1.0, "V": 0.75, "N": 0.75}


class PatternAnalyser:
    """The letter that a series draws: V and W fall and rise once or twice, N and M rise and fall once or twice."""

    UNKNOWN_PATTERN = "?"

    @staticmethod
    def find_pattern(
        data: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]],
        zero_crossing_indexes: Sequence[int],
        data_frame_max_index: int,
    ) -> tuple[str, int, int]:
        """The pattern since the last crossing, with the first and the last index it was looked for at.

        Crossings after ``data_frame_max_index``, the last index that counts, are left out; without any, all before it
        is looked at.
        """
        crossings = [index for index in zero_crossing_indexes if index <= data_frame_max_index]
        start = max(crossings, default=0)
        pattern = PatternAnalyser.get_pattern(data[start : data_frame_max_index + 1])
        return pattern, start, data_frame_max_index

    @staticmethod
    def get_pattern(data: ArrayLike) -> str:
        """ "W", "M", "V", "N", or "?" for any other shape. Moves back below a quarter of the range are no turns."""
        values = np.asarray(data, dtype=np.float64)
        if len(values) < 3 or not np.isfinite(values).all():
            return PatternAnalyser.UNKNOWN_PATTERN
        moves = tuple(_moves(values.tolist(), TURN_SHARE * float(np.ptp(values))))
        return _LETTERS.get(moves, PatternAnalyser.UNKNOWN_PATTERN)

    @staticmethod
    def get_pattern_strength(pattern: str) -> float:
        """1 for W and M, 0.75 for V and N, else 0."""
        return _STRENGTHS.get(pattern, 0.0)


def _moves(values: list[float], turn: float) -> list[int]:
    """The directions of its moves, one after the other, each of at least ``turn``."""
    moves: list[int] = []
    if not turn:
        return moves
    low = high = values[0]
    for value in values:
        low, high = min(low, value), max(high, value)
        direction = moves[-1] if moves else 0
        if direction != UP and value - low >= turn:
            moves.append(UP)
            high = value
        elif direction != DOWN and high - value >= turn:
            moves.append(DOWN)
            low = value
    return moves
