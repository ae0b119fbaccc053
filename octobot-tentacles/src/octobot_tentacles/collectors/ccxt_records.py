# SPDX-License-Identifier: Apache-2.0
"""Trades and funding rates through ccxt.

Most exchanges give their last trades only, and ccxt then silently leaves out what lies between. So trades come from
those that give them by id.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any

#: These give trades from an id on.
EXCHANGES_WITH_TRADE_IDS = ("binance", "binancecoinm", "binanceus", "binanceusdm")
TRADES_PAGE = 1000
_HOUR_MS = 3_600_000
_SIDES = {"buy": 1, "sell": -1}

Rows = list[list[float]]
#: Asks for trades by what ccxt calls ``since`` and ``params``. Its ``limit`` would cut off first ones, a parameter does
#: not.
AskTrades = Callable[[int | None, dict[str, int]], Awaitable[Rows]]


def trade_row(trade: dict[str, Any]) -> list[float]:
    """Time, price, amount, side and id; raises what a malformed trade raises."""
    side = _SIDES.get(trade["side"], 0)
    return [trade["timestamp"] / 1000, float(trade["price"]), float(trade["amount"]), side, int(trade["id"])]


def funding_row(rate: dict[str, Any]) -> list[float]:
    """Time and rate; raises what a malformed rate raises."""
    return [rate["timestamp"] / 1000, float(rate["fundingRate"])]


async def find_first_trade(ask: AskTrades, start_time: float, end_time: float) -> int | None:
    """The id of the first trade of a span.

    Of a span with more trades than a page has, an exchange may tell the first or the last ones: the span is halved
    until it has fewer.
    """
    oldest = await ask(None, {"fromId": 0, "limit": 1})
    if not oldest or oldest[0][0] >= end_time:
        return None
    if oldest[0][0] >= start_time:
        return int(oldest[0][4])
    begin, stop, width = math.ceil(start_time * 1000), math.ceil(end_time * 1000), _HOUR_MS
    while begin < stop:
        until = min(begin + width, stop)
        rows = await ask(begin, {"until": until - 1, "limit": TRADES_PAGE})
        if not rows:
            begin, width = until, _HOUR_MS
        elif len(rows) < TRADES_PAGE or until - begin == 1:
            return int(min(row[4] for row in rows))
        else:
            width = (until - begin) // 2
    return None
