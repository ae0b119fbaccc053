# SPDX-License-Identifier: Apache-2.0
"""Checks of trades, funding rates, mark prices and tickers; the first faulty row of the file is reported.

As with candles nothing is repaired: rows that repeat another one are dropped and counted, all other faults refused.

- A trade needs a price and an amount above zero. With ids, a repeated one is a duplicate when all of it is equal and
  refused otherwise; without ids equal rows are kept, as they may be different trades.
- A funding rate lies between -1 and 1 and may be zero; two of one minute have to be equal.
- A mark price needs prices above zero with ``low <= open, close <= high``.
- A ticker needs a last price above zero or, without one, a best bid or ask; what it does not tell is NaN.
- The rows of an order book have checks of their own, in ``order_book_checks``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from octobot_commons.errors import DataError
from octobot_trading.history.kinds import FUNDING, MARK_PRICES, NO_ID, ORDER_BOOK, TICKERS, TRADES
from octobot_trading.history.order_book_checks import check_order_book
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.validation import format_time
from octobot_trading.util import LATEST_TIME

_REMEDY_ROW = "correct or remove this row"
_REMEDY_SORT = "sort the file by its time column, oldest first"
_REMEDY_TIME = "write times as Unix seconds, milliseconds or YYYY-MM-DD HH:MM:SS"

_Mask = NDArray[np.bool_]
_Check = tuple[_Mask, Callable[[int], str], str]


def check_records(raw: RawRecords) -> tuple[RawRecords, tuple[str, ...]]:
    """The records without those that only repeat another, and remarks on what was kept though it looks repeated.

    Raises:
        DataError: no row at all, or the first row that is no record of its kind, out of order, or contradicts another.
    """
    if not len(raw):
        raise DataError(
            f"it holds no {raw.kind.noun}", file=raw.file, remedy=f"export it again with at least one {raw.kind.noun}"
        )
    if raw.kind is ORDER_BOOK:
        return check_order_book(raw), raw.remarks
    originals = _first_of_its_own(raw)
    rows = np.arange(len(raw))
    repeats = originals != rows
    differ = np.zeros(len(raw), dtype=np.bool_)
    # Fundings of one minute are one whatever their milliseconds say.
    for column in raw.columns[1:] if raw.kind is FUNDING else raw.columns:
        differ |= (
            repeats & (column != column[originals]) & ((column == column) | (column[originals] == column[originals]))
        )
    checks = [*_value_checks(raw), *_order_checks(raw, differ, originals)]
    faults = [(int(np.argmax(mask)), number) for number, (mask, _, _) in enumerate(checks) if mask.any()]
    if faults:
        index, number = min(faults)
        _, describe, remedy = checks[number]
        raise DataError(describe(index), file=raw.file, row=int(raw.rows[index]), remedy=remedy)
    return (raw.keep(~repeats) if repeats.any() else raw), _remarks(raw)


def _first_of_its_own(raw: RawRecords) -> NDArray[np.int64]:
    """For each row the first one that claims to be the same record."""
    times = raw.columns[0]
    if raw.kind.many_at_a_time:
        ids = raw.columns[4]
        if (ids == NO_ID).any():
            return np.arange(len(raw))
        keys: NDArray[Any] = ids
    else:
        keys = raw.kind.instants(times)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], dtype=np.int64)


def _value_checks(raw: RawRecords) -> Iterator[_Check]:
    times, *values = raw.columns
    yield (
        ~((times >= 0) & (times < LATEST_TIME)),
        lambda index: f"its time {times[index]:g} is not between 1970 and 2200",
        _REMEDY_TIME,
    )
    named = dict(zip(raw.kind.names[1:], values, strict=True))
    if raw.kind is FUNDING:
        rate = named["funding_rate"]
        yield ~(np.abs(rate) <= 1), _describe("funding rate", rate, "is not between -1 and 1"), _REMEDY_ROW
    elif raw.kind is TRADES:
        yield from _positive(named, "price", "amount")
        ids = named["id"]
        some = (ids != NO_ID).any()
        yield (ids == NO_ID) & some, lambda index: "it has no id where other rows have one", _REMEDY_ROW
    elif raw.kind is MARK_PRICES:
        yield from _positive(named, *named)
        high, low = named["high"], named["low"]
        yield high < low, lambda index: f"high {high[index]:.15g} is below low {low[index]:.15g}", _REMEDY_ROW
        for name in ("open", "close"):
            outside = (named[name] < low) | (named[name] > high)
            yield outside, _describe(name, named[name], "is outside of low to high"), _REMEDY_ROW
    elif raw.kind is TICKERS:
        last, bid, ask = (named[name] for name in ("last", "bid", "ask"))
        unknown = np.isnan(last)
        yield (
            ~(unknown | ((last > 0) & (last < np.inf))),
            _describe("last", last, "is not a number above zero"),
            _REMEDY_ROW,
        )
        yield unknown & np.isnan(bid) & np.isnan(ask), lambda index: "it tells no price", _REMEDY_ROW
        for name in ("bid", "ask", "bid_amount", "ask_amount"):
            column = named[name]
            yield (
                (column < 0) | np.isinf(column),
                _describe(name, column, "is not a number of zero or more"),
                _REMEDY_ROW,
            )


def _positive(named: dict[str, NDArray[Any]], *names: str) -> Iterator[_Check]:
    for name in names:
        column = named[name]
        yield ~((column > 0) & (column < np.inf)), _describe(name, column, "is not a number above zero"), _REMEDY_ROW


def _order_checks(raw: RawRecords, conflicts: _Mask, originals: NDArray[np.int64]) -> Iterator[_Check]:
    times = raw.columns[0]

    def unsorted(index: int) -> str:
        return f"{format_time(times[index])} comes after {format_time(times[index - 1])}"

    def conflict(index: int) -> str:
        what = f"id {raw.columns[4][index]}" if raw.kind is TRADES else format_time(times[index])
        return f"other numbers for {what} than in row {raw.rows[originals[index]]}"

    yield conflicts, conflict, "keep the right one of the two rows"
    yield np.concatenate(([False], np.diff(times) < 0)), unsorted, _REMEDY_SORT


def _remarks(raw: RawRecords) -> tuple[str, ...]:
    if raw.kind is not TRADES or (raw.columns[4] != NO_ID).any():
        return raw.remarks
    equal = len(raw) - len(np.unique(raw.kind.records(raw.columns)))
    if not equal:
        return raw.remarks
    return (*raw.remarks, f"{equal:,} trades equal others and are kept: without ids they may be different ones")


def _describe(name: str, column: NDArray[Any], fault: str) -> Callable[[int], str]:
    return lambda index: f"{name} {column[index]:.15g} {fault}"
