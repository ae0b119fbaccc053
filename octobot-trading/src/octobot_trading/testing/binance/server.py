# SPDX-License-Identifier: Apache-2.0
"""The server: what it knows, what it listens to, and what a test may do with it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from octobot_commons.clock import Clock
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.history import CandleSeries, FundingSeries, TradeSeries
from octobot_trading.testing.binance.account import TradingAccount
from octobot_trading.testing.binance.answers import FaultyAnswers, error
from octobot_trading.testing.binance.candles import KnownCandles
from octobot_trading.testing.binance.faults import Faults
from octobot_trading.testing.binance.keys import ApiKey
from octobot_trading.testing.binance.limits import OrderCounts, RequestWeights, weight_of
from octobot_trading.testing.binance.market_routes import MarketRoutes
from octobot_trading.testing.binance.markets import usual_market
from octobot_trading.testing.binance.parameters import Refusal
from octobot_trading.testing.binance.public_operations import PublicOperations
from octobot_trading.testing.binance.records import KnownFunding, KnownTrades
from octobot_trading.testing.binance.rest import Rest, SocketRequests
from octobot_trading.testing.binance.sockets import Sockets
from octobot_trading.testing.binance.streams import Streams
from octobot_trading.testing.binance.trading_operations import TradingOperations
from octobot_trading.testing.binance.venue import USUAL_FEES, Venue
from octobot_trading.testing.binance.wallet_operations import WalletOperations
from octobot_trading.testing.loopback import LOOPBACK, LocalAuthority


class BinanceServer:
    """Binance on 127.0.0.1; an async context manager.

    Attributes:
        venue: markets and accounts, and what is traded: ``venue.trade``, ``venue.book``, ``venue.candle``.
        faults: what is to go wrong.
        streams: who listens, and whether anything comes.
        requests: how many requests there were, by the last part of their path.
        url: where it is asked without TLS.

    Args:
        series: the candles that the exchange knows.
        clock: tells the exchange's time; the candle that covers it is in construction.
        weight_limit: how much weight a minute's requests may have.
        trades: what was traded, with ids that grow.
        funding: the rates of perpetual contracts.
        markets: the pairs that accounts can trade, beside those of the candles and trades.
        authority: whose certificate it speaks TLS with; None: it does not.
    """

    def __init__(
        self,
        series: Iterable[CandleSeries],
        clock: Clock,
        weight_limit: int = 6000,
        trades: Iterable[TradeSeries] = (),
        funding: Iterable[FundingSeries] = (),
        *,
        markets: Iterable[Market] = (),
        authority: LocalAuthority | None = None,
    ) -> None:
        known = KnownCandles(series), KnownTrades(trades), KnownFunding(funding)
        pairs = {name: usual_market(*pair) for name, pair in (known[0].pairs | known[1].pairs).items()}
        pairs |= {market.base + market.quote: market for market in markets}
        self.authority = authority
        self.tls_port = 0
        self.url = ""
        self.faults = Faults()
        self.weights = RequestWeights(clock.now, weight_limit)
        self.order_counts = OrderCounts(clock.now)
        self.requests: Counter[str] = Counter()
        self.venue = Venue(pairs.values(), clock, lambda: self.streams)
        self.streams = Streams(self.faults, self.venue.now_ms)
        self._answers = FaultyAnswers()
        self._market_routes = MarketRoutes(known, self.venue, self.weights, self.faults, self._answers)
        self._runner: web.AppRunner | None = None

    @property
    def starts(self) -> list[int | None]:
        """The start times of the requests for klines and funding rates, in milliseconds."""
        return self._market_routes.starts

    @property
    def held(self) -> threading.Event:
        """Set once a request is not answered, which threads can wait for."""
        return self._answers.held

    def release(self) -> None:
        """Answer the requests that were not answered yet."""
        self._answers.release()

    def add_account(
        self, key: ApiKey, funds: Mapping[str, Decimal | int | str], fee_model: FeeModel = USUAL_FEES
    ) -> TradingAccount:
        """Open an account with these funds."""
        return self.venue.add_account(key, {asset: Decimal(amount) for asset, amount in funds.items()}, fee_model)

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._counted])
        self._market_routes.add_routes(app.router)
        wallet = WalletOperations(self.venue, self.order_counts)
        operations = dict(PublicOperations(self.venue).table()) | dict(wallet.table())
        operations |= TradingOperations(self.venue).table()
        Rest(self.venue, operations, self.faults, self._answers, self.order_counts).add_routes(app.router)
        requests = SocketRequests(self.venue, operations)
        Sockets(self.streams, wallet, requests, self.weights).add_routes(app.router)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, 0).start()
        self.url = f"http://{LOOPBACK}:{self._runner.addresses[0][1]}"
        if self.authority is not None:
            await web.TCPSite(self._runner, LOOPBACK, 0, ssl_context=self.authority.server_context).start()
            self.tls_port = self._runner.addresses[1][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
        self.streams.close_all()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _counted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests[request.path.rpartition("/")[2]] += 1
        refused = self._taken(request)
        response: web.StreamResponse
        if refused is not None:
            status, seconds = refused
            headers = {"Retry-After": str(int(seconds) + 1)}
            response = error(-1003, "Too much request weight used.", status, headers)
        else:
            try:
                response = await handler(request)
            except Refusal as refusal:
                response = web.json_response(refusal.body, status=refusal.status)
        if not response.prepared:
            response.headers["X-MBX-USED-WEIGHT-1M"] = str(self.weights.used)
        return response

    def _taken(self, request: web.Request) -> tuple[int, float] | None:
        """Count a request's weight; futures and sockets have limits of their own, which nothing here comes near to."""
        if not request.path.startswith(("/api/", "/sapi/")):
            return None
        query = request.query
        weight = weight_of(request.method, request.path, "symbol" in query, query.get("limit", ""))
        return self.weights.take(weight)
