# SPDX-License-Identifier: Apache-2.0
"""The rows of a recorded series that a replay has in hand: read, and not over yet."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from octobot_trading.errors import ReplayError
from octobot_trading.history.parts import Columns, SeriesParts
from octobot_trading.util import FloatArray


class Rows:
    """Columns that grow by a part at the end and shrink at the beginning."""

    def __init__(self, series: SeriesParts) -> None:
        self._series = series
        self._parts: Iterator[Columns] = iter(())
        self.columns: Columns = tuple(np.empty(0, dtype) for _, dtype in series.kind.fields)
        #: Every row with a time before this one has been read.
        self.known_until = -math.inf

    @property
    def times(self) -> FloatArray:
        """The first column: when candles open, when anything else happened."""
        return self.columns[0]

    def begin(self, first_time: float | None = None) -> None:
        """Start anew with what begins at ``first_time`` or later."""
        self.columns = tuple(column[:0] for column in self.columns)
        self._parts = self._series.read(first_time)
        self.known_until = -math.inf

    def read_beyond(self, time: float) -> None:
        """Read until everything up to ``time`` is in hand.

        Raises:
            ReplayError: a part begins before the one before it ends.
        """
        while self.known_until <= time:
            part = next(self._parts, None)
            if part is None:
                self.known_until = math.inf
            elif len(part[0]):
                self._add(part)

    def drop(self, count: int) -> None:
        """Forget the oldest rows."""
        self.columns = tuple(column[count:] for column in self.columns)

    def _add(self, part: Columns) -> None:
        if part[0][0] < self.known_until:
            what = f"{self._series.kind.plural} of {self._series.symbol}"
            raise ReplayError(f"{self._series.source}: {what} go back in time")
        if len(self.times):
            part = tuple(np.concatenate(pair) for pair in zip(self.columns, part, strict=True))
        self.columns = part
        self.known_until = float(part[0][-1])
