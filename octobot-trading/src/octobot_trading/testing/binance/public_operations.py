# SPDX-License-Identifier: Apache-2.0
"""What everybody may ask of the live market."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.testing.binance import market_answers, texts
from octobot_trading.testing.binance.operations import Call, Operation, Operations
from octobot_trading.testing.binance.tape import MarketTape
from octobot_trading.testing.binance.venue import Venue

_MOST_LEVELS, _USUAL_LEVELS = 5000, 100
_MOST_TRADES, _USUAL_TRADES = 1000, 500


class PublicOperations:
    """Order books, trades and tickers."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def table(self) -> Operations:
        """By method and path."""
        return {
            "GET /api/v3/depth": Operation(self.depth),
            "GET /api/v3/trades": Operation(self.trades),
            "GET /api/v3/historicalTrades": Operation(self.trades),
            "GET /api/v3/avgPrice": Operation(self.average_price),
            "GET /api/v3/ticker/24hr": Operation(self.day_tickers),
            "GET /api/v3/ticker/price": Operation(self.price_tickers),
            "GET /api/v3/ticker/bookTicker": Operation(self.book_tickers),
        }

    async def depth(self, call: Call) -> Any:
        """The order book."""
        tape = self._venue.tape(call.parameters)
        return market_answers.depth(tape, min(_MOST_LEVELS, call.parameters.integer("limit") or _USUAL_LEVELS))

    async def trades(self, call: Call) -> Any:
        """The newest trades, or those from an id on, oldest first."""
        tape = self._venue.tape(call.parameters)
        limit = min(_MOST_TRADES, call.parameters.integer("limit") or _USUAL_TRADES)
        from_id = call.parameters.integer("fromId")
        rows = [market_answers.trade(one) for one in tape.trades if from_id is None or one.number >= from_id]
        return rows[-limit:] if from_id is None else rows[:limit]

    async def average_price(self, call: Call) -> Any:
        """Of the last five minutes."""
        tape, now = self._venue.tape(call.parameters), self._venue.now_ms()
        recent = [one for one in tape.trades if one.time_ms > now - 300_000] or list(tape.trades)[-1:]
        volume = sum((one.quantity for one in recent), ZERO)
        mean = WIDE.divide(sum((one.cost for one in recent), ZERO), volume) if volume else ZERO
        return {"mins": 5, "price": texts.amount(mean), "closeTime": recent[-1].time_ms if recent else now}

    async def day_tickers(self, call: Call) -> Any:
        """Of one pair or of all."""
        return self._rows(call, lambda tape: market_answers.day_ticker(tape, self._venue.now_ms()))

    async def price_tickers(self, call: Call) -> Any:
        """Of one pair or of all."""
        return self._rows(call, market_answers.price_ticker)

    async def book_tickers(self, call: Call) -> Any:
        """Of one pair or of all."""
        return self._rows(call, market_answers.book_ticker)

    def _rows(self, call: Call, row: Callable[[MarketTape], Any]) -> Any:
        if "symbol" in call.parameters:
            return row(self._venue.tape(call.parameters))
        listed = call.parameters.optional("symbols")
        names = [name.strip(' "[]') for name in listed.split(",")] if listed else list(self._venue.tapes)
        return [row(self._venue.tape_named(name)) for name in names]
