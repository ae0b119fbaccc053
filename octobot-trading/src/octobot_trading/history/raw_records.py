# SPDX-License-Identifier: Apache-2.0
"""What a reader of trades, funding rates or mark prices hands over: rows as found, not yet checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octobot_trading.history.kinds import RecordKind


@dataclass(frozen=True, slots=True)
class RawRecords:
    """Rows in the file's order: ``columns`` are those of ``kind``, times in seconds.

    ``rows`` numbers them as the user sees them in ``file``.
    """

    kind: RecordKind
    columns: tuple[NDArray[Any], ...]
    rows: NDArray[np.int64]
    file: str
    remarks: tuple[str, ...] = ()
    #: Whether mark prices came one by one rather than as those of a time frame.
    ticks: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def keep(self, mask: NDArray[np.bool_]) -> RawRecords:
        """The records that the mask selects."""
        return replace(self, columns=tuple(column[mask] for column in self.columns), rows=self.rows[mask])
