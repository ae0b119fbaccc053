# SPDX-License-Identifier: Apache-2.0
"""What the rows of an order book must be.

Rows of one message follow each other, have one time, kind and numbers, and come bids first, then asks, then the one
row that is no level. A price is above zero, a size zero or more. Messages are in the order of their arrival.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octobot_commons.errors import DataError
from octobot_trading.history.kinds import ASK, BID, DELTA, MOST_LEVELS, NO_ID, NO_SIDE, SNAPSHOT
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.util import LATEST_TIME

_REMEDY = "correct or remove this row"


def check_order_book(raw: RawRecords) -> RawRecords:
    """The rows with their messages numbered from 0.

    Raises:
        DataError: the first row that cannot be one of an order book.
    """
    faults = [(int(np.argmax(mask)), what) for mask, what in _faults(raw) if mask.any()]
    if faults:
        index, what = min(faults)
        raise DataError(what, file=raw.file, row=int(raw.rows[index]), remedy=_REMEDY)
    columns = list(raw.columns)
    columns[1] = np.cumsum(np.diff(raw.columns[1], prepend=raw.columns[1][0]) != 0)
    return replace(raw, columns=tuple(columns))


def _faults(raw: RawRecords) -> list[tuple[NDArray[np.bool_], str]]:
    times, numbers, event, side, price, size, first, last, previous = raw.columns
    same = np.diff(numbers, prepend=numbers[0] - 1) == 0
    no_level = side == NO_SIDE
    order = np.select([side == BID, side == ASK], [0, 1], 2)
    out_of_order = (np.diff(order, prepend=0) < 0) | (no_level & np.roll(no_level, 1))
    deltas = event == DELTA
    return [
        (~((times >= 0) & (times < LATEST_TIME)), "its time is not between 1970 and 2200"),
        (~np.isin(event, (DELTA, SNAPSHOT)), "its event is neither a snapshot nor a delta"),
        (~np.isin(side, (BID, ASK, NO_SIDE)), "its side is neither bid nor ask"),
        (~no_level & ~((price > 0) & (price < np.inf)), "its price is not above zero"),
        (~((size >= 0) & (size < np.inf)), "its size is not zero or more"),
        (no_level & (size > MOST_LEVELS), f"its updates cover more than {MOST_LEVELS:,} levels"),
        (np.minimum(np.minimum(first, last), previous) < NO_ID, "an id of it is negative"),
        (np.diff(numbers, prepend=numbers[0]) < 0, "its message comes after a later one"),
        (np.diff(times, prepend=times[0]) < 0, "its time is before that of the row before"),
        *((deltas & _is_odd(ids, event), "it has other ids than the first delta") for ids in (first, last, previous)),
        (deltas & (last == NO_ID) & (np.maximum(first, previous) != NO_ID), "it has ids but no last one"),
        (same & _changes(times, event, first, last, previous), "it differs from the other rows of its message"),
        (same & out_of_order, "a message has bids, asks and what is no level in this order"),
    ]


def _is_odd(ids: NDArray[np.int64], event: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where an id is told and the first delta tells none, or the other way round."""
    told = ids != NO_ID
    deltas = np.flatnonzero(event == DELTA)
    return told != told[deltas[0]] if len(deltas) else np.zeros(len(ids), dtype=np.bool_)


def _changes(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    changed = np.zeros(len(columns[0]), dtype=np.bool_)
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return changed
