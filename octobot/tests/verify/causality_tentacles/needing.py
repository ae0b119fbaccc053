# SPDX-License-Identifier: Apache-2.0
"""Evaluators of which it is known how much they need."""

from __future__ import annotations

from typing import Any

import numpy as np

from causality_tentacles.bases import Noting, Told, tanh


class NeedsTwenty(Noting):
    """The mean of the last twenty closes, the one that it is told of among them."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh(100.0 * (closes[-1] / closes[-20:].mean() - 1.0))


class DeclaresTooFew(NeedsTwenty):
    """The same, and says that ten are enough."""


class NeedsNothing(Noting):
    """The candle itself."""

    def note(self, closes: np.ndarray, told: Told) -> float:
        return tanh(100.0 * (told.candle[4] / told.candle[1] - 1.0))


class MustBeTold(Noting):
    """Forgets half of what it was told with each candle, and never looks back."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.average: float | None = None

    def note(self, closes: np.ndarray, told: Told) -> float:
        average = closes[-1] if self.average is None else self.average
        self.average = 0.5 * average + 0.5 * closes[-1]
        return tanh(100.0 * (closes[-1] / self.average - 1.0))


class CountsItsCandles(Noting):
    """Never forgets."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.count = 0

    def note(self, closes: np.ndarray, told: Told) -> float:
        self.count += 1
        return tanh(self.count / 1000)
