# SPDX-License-Identifier: Apache-2.0
"""Order books on their way into an exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_commons.errors import DataError
from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.exchange_data.order_book.order_book import OrderBook, Rows
from octobot_trading.exchange_data.order_book.sequences import UpdateIds
from octobot_trading.exchange_data.symbol_route import SymbolRoute
from octobot_trading.exchange_data.update_routes import UpdateRoutes

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

# A plain text, which a dict finds faster than a member of an enum.
_BOOK = str(Names.ORDER_BOOK_CHANNEL)


class BookUpdates(UpdateRoutes):
    """Keeps order books in step and tells of those that are."""

    def __init__(self, exchange_manager: ExchangeManager) -> None:
        super().__init__(exchange_manager)
        # Symbols whose first snapshot was asked for.
        self._asked: set[str] = set()

    async def order_book_snapshot(
        self,
        symbol: str,
        bids: Rows,
        asks: Rows,
        nonce: int | None = None,
        checksum: int | None = None,
        received_time: float | None = None,
    ) -> bool:
        """All levels of a book; whether it is now in step. The arguments are those of ``OrderBook.apply_snapshot``."""
        route = self._routes.get(symbol) or self._open(symbol)
        book, time = route.data.order_book, self._time(received_time, route.where)
        losses = book.freshness.losses
        try:
            book.apply_snapshot(bids, asks, time=time, nonce=nonce, checksum=checksum)
        except ValueError as error:
            raise self._unusable(route, book, losses, error) from error
        return await self._tell_book(route, book, losses)

    async def order_book_delta(
        self,
        symbol: str,
        bids: Rows,
        asks: Rows,
        ids: UpdateIds | None = None,
        checksum: int | None = None,
        received_time: float | None = None,
    ) -> bool:
        """Levels that changed; whether the book took them and is in step. As ``OrderBook.apply_delta``."""
        route = self._routes.get(symbol) or self._open(symbol)
        book, time = route.data.order_book, self._time(received_time, route.where)
        losses = book.freshness.losses
        try:
            is_applied = book.apply_delta(bids, asks, time=time, ids=ids, checksum=checksum)
        except ValueError as error:
            raise self._unusable(route, book, losses, error) from error
        if is_applied or book.freshness.losses != losses:
            return await self._tell_book(route, book, losses)
        if book.freshness.fault is StaleReason.NO_SNAPSHOT and symbol not in self._asked:
            self._asked.add(symbol)
            self._request(self.request_snapshot, symbol, StaleReason.NO_SNAPSHOT)
        return False

    async def _tell_book(self, route: SymbolRoute, book: OrderBook, losses: int) -> bool:
        if book.freshness.losses != losses:
            self._lost(route, "order book", book.freshness, self.request_snapshot)
            return False
        if (topic := route.topics[_BOOK]) and not book.is_crossed:
            levels = route.data.settings.order_book_levels
            asks, bids = book.levels("asks", levels), book.levels("bids", levels)
            await topic.send({**route.head, "asks": asks, "bids": bids})
        return True

    def _unusable(self, route: SymbolRoute, book: OrderBook, losses: int, error: ValueError) -> DataError:
        if book.freshness.losses != losses:
            self._lost(route, "order book", book.freshness, self.request_snapshot)
        message = getattr(error, "message", str(error))
        field, row = getattr(error, "field", "ids"), getattr(error, "row", None)
        return DataError(f"{route.where}: {message}", field=field, row=row, remedy="wait for the next snapshot")
