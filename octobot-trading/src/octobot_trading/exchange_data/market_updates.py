# SPDX-License-Identifier: Apache-2.0
"""The one door through which market data gets into an exchange, live and in a replay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import bucket_end
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchange_data.book_updates import BookUpdates
from octobot_trading.exchange_data.freshness import Freshness
from octobot_trading.exchange_data.markets import Markets
from octobot_trading.exchange_data.number_checks import check_prices, check_time, exact, named, not_possible
from octobot_trading.exchange_data.symbol_route import FrameRoute, SymbolRoute
from octobot_trading.exchange_data.tickers import Ticker, read_ticker, ticker_price
from octobot_trading.exchange_data.trade_rows import LiquidationRows, TradeRows, read_liquidations, read_trades

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

#: A Decimal, a text or a number.
Number: TypeAlias = Decimal | str | float

# Plain texts, which a dict finds faster than members of an enum.
_TICKER, _MINI_TICKER = str(Names.TICKER_CHANNEL), str(Names.MINI_TICKER_CHANNEL)
_TRADES, _LIQUIDATIONS = str(Names.RECENT_TRADES_CHANNEL), str(Names.LIQUIDATIONS_CHANNEL)
_BOOK_TICKER = str(Names.ORDER_BOOK_TICKER_CHANNEL)
_MARK_PRICE, _FUNDING = str(Names.MARK_PRICE_CHANNEL), str(Names.FUNDING_CHANNEL)


class MarketUpdates(BookUpdates):
    """Checks what a venue says, keeps it, and tells those who listen.

    Each method checks its values first, so that what is refused changes nothing (but that an unusable order book
    update makes the book stale), then keeps them, and sends on the channel when somebody listens. ``received_time`` is
    in Unix seconds, by default the exchange's clock. Dicts are in ccxt's form, whose timestamps are milliseconds; all
    that comes out is in seconds.

    The OrderBook channel is silent while a book is stale, and OrderBookTicker while its prices are crossed. Trades are
    told of while some before them are missing: each of them did happen.

    All raise DataError, naming exchange, symbol and field, for what is no possible value or a symbol not followed.
    """

    def __init__(self, exchange_manager: ExchangeManager) -> None:
        super().__init__(exchange_manager)
        self.markets_feed = Markets(Freshness(exchange_manager.feed_settings.silence_of(Names.MARKETS_CHANNEL)))

    async def closed_candle(
        self, symbol: str, time_frame: TimeFrames | str, candle: Sequence[float], received_time: float | None = None
    ) -> bool:
        """A candle that closed, [open time in seconds, open, high, low, close, volume]; whether it is new.

        One that corrects the newest one is kept, but not told of again. Sent on OHLCV.
        """
        route = self._routes.get(symbol) or self._open(symbol)
        frame = route.frame(time_frame)
        time = self._time(received_time, frame.where)
        try:
            is_new = frame.candles.add_closed(candle, time)
        except DataError as error:
            raise named(error, frame.where) from error
        if is_new:
            await self._tell_closed(route, frame, time)
        return is_new

    async def candle_update(
        self, symbol: str, time_frame: TimeFrames | str, kline: Sequence[float], received_time: float | None = None
    ) -> bool:
        """A candle that may still change; whether it is now the one in construction.

        One with a later open time closes the one before. Sent on Kline, and on OHLCV what it closed.
        """
        route = self._routes.get(symbol) or self._open(symbol)
        frame = route.frame(time_frame)
        time = self._time(received_time, frame.where)
        try:
            closed = frame.candles.update(kline, time)
        except DataError as error:
            raise named(error, frame.where) from error
        if closed is not None:
            await self._tell_closed(route, frame, time)
        construction = frame.candles.ring.construction()
        if construction is None or construction[0] != kline[0]:
            return False
        route.data.follow_price(construction[4], time)
        await frame.send_construction()
        return True

    async def ticker(self, symbol: str, ticker: Mapping[str, Any], received_time: float | None = None) -> bool:
        """A ticker of ccxt's; whether it is no older than the one before."""
        route = self._routes.get(symbol) or self._open(symbol)
        return await self._ticker(route, route.data.ticker, _TICKER, "ticker", ticker, received_time)

    async def mini_ticker(
        self, symbol: str, mini_ticker: Mapping[str, Any], received_time: float | None = None
    ) -> bool:
        """A ticker of ccxt's with fewer statistics; whether it is no older than the one before."""
        route = self._routes.get(symbol) or self._open(symbol)
        return await self._ticker(
            route, route.data.mini_ticker, _MINI_TICKER, "mini_ticker", mini_ticker, received_time
        )

    async def order_book_ticker(
        self,
        symbol: str,
        bid_price: float,
        bid_quantity: float,
        ask_price: float,
        ask_quantity: float,
        received_time: float | None = None,
    ) -> bool:
        """The best prices and what they hold; whether they can be relied on."""
        route = self._routes.get(symbol) or self._open(symbol)
        check_prices(bid_price, bid_quantity, ask_price, ask_quantity, route.where)
        time = self._time(received_time, route.where)
        if not route.data.order_book_ticker.update(bid_price, bid_quantity, ask_price, ask_quantity, time):
            return False
        if topic := route.topics[_BOOK_TICKER]:
            told = {
                "ask_quantity": ask_quantity,
                "ask_price": ask_price,
                "bid_quantity": bid_quantity,
                "bid_price": bid_price,
            }
            await topic.send({**route.head, **told})
        return True

    async def trades(
        self, symbol: str, rows: TradeRows, *, whole: bool = False, received_time: float | None = None
    ) -> int:
        """Trades, oldest first; how many were new, which are sent on RecentTrade.

        Args:
            symbol: of the market.
            rows: ccxt's dicts, or ``Trade`` rows, which cost less.
            whole: these are the venue's answer to a request for its newest trades: nothing between them is missing.
            received_time: see the class.
        """
        route = self._routes.get(symbol) or self._open(symbol)
        trades = read_trades(rows, route.where)
        time = self._time(received_time, route.where)
        ring = route.data.recent_trades
        losses = ring.freshness.losses
        try:
            new = ring.add(trades, time, whole)
        except DataError as error:
            raise named(error, route.where) from error
        if ring.freshness.losses != losses:
            self._lost(route, "trades", ring.freshness, self.request_trades)
        if new:
            newest = max(new, key=_time_of) if len(new) > 1 else new[0]
            route.data.follow_price(newest.price, time, newest.time)
            if topic := route.topics[_TRADES]:
                await topic.send({**route.head, "recent_trades": [trade.payload(symbol) for trade in new]})
        return len(new)

    async def liquidations(self, symbol: str, rows: LiquidationRows, received_time: float | None = None) -> int:
        """Liquidations, oldest first, as ccxt's dicts or ``Liquidation`` rows; how many were new, which are sent."""
        route = self._routes.get(symbol) or self._open(symbol)
        liquidations = read_liquidations(rows, route.where)
        new = route.data.liquidations.add(liquidations, self._time(received_time, route.where))
        if new and (topic := route.topics[_LIQUIDATIONS]):
            await topic.send({**route.head, "liquidations": [one.payload(symbol) for one in new]})
        return len(new)

    async def mark_price(self, symbol: str, price: Number, received_time: float | None = None) -> None:
        """The mark price, as a Decimal, a text or a number."""
        route = self._routes.get(symbol) or self._open(symbol)
        mark_price = exact(price, "mark_price", route.where)
        if mark_price <= 0:
            raise not_possible(price, "mark_price", route.where)
        route.data.mark_price.update(mark_price, self._time(received_time, route.where))
        if topic := route.topics[_MARK_PRICE]:
            await topic.send({**route.head, "mark_price": mark_price})

    async def funding(
        self,
        symbol: str,
        funding_rate: Number,
        next_funding_time: float | None,
        predicted_funding_rate: Number | None = None,
        timestamp: float | None = None,
        received_time: float | None = None,
    ) -> None:
        """Funding rates, as Decimals, texts or numbers; times in Unix seconds, ``timestamp`` by default when received.

        What the venue does not tell is None.
        """
        route = self._routes.get(symbol) or self._open(symbol)
        where, time = route.where, self._time(received_time, route.where)
        predicted = predicted_funding_rate
        told = {
            "funding_rate": exact(funding_rate, "funding_rate", where),
            "predicted_funding_rate": None if predicted is None else exact(predicted, "predicted_funding_rate", where),
            "next_funding_time": (
                None if next_funding_time is None else check_time(next_funding_time, "next_funding_time", where)
            ),
            "timestamp": time if timestamp is None else check_time(timestamp, "timestamp", where),
        }
        route.data.funding.update(**told, received_time=time)  # type: ignore[arg-type]  # each value is its key's
        if topic := route.topics[_FUNDING]:
            await topic.send({**route.head, **told})

    async def markets(self, markets: Mapping[str, Any], received_time: float | None = None) -> None:
        """What the exchange trades, by symbol."""
        manager = self._manager
        if not isinstance(markets, Mapping) or not all(isinstance(symbol, str) for symbol in markets):
            raise DataError(f"{manager.exchange_name}: no dict of symbols", field="markets", remedy="leave it out")
        self.markets_feed.update(markets, self._time(received_time, manager.exchange_name))
        if topic := get_chan(Names.MARKETS_CHANNEL, manager.id).topic_of():
            head = {"exchange": manager.exchange_name, "exchange_id": manager.id}
            await topic.send({**head, "markets": dict(markets)})

    async def _tell_closed(self, route: SymbolRoute, frame: FrameRoute, time: float) -> None:
        candle = frame.candles.ring.candle()
        route.data.follow_price(candle[4], time, bucket_end(candle[0], frame.candles.time_frame))
        await frame.send_closed()

    async def _ticker(
        self, route: SymbolRoute, feed: Ticker, kind: str, key: str, ticker: Mapping[str, Any], received: float | None
    ) -> bool:
        told = read_ticker(ticker, route.symbol, route.where)
        time = self._time(received, route.where)
        if not feed.update(told, time):
            return False
        price = ticker_price(told)
        if price is not None:
            route.data.follow_price(price, time, told.get("timestamp"))
        if topic := route.topics[kind]:
            # What is kept must not change when a consumer changes what it was told.
            await topic.send({**route.head, key: dict(told)})
        return True


class QuietUpdates(MarketUpdates):
    """Keeps what was said before a replay starts, and tells nobody. Not for candles."""

    def _open(self, symbol: str) -> SymbolRoute:
        route = super()._open(symbol)
        route.mute()
        return route


def _time_of(row: Any) -> float:
    time: float = row.time
    return time
