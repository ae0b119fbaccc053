# SPDX-License-Identifier: Apache-2.0
"""Freqtrade's trades: a JSON list of ``[milliseconds, id, type, side, price, amount, cost]``.

Rows are numbered by trades. The cost is price times amount and not kept.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from octobot_commons.errors import DataError
from octobot_trading.history.kinds import TRADES
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.readers.content import Content
from octobot_trading.history.readers.trade_cells import parse_ids, parse_sides

_CELLS = 7
_FIRST_BYTES = 4096
_REMEDY = "a trade is [milliseconds, id, type, side, price, amount, cost]"
_REMEDY_DAMAGED = "the file is damaged or incomplete: download it again"


def matches(content: Content) -> bool:
    """A list whose first element is a list of seven."""
    start = content.data[:_FIRST_BYTES].lstrip()
    inner = start[1:].lstrip()
    if not (start.startswith(b"[") and inner.startswith(b"[")):
        return False
    try:
        return len(json.loads(inner[: inner.index(b"]") + 1])) == _CELLS
    except (ValueError, RecursionError):
        return False


def read(content: Content) -> RawRecords:
    """The trades of the file.

    Raises:
        DataError: it is damaged, or one of its elements is no trade.
    """
    try:
        trades = json.loads(content.text())
    except json.JSONDecodeError as error:
        raise DataError(
            f"it is no JSON: {error.msg}", file=content.name, row=error.lineno, remedy=_REMEDY_DAMAGED
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"it is no JSON: {error}", file=content.name, remedy=_REMEDY_DAMAGED) from error
    for row, trade in enumerate(trades, 1):
        if not _is_trade(trade):
            raise DataError(f"{str(trade)[:60]} is no trade", file=content.name, row=row, remedy=_REMEDY)
    rows = np.arange(1, len(trades) + 1)
    try:
        times = np.array([trade[0] for trade in trades], dtype=np.float64) / 1000.0
        price, amount = (np.array([trade[place] for trade in trades], dtype=np.float64) for place in (4, 5))
    except OverflowError as error:
        raise DataError(f"a number is too large: {error}", file=content.name, remedy=_REMEDY) from error
    side = parse_sides(["" if trade[3] is None else trade[3] for trade in trades], rows, content.name)
    ids, remarks = parse_ids(["" if trade[1] is None else str(trade[1]) for trade in trades])
    return RawRecords(TRADES, (times, price, amount, side, ids), rows, content.name, remarks)


def _is_trade(trade: Any) -> bool:
    if not isinstance(trade, list) or len(trade) != _CELLS:
        return False
    numbers = all(type(trade[place]) in (int, float) for place in (0, 4, 5))
    return numbers and isinstance(trade[3], str | None) and isinstance(trade[1], str | int | None)
