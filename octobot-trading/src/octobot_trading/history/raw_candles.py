# SPDX-License-Identifier: Apache-2.0
"""What a reader hands over: the rows of one series as found, not yet checked."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from octobot_commons.enums import TimeFrames
from octobot_trading.util import FloatArray


@dataclass(frozen=True, slots=True)
class RawCandles:
    """Rows in the file's order: ``columns`` has six rows (open time in seconds, open, high, low, close, volume).

    ``rows`` numbers them as the user sees them in the file. ``symbol``, ``time_frame`` and ``exchange_name`` are set
    where the file itself says them. ``files`` lists (index of its first candle, name) for each file of an archive.
    """

    columns: FloatArray
    rows: NDArray[np.int64]
    files: tuple[tuple[int, str], ...]
    symbol: str | None = None
    time_frame: TimeFrames | None = None
    exchange_name: str | None = None
    incomplete: int = 0
    remarks: tuple[str, ...] = field(default=())

    def place(self, index: int) -> tuple[str, int]:
        """File and row of a candle."""
        name = next(name for first, name in reversed(self.files) if first <= index)
        return name, int(self.rows[index])

    def keep(self, mask: NDArray[np.bool_]) -> RawCandles:
        """The candles that the mask selects."""
        kept_before = np.concatenate(([0], np.cumsum(mask)))
        files = tuple((int(kept_before[first]), name) for first, name in self.files)
        return RawCandles(
            np.ascontiguousarray(self.columns[:, mask]),
            self.rows[mask],
            files,
            self.symbol,
            self.time_frame,
            self.exchange_name,
            self.incomplete,
            self.remarks,
        )
