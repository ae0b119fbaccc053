# SPDX-License-Identifier: Apache-2.0
"""Candles, funding rates and trades of the exchanges that ccxt knows.

ccxt is imported when a collector is asked for its exchanges or made, as that takes most of a second.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, did_you_mean
from octobot_tentacles.collectors.ccxt_records import (
    EXCHANGES_WITH_TRADE_IDS,
    TRADES_PAGE,
    find_first_trade,
    funding_row,
    trade_row,
)
from octobot_trading.collecting import AbstractRecordCollector, CollectorOptions
from octobot_trading.errors import TemporaryFault
from octobot_trading.exchanges.ccxt.answers import Answer, keep_answers, kept_answer
from octobot_trading.exchanges.ccxt.connection import import_ccxt
from octobot_trading.exchanges.ccxt.errors import error_of_reading
from octobot_trading.history.kinds import FUNDING, RecordKind

Result = TypeVar("Result")
#: Where ccxt does not say how much an exchange gives at once, and the most that is asked for.
_USUAL_PAGE, _MOST = 500, 1000
_USUAL_FUNDING_PAGE = 100
_CANDLE_CELLS = 6


class CCXTCollector(AbstractRecordCollector):
    """One exchange through ccxt, which keeps its requests within what the exchange allows.

    ``options.extra`` goes to ccxt's exchange as it is.
    """

    def __init__(self, exchange_name: str, options: CollectorOptions | None = None) -> None:
        super().__init__(exchange_name, options)
        self._ccxt = import_ccxt()
        if exchange_name not in self._ccxt.exchanges:
            remedy = did_you_mean(exchange_name, self._ccxt.exchanges, "see the list of exchanges of ccxt")
            raise DataError(f"ccxt knows no exchange {exchange_name!r}", field="exchange", remedy=remedy)
        settings = {"enableRateLimit": True, "timeout": self.options.timeout_seconds * 1000, **self.options.extra}
        self._exchange = getattr(self._ccxt, exchange_name)(settings)
        keep_answers(self._exchange)
        if self.options.api_url is not None:
            self._exchange.urls["api"] = _moved(self._exchange.urls["api"], self.options.api_url)
        if not self._exchange.has.get("fetchOHLCV"):
            raise DataError(f"{exchange_name} gives no history of candles", field="exchange", remedy="choose another")

    @classmethod
    def get_exchange_names(cls) -> Sequence[str]:
        names: Sequence[str] = import_ccxt().exchanges
        return names

    def page_candles(self, symbol: str) -> int:
        limit = self._exchange.feature_value(symbol, "fetchOHLCV", "limit")
        return min(int(limit or _USUAL_PAGE), _MOST)

    async def open(self) -> None:
        await self._ask(self._exchange.load_markets)

    async def close(self) -> None:
        await self._exchange.close()

    def check(self, symbol: str, time_frame: TimeFrames) -> None:
        self._check_symbol(symbol)
        known = self._exchange.timeframes or {}
        if time_frame.value not in known:
            remedy = f"it gives {', '.join(known)}; longer ones can be derived with `octobot data resample`"
            raise DataError(
                f"{self.exchange_name} gives no candles of {time_frame.value}", field="time_frame", remedy=remedy
            )

    def check_records(self, symbol: str, kind: RecordKind) -> None:
        self._check_symbol(symbol)
        if kind is FUNDING and not (
            self._exchange.has.get("fetchFundingRateHistory") and self._exchange.markets[symbol].get("swap")
        ):
            remedy = "choose a perpetual contract, like BTC/USDT:USDT"
            raise DataError(f"{self.exchange_name} gives no funding rates of {symbol}", field="symbol", remedy=remedy)
        if kind is not FUNDING and self.exchange_name not in EXCHANGES_WITH_TRADE_IDS:
            remedy = f"collect them from one of these: {', '.join(EXCHANGES_WITH_TRADE_IDS)}"
            raise DataError(f"{self.exchange_name} does not give trades by id", field="exchange", remedy=remedy)

    def _check_symbol(self, symbol: str) -> None:
        if symbol not in self._exchange.markets:
            remedy = did_you_mean(symbol, self._exchange.markets, "write it as BTC/USDT, or BTC/USDT:USDT for a future")
            raise DataError(f"{self.exchange_name} has no {symbol}", field="symbol", remedy=remedy)

    def page_records(self, symbol: str, kind: RecordKind) -> int:
        if kind is not FUNDING:
            return TRADES_PAGE
        limit = self._exchange.feature_value(symbol, "fetchFundingRateHistory", "limit")
        return min(int(limit or _USUAL_FUNDING_PAGE), _MOST)

    async def fetch_time(self) -> float:
        if not self._exchange.has.get("fetchTime"):
            return float(self._exchange.milliseconds()) / 1000
        return float(await self._ask(self._exchange.fetch_time)) / 1000

    async def fetch_candles(
        self, symbol: str, time_frame: TimeFrames, start_time: float, limit: int
    ) -> list[list[float]]:
        since = round(start_time * 1000)
        return await self._rows(
            lambda: self._exchange.fetch_ohlcv(symbol, time_frame.value, since, limit),
            lambda row: [row[0] / 1000, *row[1:_CANDLE_CELLS]],
        )

    async def fetch_funding(self, symbol: str, start_time: float, limit: int) -> list[list[float]]:
        since = math.ceil(start_time * 1000)
        return await self._rows(lambda: self._exchange.fetch_funding_rate_history(symbol, since, limit), funding_row)

    async def find_trade(self, symbol: str, start_time: float, end_time: float) -> int | None:
        return await find_first_trade(partial(self._trades, symbol), start_time, end_time)

    async def fetch_trades(self, symbol: str, first_id: int, limit: int) -> list[list[float]]:
        return await self._trades(symbol, None, {"fromId": first_id, "limit": limit})

    async def _trades(self, symbol: str, since: int | None, params: dict[str, int]) -> list[list[float]]:
        return await self._rows(lambda: self._exchange.fetch_trades(symbol, since, None, params), trade_row)

    async def _rows(
        self, request: Callable[[], Awaitable[list[Any]]], row_of: Callable[[Any], list[float]]
    ) -> list[list[float]]:
        found, answer = await self._ask_and_keep(request)
        if not found and not answer.is_json:
            # ccxt takes an answer that is no JSON, cut off on its way, for one without rows.
            raise TemporaryFault(f"{self.exchange_name} answered no JSON")
        try:
            return [row_of(one) for one in found]
        except (TypeError, ValueError, KeyError, IndexError) as error:
            raise TemporaryFault(f"{self.exchange_name} answered no list of rows") from error

    async def _ask(self, request: Callable[[], Awaitable[Result]]) -> Result:
        return (await self._ask_and_keep(request))[0]

    async def _ask_and_keep(self, request: Callable[[], Awaitable[Result]]) -> tuple[Result, Answer]:
        self.requests += 1
        with kept_answer() as answer:
            try:
                return await request(), answer
            except (self._ccxt.BaseError, TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
                raise error_of_reading(error, answer) from error


def _moved(urls: Any, api_url: str) -> Any:
    """ccxt's tree of addresses with another scheme, host and port, the paths as they are."""
    if isinstance(urls, Mapping):
        return {name: _moved(one, api_url) for name, one in urls.items()}
    if not isinstance(urls, str):
        return urls
    place = urlsplit(api_url)
    return urlunsplit(urlsplit(urls)._replace(scheme=place.scheme, netloc=place.netloc))
