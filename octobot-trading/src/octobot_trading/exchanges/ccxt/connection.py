# SPDX-License-Identifier: Apache-2.0
"""The line to one exchange of ccxt: its markets, its clock, its budget of requests, its errors as ours.

Nothing else calls ccxt's coroutines. They set rounding and traps of the Decimal context in which they run, so each runs
in one of its own.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Awaitable, Callable, Iterable
from decimal import localcontext
from typing import Any, Final

from octobot_commons.clock import Clock
from octobot_commons.errors import DataError, EnvironmentFault, OctoBotError, did_you_mean
from octobot_commons.logging import get_logger
from octobot_trading.exchanges.ccxt.answers import Answer, keep_answers, kept_answer
from octobot_trading.exchanges.ccxt.differences import differences_of
from octobot_trading.exchanges.ccxt.errors import error_of_order, error_of_reading
from octobot_trading.exchanges.ccxt.markets_file import MarketsFile
from octobot_trading.exchanges.ccxt.settings import ConnectionSettings
from octobot_trading.exchanges.request_budget import Lane, Meter, RequestBudget, in_lane

#: The part of a window's requests that may be used at once. What refills meanwhile comes on top.
_BURST_PART: Final = 1 / 6
#: How long nothing is asked of an exchange that refuses requests and does not say for how long.
_PAUSE_SECONDS: Final = 10.0
_TOO_MANY: Final = (418, 429)
#: A clock that is further off is worth a warning: tokens and orders of others may be refused for it.
_NOTABLE_SKEW_SECONDS: Final = 1.0
#: A dead peer is noticed after so long without an answer to a ping.
_KEEP_ALIVE_MS: Final = 10_000


class CcxtConnection:
    """One account on one exchange, or its public data alone.

    Attributes:
        api: ccxt's exchange, once it is open.
        skew_seconds: by how much the exchange's clock is ahead of ours.
    """

    def __init__(self, settings: ConnectionSettings, clock: Clock, meter: Meter | None = None) -> None:
        self.settings = settings
        self.clock = clock
        self.differences = differences_of(settings.exchange_name)
        self.api: Any = None
        self.skew_seconds = 0.0
        self._meter = meter
        self._session: Any = None
        self._logger = get_logger(f"{type(self).__name__}[{settings.exchange_name}]")

    async def open(self, symbols: Iterable[str]) -> None:
        """Import ccxt, read the markets and the exchange's clock.

        Raises:
            DataError: ccxt does not know the exchange, or the exchange one of the symbols.
            EnvironmentFault: ccxt is not installed, or the exchange cannot be reached.
        """
        self.api = self._make_api(await asyncio.to_thread(import_ccxt, self.settings.streams))
        wanted = list(symbols)
        try:
            await self._load_markets(wanted)
            for symbol in wanted:
                self._check(symbol)
            if self.api.has.get("fetchTime"):
                await self.measure_skew()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every connection. Closing twice does nothing more."""
        api, self.api = self.api, None
        if api is not None:
            await api.close()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def has(self, method: str) -> bool:
        """Whether the exchange has one of ccxt's methods, by its name there: ``watchOrders``."""
        return bool(self.api.has.get(method))

    def feature(self, symbol: str, method: str = "createOrder") -> Callable[[str], Any]:
        """What ccxt says of the parts of a method that the exchange has for a symbol."""
        return lambda name: self.api.feature_value(symbol, method, name)

    async def read(self, method: str, *args: Any, lane: Lane = Lane.DATA) -> Any:
        """What a method of ccxt's answers that changes nothing.

        Raises:
            TemporaryFault: the same request may succeed later.
            OctoBotError: see ``error_of_reading``.
        """
        return await self._ask(method, args, lane, error_of_reading)

    async def change(self, method: str, *args: Any, lane: Lane) -> Any:
        """The same of one that creates, changes or cancels an order.

        Raises:
            OutcomeUnknown: it may have been done or not.
            OctoBotError: see ``error_of_order``.
        """
        return await self._ask(method, args, lane, error_of_order)

    async def watch(self, method: str, *args: Any) -> Any:
        """The next message of a stream.

        Raises:
            TemporaryFault: the stream has ended, or cannot be had now.
            OctoBotError: see ``error_of_reading``.
        """
        with localcontext():
            try:
                return await getattr(self.api, method)(*args)
            except Exception as error:
                raise error_of_reading(error) from error

    def exchange_time(self) -> float:
        """What the exchange's clock says now, in Unix seconds."""
        return self.clock.now() + self.skew_seconds

    async def measure_skew(self) -> None:
        """Ask the exchange for its time; what is on its way counts half."""
        asked = self.clock.now()
        told = float(await self.read("fetch_time", lane=Lane.CANCEL)) / 1000
        answered = self.clock.now()
        self.skew_seconds = told - (asked + answered) / 2
        if abs(self.skew_seconds) > _NOTABLE_SKEW_SECONDS:
            self._logger.warning(
                "the clock of this machine differs by %.1f s from the exchange's, which is made up for: set it right",
                self.skew_seconds,
            )

    async def _ask(
        self,
        method: str,
        args: tuple[Any, ...],
        lane: Lane,
        our_error: Callable[[Exception, Answer], OctoBotError],
        is_repeated: bool = False,
    ) -> Any:
        with in_lane(lane), kept_answer() as answer, localcontext():
            call: Callable[..., Awaitable[Any]] = getattr(self.api, method)
            try:
                result = await call(*args)
            except Exception as error:
                if answer.status in _TOO_MANY:
                    self.budget.pause(answer.retry_after_seconds or _PAUSE_SECONDS)
                if type(error).__name__ != "InvalidNonce" or is_repeated or method == "fetch_time":
                    raise our_error(error, answer) from error
            else:
                if answer.status is not None and not answer.is_json:
                    # ccxt takes an answer that was cut off on its way for a text, and makes of it what it can.
                    raise our_error(ValueError(f"{self.settings.exchange_name} answered no JSON"), answer)
                return result
        # The exchange has not looked at it, as it takes its time for wrong.
        await self.measure_skew()
        return await self._ask(method, args, lane, our_error, is_repeated=True)

    def _make_api(self, ccxt: Any) -> Any:
        settings, name = self.settings, self.settings.exchange_name
        if name not in ccxt.exchanges and settings.streams:
            ccxt = import_ccxt()  # an exchange without streams
        if name not in ccxt.exchanges:
            remedy = did_you_mean(name, ccxt.exchanges, "see the list of exchanges of ccxt")
            raise DataError(f"ccxt knows no exchange {name!r}", field="exchange", remedy=remedy)
        options = {"defaultType": settings.market_type, **self.differences.options, **settings.options}
        if name == "binance":
            options["fetchMarkets"] = {"types": [settings.market_type]}
        config: dict[str, Any] = {
            "timeout": settings.timeout_seconds * 1000,
            "enableRateLimit": True,
            "options": options,
            "streaming": {"keepAlive": _KEEP_ALIVE_MS},
            **self._keys(),
            **_proxies(settings.proxy),
        }
        if settings.make_session is not None:
            config["session"] = self._session = settings.make_session()
        api = getattr(ccxt, name)(config)
        # With Decimals ccxt loses fees; texts it hands out as the exchange sent them.
        api.number = str
        keep_answers(api)
        # Its own limiter gives no credit for idle time and knows of no urgency. The costs are ccxt's.
        window = self.differences.rate_window_seconds
        units_per_second = 1000 / api.rateLimit / (1 + _BURST_PART)
        self.budget = RequestBudget(self.clock, units_per_second, window * _BURST_PART, self._meter)
        api.throttle = lambda cost=None: self.budget.take(1.0 if cost is None else float(cost))
        api.milliseconds = lambda: round(self.exchange_time() * 1000)
        api.microseconds = lambda: round(self.exchange_time() * 1_000_000)
        api.seconds = lambda: int(self.exchange_time())
        if settings.sandbox:
            if not api.urls.get("test"):
                remedy = "leave sandbox out, and try on paper"
                raise DataError(f"{name} has no test network", field="sandbox", remedy=remedy)
            api.set_sandbox_mode(True)
        return api

    def _keys(self) -> dict[str, Any]:
        keys = self.settings.credentials
        if keys is None:
            return {}
        named = {"apiKey": keys.api_key, "secret": keys.secret, "password": keys.password, "uid": keys.uid}
        return {name: value.reveal() for name, value in named.items() if value is not None}

    async def _load_markets(self, symbols: list[str]) -> None:
        settings = self.settings
        if settings.cache_folder is None:
            await self.read("load_markets")
            return
        kind = "-sandbox" if settings.sandbox else ""
        file = MarketsFile(
            settings.cache_folder,
            f"{settings.exchange_name}-{settings.market_type}{kind}",
            sys.modules["ccxt"].__version__,
        )
        known = await asyncio.to_thread(file.read, symbols, self.clock.now())
        if known is not None:
            await asyncio.to_thread(self._take_markets, *known)
            return
        await self.read("load_markets")
        await asyncio.to_thread(file.write, self.api.markets.values(), self.api.currencies, self.clock.now())

    def _take_markets(self, markets: list[Any], currencies: dict[str, Any]) -> None:
        with localcontext():
            self.api.set_markets(markets, currencies)

    def _check(self, symbol: str) -> None:
        if symbol not in self.api.markets:
            remedy = did_you_mean(symbol, self.api.markets, "write it as BTC/USDT, or BTC/USDT:USDT for a future")
            raise DataError(f"{self.settings.exchange_name} has no {symbol}", field="symbol", remedy=remedy)


def import_ccxt(streams: bool = False) -> Any:
    """ccxt's exchanges for asyncio, with streams or without.

    Raises:
        EnvironmentFault: it is not installed.
    """
    try:
        return importlib.import_module("ccxt.pro" if streams else "ccxt.async_support")
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] != "ccxt":
            raise
        remedy = "pip install 'octobot-trading[ccxt]'"
        raise EnvironmentFault("ccxt is not installed, which connects to exchanges", remedy=remedy) from error


def _proxies(proxy: str | None) -> dict[str, str]:
    if proxy is None:
        return {}
    if proxy.startswith("socks"):
        return {"socksProxy": proxy, "wsSocksProxy": proxy}
    return {"httpsProxy": proxy, "wssProxy": proxy}
