# SPDX-License-Identifier: Apache-2.0
"""What all ways of market data into an exchange share: routes by symbol, times, and feeds that lost their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from octobot_commons.errors import DataError
from octobot_commons.logging import get_logger
from octobot_trading.exchange_data.freshness import Freshness, StaleReason
from octobot_trading.exchange_data.number_checks import check_time
from octobot_trading.exchange_data.order_book.order_book import OrderBook
from octobot_trading.exchange_data.symbol_route import SymbolRoute

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

#: Told which symbol's data is to be fetched anew, and why.
Request: TypeAlias = Callable[[str, StaleReason], object]


class UpdateRoutes:
    """The symbols of an exchange and where their data goes."""

    def __init__(self, exchange_manager: ExchangeManager) -> None:
        self._manager = exchange_manager
        self._routes: dict[str, SymbolRoute] = {}
        self.logger = get_logger(f"{type(self).__name__}[{exchange_manager.exchange_name}]")
        #: Called once for each time an order book lost its place (or got its first delta without a snapshot), and not
        #: again before a further fault. The answer comes back through ``order_book_snapshot``.
        self.request_snapshot: Request | None = None
        #: The same for trades that were missed; the answer comes back through ``trades(…, whole=True)``.
        self.request_trades: Request | None = None

    def connection_lost(self, symbols: Iterable[str] | None = None) -> None:
        """Nothing is heard of these symbols, by default of all: their feeds are stale until they are in step again.

        Candles are not: they are overdue or they are not. Nothing is requested, as whoever connects again will.
        """
        for symbol in self._manager.symbols if symbols is None else symbols:
            for _, feed in self._manager.get_symbol_data(symbol).made():
                if isinstance(feed, OrderBook):
                    feed.lose(StaleReason.DISCONNECTED)
                else:
                    feed.freshness.lose(StaleReason.DISCONNECTED)

    def forget_topics(self) -> None:
        """The channels are gone; those that come after them are looked up anew."""
        self._routes.clear()

    def _lost(self, route: SymbolRoute, what: str, freshness: Freshness, request: Request | None) -> None:
        reason = freshness.fault
        assert reason is not None, "it was just lost"
        self.logger.warning("%s: %s: %s", route.where, what, reason.value)
        self._request(request, route.symbol, reason)

    def _request(self, request: Request | None, symbol: str, reason: StaleReason) -> None:
        if request is not None:
            request(symbol, reason)

    def _time(self, received_time: float | None, where: str) -> float:
        if received_time is None:
            return self._manager.clock.now()
        return check_time(received_time, "received_time", where)

    def _open(self, symbol: str) -> SymbolRoute:
        if symbol not in self._manager.symbols_data:
            followed = ", ".join(self._manager.symbols)
            raise DataError(
                f"{self._manager.exchange_name} {symbol} is not followed",
                field="symbol",
                remedy=f"followed are {followed}",
            )
        route = self._routes[symbol] = SymbolRoute(self._manager, symbol)
        return route
