# SPDX-License-Identifier: Apache-2.0
"""Lists of markets, recorded candles, trades and funding rates: what needs no key, on the spot and futures markets.

What was recorded is answered where there is some, then what the test has traded since.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from octobot_trading.testing.binance import candles, market_answers, records
from octobot_trading.testing.binance.answers import FaultyAnswers
from octobot_trading.testing.binance.faults import Fault, Faults
from octobot_trading.testing.binance.limits import RequestWeights
from octobot_trading.testing.binance.markets import exchange_info, perpetual_market, spot_market
from octobot_trading.testing.binance.parameters import Parameters, Refusal
from octobot_trading.testing.binance.venue import Venue

_INTERVALS = ("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M")


class MarketRoutes:
    """Handlers; ``starts`` are the start times of the requests for klines and funding rates, in milliseconds."""

    def __init__(
        self,
        known: tuple[candles.KnownCandles, records.KnownTrades, records.KnownFunding],
        venue: Venue,
        weights: RequestWeights,
        faults: Faults,
        answers: FaultyAnswers,
    ) -> None:
        self.starts: list[int | None] = []
        self._candles, self._trades, self._funding = known
        self._venue = venue
        self._weights = weights
        self._faults = faults
        self._answers = answers

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Those of all three interfaces."""
        for version in ("api/v3", "fapi/v1", "dapi/v1"):
            router.add_get(f"/{version}/exchangeInfo", self._exchange_info)
            router.add_get(f"/{version}/time", self._time)
            router.add_get(f"/{version}/ping", self._ping)
        router.add_get("/api/v3/klines", self._klines)
        router.add_get("/api/v3/aggTrades", self._aggregated_trades)
        router.add_get("/fapi/v1/fundingRate", self._funding_rates)

    async def _ping(self, request: web.Request) -> web.Response:
        return web.json_response({})

    async def _time(self, request: web.Request) -> web.Response:
        return web.json_response({"serverTime": self._venue.now_ms()})

    async def _exchange_info(self, request: web.Request) -> web.Response:
        symbols: list[dict[str, Any]] = []
        if request.path.startswith("/api/"):
            most = self._venue.max_orders
            symbols = [spot_market(name, tape.market, most) for name, tape in self._venue.tapes.items()]
        elif request.path.startswith("/fapi/"):
            symbols = [perpetual_market(name, *pair) for name, pair in self._funding.pairs.items()]
        return web.json_response(exchange_info(symbols, self._venue.now(), self._weights.limit))

    async def _klines(self, request: web.Request) -> web.StreamResponse:
        asked = Parameters(request.query)
        symbol, interval = asked.text("symbol"), asked.text("interval")
        tape = self._venue.tape(asked)
        if interval not in _INTERVALS:
            raise Refusal(-1120, "Invalid interval.")
        start, end, limit = _numbers(asked, "startTime", "endTime", "limit")
        self.starts.append(start)
        fault = self._fault()
        if fault is Fault.OVERLAPPING and start is not None:
            start -= 3 * 60_000
        limit = min(candles.MOST_KLINES, limit or candles.USUAL_KLINES)
        rows = self._candles.klines(symbol, interval, start, end, limit, self._venue.now())
        if not rows and tape.trades and interval != "1s":
            known = market_answers.candles(tape, interval).items()
            rows = [market_answers.kline(begin, one, interval) for begin, one in known if _is_within(begin, start, end)]
            rows = rows[-limit:] if start is None else rows[:limit]
        return await self._answers.answer(request, rows, fault)

    async def _aggregated_trades(self, request: web.Request) -> web.StreamResponse:
        asked = Parameters(request.query)
        tape = self._venue.tape(asked)
        from_id, start, end, limit = _numbers(asked, "fromId", "startTime", "endTime", "limit")
        if from_id is not None and (start is not None or end is not None):
            raise Refusal(-1128, "Combination of optional parameters invalid.")
        fault = self._fault()
        limit = min(records.MOST_TRADES, limit or records.USUAL_TRADES)
        rows = self._trades.aggregated(tape.name, from_id, start, end, limit, self._venue.now())
        if not rows and tape.trades:
            traded = [one for one in tape.trades if from_id is None or one.number >= from_id]
            rows = [market_answers.aggregated_trade(one) for one in traded if _is_within(one.time_ms, start, end)]
            rows = rows[-limit:] if start is None and from_id is None else rows[:limit]
        return await self._answers.answer(request, rows, fault)

    async def _funding_rates(self, request: web.Request) -> web.StreamResponse:
        asked = Parameters(request.query)
        if asked.text("symbol") not in self._funding.pairs:
            raise Refusal(-1121, "Invalid symbol.")
        start, end, limit = _numbers(asked, "startTime", "endTime", "limit")
        self.starts.append(start)
        fault = self._fault()
        limit = min(records.MOST_FUNDING, limit or records.USUAL_FUNDING)
        rows = self._funding.rates(asked.text("symbol"), start, end, limit, self._venue.now())
        return await self._answers.answer(request, rows, fault)

    def _fault(self) -> Fault | None:
        return self._faults.popleft() if self._faults else None


def _numbers(asked: Parameters, *names: str) -> list[int | None]:
    return [asked.integer(name) for name in names]


def _is_within(time_ms: int, start: int | None, end: int | None) -> bool:
    return (start is None or time_ms >= start) and (end is None or time_ms <= end)
