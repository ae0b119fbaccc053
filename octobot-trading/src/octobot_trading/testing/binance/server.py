# SPDX-License-Identifier: Apache-2.0
"""The server: routes, parameters and error bodies as Binance has them."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from octobot_commons.clock import Clock
from octobot_trading.history import CandleSeries, FundingSeries, TradeSeries
from octobot_trading.testing.binance import candles, records
from octobot_trading.testing.binance.answers import FaultyAnswers, error
from octobot_trading.testing.binance.faults import Fault
from octobot_trading.testing.binance.limits import RequestWeights
from octobot_trading.testing.binance.markets import exchange_info, perpetual_market, spot_market

_INTERVALS = ("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M")
_WEIGHTS = {"exchangeInfo": 20, "klines": 2, "aggTrades": 4, "time": 1, "ping": 1}


class BinanceServer:
    """Serves market data on 127.0.0.1; an async context manager.

    Args:
        series: the candles that the exchange knows.
        clock: tells the exchange's time; the candle that covers it is in construction.
        weight_limit: how much weight a minute's requests may have.
        trades: what was traded, with ids that grow.
        funding: the rates of perpetual contracts.
    """

    def __init__(
        self,
        series: Iterable[CandleSeries],
        clock: Clock,
        weight_limit: int = 6000,
        trades: Iterable[TradeSeries] = (),
        funding: Iterable[FundingSeries] = (),
    ) -> None:
        self._candles = candles.KnownCandles(series)
        self._trades = records.KnownTrades(trades)
        self._funding = records.KnownFunding(funding)
        self._pairs = self._candles.pairs | self._trades.pairs
        self._clock = clock
        self.weights = RequestWeights(clock.now, weight_limit)
        #: What the next requests for data meet with, one after another; None stands for a good answer.
        self.faults: deque[Fault | None] = deque()
        #: Requests by the last part of their path.
        self.requests: Counter[str] = Counter()
        #: The start times of the requests for klines and funding rates, in milliseconds.
        self.starts: list[int | None] = []
        self._answers = FaultyAnswers()
        self._runner: web.AppRunner | None = None
        self.url = ""

    @property
    def held(self) -> threading.Event:
        """Set once a request is not answered, which threads can wait for."""
        return self._answers.held

    def release(self) -> None:
        """Answer the requests that were not answered yet."""
        self._answers.release()

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._counted])
        for version in ("api/v3", "fapi/v1", "dapi/v1"):
            app.router.add_get(f"/{version}/exchangeInfo", self._exchange_info)
            app.router.add_get(f"/{version}/time", self._time)
            app.router.add_get(f"/{version}/ping", self._ping)
        app.router.add_get("/api/v3/klines", self._klines)
        app.router.add_get("/api/v3/aggTrades", self._aggregated_trades)
        app.router.add_get("/fapi/v1/fundingRate", self._funding_rates)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _counted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        name = request.path.rpartition("/")[2]
        self.requests[name] += 1
        # Futures have limits of their own, which nothing here comes near to.
        refused = self.weights.take(_WEIGHTS.get(name, 1)) if request.path.startswith("/api/") else None
        response: web.StreamResponse
        if refused is not None:
            status, seconds = refused
            headers = {"Retry-After": str(int(seconds) + 1)}
            response = error(-1003, "Too much request weight used.", status, headers)
        else:
            response = await handler(request)
        if not response.prepared:
            response.headers["X-MBX-USED-WEIGHT-1M"] = str(self.weights.used)
        return response

    async def _ping(self, request: web.Request) -> web.Response:
        return web.json_response({})

    async def _time(self, request: web.Request) -> web.Response:
        return web.json_response({"serverTime": round(self._clock.now() * 1000)})

    async def _exchange_info(self, request: web.Request) -> web.Response:
        symbols: list[dict[str, Any]] = []
        if request.path.startswith("/api/"):
            symbols = [spot_market(name, *pair) for name, pair in self._pairs.items()]
        elif request.path.startswith("/fapi/"):
            symbols = [perpetual_market(name, *pair) for name, pair in self._funding.pairs.items()]
        return web.json_response(exchange_info(symbols, self._clock.now(), self.weights.limit))

    async def _klines(self, request: web.Request) -> web.StreamResponse:
        refused = _missing(request, "symbol", "interval") or _unknown(request, self._pairs)
        if refused is not None:
            return refused
        if request.query["interval"] not in _INTERVALS:
            return error(-1120, "Invalid interval.")
        try:
            start, end, limit = _numbers(request, "startTime", "endTime", "limit")
        except ValueError:
            return _illegal()
        self.starts.append(start)
        fault = self.faults.popleft() if self.faults else None
        if fault is Fault.OVERLAPPING and start is not None:
            start -= 3 * 60_000
        limit = min(candles.MOST_KLINES, limit or candles.USUAL_KLINES)
        rows = self._candles.klines(
            request.query["symbol"], request.query["interval"], start, end, limit, self._clock.now()
        )
        return await self._answers.answer(request, rows, fault)

    async def _aggregated_trades(self, request: web.Request) -> web.StreamResponse:
        refused = _missing(request, "symbol") or _unknown(request, self._pairs)
        if refused is not None:
            return refused
        try:
            from_id, start, end, limit = _numbers(request, "fromId", "startTime", "endTime", "limit")
        except ValueError:
            return _illegal()
        if from_id is not None and (start is not None or end is not None):
            return error(-1128, "Combination of optional parameters invalid.")
        fault = self.faults.popleft() if self.faults else None
        limit = min(records.MOST_TRADES, limit or records.USUAL_TRADES)
        rows = self._trades.aggregated(request.query["symbol"], from_id, start, end, limit, self._clock.now())
        return await self._answers.answer(request, rows, fault)

    async def _funding_rates(self, request: web.Request) -> web.StreamResponse:
        refused = _missing(request, "symbol") or _unknown(request, self._funding.pairs)
        if refused is not None:
            return refused
        try:
            start, end, limit = _numbers(request, "startTime", "endTime", "limit")
        except ValueError:
            return _illegal()
        self.starts.append(start)
        fault = self.faults.popleft() if self.faults else None
        limit = min(records.MOST_FUNDING, limit or records.USUAL_FUNDING)
        rows = self._funding.rates(request.query["symbol"], start, end, limit, self._clock.now())
        return await self._answers.answer(request, rows, fault)


def _missing(request: web.Request, *names: str) -> web.Response | None:
    for name in names:
        if name not in request.query:
            return error(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
    return None


def _unknown(request: web.Request, pairs: dict[str, tuple[str, str]]) -> web.Response | None:
    return None if request.query["symbol"] in pairs else error(-1121, "Invalid symbol.")


def _illegal() -> web.Response:
    return error(-1100, "Illegal characters found in a parameter.")


def _numbers(request: web.Request, *names: str) -> list[int | None]:
    return [int(request.query[name]) if name in request.query else None for name in names]
