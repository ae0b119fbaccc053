# SPDX-License-Identifier: Apache-2.0
"""The server: routes, parameters and error bodies as Binance has them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter, deque
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from octobot_commons.clock import Clock
from octobot_trading.history import CandleSeries
from octobot_trading.testing.binance.candles import MOST_KLINES, USUAL_KLINES, KnownCandles
from octobot_trading.testing.binance.faults import Fault
from octobot_trading.testing.binance.limits import RequestWeights

_INTERVALS = ("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M")
_WEIGHTS = {"exchangeInfo": 20, "klines": 2, "time": 1, "ping": 1}
_BUSY_SECONDS = 7


class BinanceServer:
    """Serves candles on 127.0.0.1; an async context manager.

    Args:
        series: what the exchange knows.
        clock: tells the exchange's time; the candle that covers it is in construction.
        weight_limit: how much weight a minute's requests may have.
    """

    def __init__(self, series: Iterable[CandleSeries], clock: Clock, weight_limit: int = 6000) -> None:
        self._candles = KnownCandles(series)
        self._clock = clock
        self.weights = RequestWeights(clock.now, weight_limit)
        #: What the next requests for klines meet with, one after another; None stands for a good answer.
        self.faults: deque[Fault | None] = deque()
        #: Requests by the last part of their path.
        self.requests: Counter[str] = Counter()
        #: The start times of the requests for klines, in milliseconds.
        self.starts: list[int | None] = []
        self._runner: web.AppRunner | None = None
        #: Set once a request is not answered, which threads can wait for.
        self.held = threading.Event()
        self._held: set[asyncio.Event] = set()
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._counted])
        for version in ("api/v3", "fapi/v1", "dapi/v1"):
            app.router.add_get(f"/{version}/exchangeInfo", self._exchange_info)
            app.router.add_get(f"/{version}/time", self._time)
            app.router.add_get(f"/{version}/ping", self._ping)
        app.router.add_get("/api/v3/klines", self._klines)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for held in self._held:
            held.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _counted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        name = request.path.rpartition("/")[2]
        self.requests[name] += 1
        # Futures have limits of their own, which nothing here comes near to.
        refused = self.weights.take(_WEIGHTS.get(name, 1)) if request.path.startswith("/api/") else None
        if refused is not None:
            status, seconds = refused
            return _error(-1003, "Too much request weight used.", status, {"Retry-After": str(int(seconds) + 1)})
        response: web.StreamResponse = await handler(request)
        if not response.prepared:
            response.headers["X-MBX-USED-WEIGHT-1M"] = str(self.weights.used)
        return response

    async def _ping(self, request: web.Request) -> web.Response:
        return web.json_response({})

    async def _time(self, request: web.Request) -> web.Response:
        return web.json_response({"serverTime": round(self._clock.now() * 1000)})

    async def _exchange_info(self, request: web.Request) -> web.Response:
        is_spot = request.path.startswith("/api/")
        pairs = self._candles.pairs.items() if is_spot else ()
        return web.json_response(
            {
                "timezone": "UTC",
                "serverTime": round(self._clock.now() * 1000),
                "rateLimits": [
                    {
                        "rateLimitType": "REQUEST_WEIGHT",
                        "interval": "MINUTE",
                        "intervalNum": 1,
                        "limit": self.weights.limit,
                    }
                ],
                "exchangeFilters": [],
                "symbols": [_symbol(name, base, quote) for name, (base, quote) in pairs],
            }
        )

    async def _klines(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        if "symbol" not in query or "interval" not in query:
            missing = "symbol" if "symbol" not in query else "interval"
            return _error(-1102, f"Mandatory parameter '{missing}' was not sent, was empty/null, or malformed.")
        if query["symbol"] not in self._candles.pairs:
            return _error(-1121, "Invalid symbol.")
        if query["interval"] not in _INTERVALS:
            return _error(-1120, "Invalid interval.")
        try:
            start, end = (int(query[name]) if name in query else None for name in ("startTime", "endTime"))
            limit = min(MOST_KLINES, int(query.get("limit", USUAL_KLINES)))
        except ValueError:
            return _error(-1100, "Illegal characters found in a parameter.")
        self.starts.append(start)
        fault = self.faults.popleft() if self.faults else None
        if fault is Fault.OVERLAPPING and start is not None:
            start -= 3 * 60_000
        rows = self._candles.klines(query["symbol"], query["interval"], start, end, limit, self._clock.now())
        return await self._answer(request, rows, fault)

    async def _answer(self, request: web.Request, rows: list[list[Any]], fault: Fault | None) -> web.StreamResponse:
        if fault is Fault.SHUFFLED:
            rows = rows[::2][::-1] + rows[1::2]
        elif fault is Fault.OVERLAPPING:
            rows = [*rows, *rows[-1:]]
        elif fault is Fault.SHORT:
            rows = rows[:3]
        elif fault is Fault.UNAVAILABLE:
            return web.Response(status=502, text="<html><body>502 Bad Gateway</body></html>", content_type="text/html")
        elif fault is Fault.BUSY:
            return _error(-1003, "Too many requests.", 429, {"Retry-After": str(_BUSY_SECONDS)})
        elif fault is Fault.TOO_MANY:
            return _error(-1003, "Too many requests; current limit of IP is 6000 requests per minute.")
        elif fault is Fault.SILENT:
            held = asyncio.Event()
            self._held.add(held)
            self.held.set()
            await held.wait()
        body = json.dumps(rows).encode()
        if fault is Fault.HALF_JSON:
            return web.Response(body=body[: len(body) // 2], content_type="application/json")
        if fault in (Fault.CLOSED, Fault.CUT):
            return await self._broken(request, body, fault)
        return web.Response(body=body, content_type="application/json")

    async def _broken(self, request: web.Request, body: bytes, fault: Fault) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(body)), "Content-Type": "application/json"})
        if fault is Fault.CUT:
            await response.prepare(request)
            await response.write(body[: len(body) // 2])
        assert request.transport is not None
        request.transport.close()
        return response


def _symbol(name: str, base: str, quote: str) -> dict[str, Any]:
    return {
        "symbol": name,
        "status": "TRADING",
        "baseAsset": base,
        "baseAssetPrecision": 8,
        "quoteAsset": quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": True,
        "ocoAllowed": True,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000.00", "tickSize": "0.01"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000.00", "stepSize": "0.00001"},
            {"filterType": "NOTIONAL", "minNotional": "5.00", "applyMinToMarket": True, "avgPriceMins": 5},
        ],
        "permissions": [],
        "permissionSets": [["SPOT"]],
    }


def _error(code: int, message: str, status: int = 400, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"code": code, "msg": message}, status=status, headers=headers)
