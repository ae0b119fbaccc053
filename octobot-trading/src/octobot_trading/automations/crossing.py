# SPDX-License-Identifier: Apache-2.0
"""Once for each crossing of a threshold."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum


class Side(StrEnum):
    """On which side of a threshold something happens; the threshold itself belongs to both."""

    ABOVE = "above"
    BELOW = "below"

    def holds(self, value: Decimal, threshold: Decimal) -> bool:
        """Whether the value is there."""
        return value >= threshold if self is Side.ABOVE else value <= threshold


class Crossing:
    """Begins as if everything before had been on the other side."""

    def __init__(self, side: Side, threshold: Decimal) -> None:
        self._side = side
        self._threshold = threshold
        self._is_beyond = False

    def sees(self, value: Decimal) -> bool:
        """Whether this value is the first one beyond since the start, or since one that was not."""
        was_beyond, self._is_beyond = self._is_beyond, self._side.holds(value, self._threshold)
        return self._is_beyond and not was_beyond
