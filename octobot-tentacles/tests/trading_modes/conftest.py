# SPDX-License-Identifier: Apache-2.0
"""Trading modes on a simulated exchange, driven by notes and candles that the test names."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import Profile, TentaclesSetupConfig
from octobot_commons.services import FeedEventFile, ServiceFeeds, delete_service_feeds, register_service_feeds
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms
from octobot_trading.exchanges.simulated.contract_account import ContractAccount
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.modes import AbstractTradingMode, create_trading_modes
from octobot_trading.personal_data.orders.order import Order

SYMBOL = "BTC/USDT"
MARKET = Market(
    SYMBOL,
    "BTC",
    "USDT",
    amount_step=Decimal("0.001"),
    price_tick=Decimal("0.01"),
    min_amount=Decimal("0.001"),
    min_cost=Decimal(5),
)
#: A linear contract with the same rules.
CONTRACT = replace(MARKET, symbol="BTC/USDT:USDT", contract=ContractTerms("USDT"))
START_TIME = 1_700_000_000.0
MINUTE = 60.0


class Notes:
    """The strategies' notes of the moment."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.of_time_frame: dict[str, dict[str, Any]] = {}

    def get_strategy_notes(
        self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str, time_frame: str | None = None
    ) -> dict[str, Any]:
        return dict(self.values if time_frame is None else self.of_time_frame.get(time_frame, {}))


class Desk:
    """A trading mode with its exchange. Prices and time move as the test says; the first symbol is the default one."""

    def __init__(
        self,
        manager: ExchangeManager,
        mode_class: type[AbstractTradingMode],
        profile: Profile,
        clock: SimulatedClock,
    ) -> None:
        self.manager, self.notes, self.clock = manager, Notes(), clock
        assert isinstance(manager.exchange, SimulatedExchange)
        self.exchange = manager.exchange
        self.symbol = manager.symbols[0]
        self.modes: list[Any] = []
        self._mode_class, self._profile = mode_class, profile

    @property
    def mode(self) -> Any:
        return self.modes[0]

    async def start(self) -> None:
        """Start the mode on what the account holds now, open orders included."""
        symbols = self.manager.symbols_by_cryptocurrency()
        self.modes = list(
            await create_trading_modes(self._mode_class, self._profile, self.manager, symbols, self.notes, "bot")
        )
        await self.settle()

    async def restart(self) -> None:
        """The bot ends and starts again; orders stay open meanwhile."""
        for mode in self.modes:
            self.manager.trading_modes.remove(mode)
            await mode.stop()
        await self.start()

    async def note(self, *values: Any, time_frame: str | None = None, symbol: str | None = None) -> None:
        """The strategies have noted this."""
        symbol = symbol or self.symbol
        self.notes.values = {f"Strategy{index}": value for index, value in enumerate(values)}
        name = self.manager.cryptocurrency_of(symbol)
        for mode in self.modes:
            if mode.symbol in (None, symbol):
                await mode.producers[0].set_final_eval("matrix", name, symbol, time_frame, "Strategy0")
        await self.settle()

    async def candle(
        self,
        open_price: float,
        high: float,
        low: float,
        close: float,
        symbol: str | None = None,
        volume: float = 1000.0,
    ) -> None:
        """A candle of a minute passes: the orders that it reaches fill, then everybody is told."""
        symbol = symbol or self.symbol
        open_time = self.clock.now()
        self.price(open_price, symbol)
        self.exchange.open_candle(symbol, open_price)
        await self.settle()
        self.clock.advance_to(open_time + MINUTE)
        self.price(close, symbol)
        self.exchange.close_candle(symbol, open_time, open_price, high, low, close, volume)
        await self.settle()
        await self.tell("Ticker", symbol, ticker={"symbol": symbol, "last": close, "close": close})
        candle = [open_time, open_price, high, low, close, volume]
        await self.tell("OHLCV", symbol, time_frame="1m", candle=candle)

    async def prices(self, *prices: float, symbol: str | None = None) -> None:
        """Candles go from each price to the next."""
        last = self.manager.get_symbol_data(symbol or self.symbol).last_price
        before = prices[0] if last is None else float(last)
        for price in prices:
            await self.candle(before, max(before, price), min(before, price), price, symbol)
            before = price

    async def pass_time(self, seconds: float) -> None:
        """Time passes in which no price comes."""
        end = self.clock.now() + seconds
        while (due := self.clock.next_time) is not None and due <= end:
            self.clock.advance_to(due)
            await self.settle()
        self.clock.advance_to(end)
        await self.settle()

    def price(self, price: float, symbol: str | None = None) -> None:
        self.manager.get_symbol_data(symbol or self.symbol).price = price

    async def tell(self, channel: str, symbol: str, **payload: Any) -> None:
        """A channel of the exchange tells this of a symbol."""
        names = {"cryptocurrency": self.manager.cryptocurrency_of(symbol), "symbol": symbol}
        about = {"exchange": self.manager.exchange_name, "exchange_id": self.manager.id, **names, **payload}
        of_frame = {key: payload[key] for key in ("time_frame",) if key in payload}
        await get_chan(channel, self.manager.id).topic_of(**names, **of_frame).send(about)
        await self.settle()

    async def tell_price_of(self, venue: ExchangeManager, price: float) -> None:
        """Another exchange tells its price of the first symbol."""
        venue.get_symbol_data(self.symbol).price = price
        names = {"cryptocurrency": venue.cryptocurrency_of(self.symbol), "symbol": self.symbol}
        about = {"exchange": venue.exchange_name, "exchange_id": venue.id, **names, "ticker": {"close": price}}
        await get_chan("Ticker", venue.id).topic_of(**names).send(about)
        await self.settle()

    async def settle(self) -> None:
        """Everybody has reacted to everything."""
        assert self.manager.dispatcher is not None
        while True:
            await self.manager.trader.submit_chained_orders()
            await self.manager.dispatcher.run_until_idle()
            if not self.manager.trader.has_chained_orders:
                return

    def open_orders(self, symbol: str | None = None) -> list[str]:
        return [describe(order) for order in self.manager.orders_manager.get_open_orders(symbol)]

    @property
    def position(self) -> str:
        """How much is held of the first symbol's contract."""
        position = self.manager.positions_manager.get_position(self.symbol)
        return "0" if position is None else f"{position.quantity}"

    def fills(self, symbol: str | None = None) -> list[str]:
        return [
            f"{fill.side} {fill.quantity} at {fill.price:.2f}"
            for fill in self.manager.trades_manager.get_trades(symbol or self.symbol)
        ]


def describe(order: Order) -> str:
    request = order.request
    price = request.price if request.stop_price is None else request.stop_price
    return f"{request.side} {request.order_type} {request.quantity}" + ("" if price is None else f" at {price:.2f}")


MakeDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def make_mode_desk() -> AsyncIterator[MakeDesk]:
    """``await make_mode_desk(ModeClass, portfolio, **settings)``: a desk at a price of 100, a risk of 0.5 and fees of
    0.1 %."""
    async with AsyncExitStack() as stack:

        async def make(
            mode_class: type[AbstractTradingMode],
            portfolio: dict[str, str] | None = None,
            *,
            markets: Sequence[Market] = (MARKET,),
            price: float | None = 100.0,
            fee_model: FeeModel | None = None,
            make_exchange: Callable[..., SimulatedExchange] = SimulatedExchange,
            **settings: Any,
        ) -> Desk:
            clock = SimulatedClock(START_TIME)
            funds = {asset: Decimal(amount) for asset, amount in (portfolio or {"USDT": "1000"}).items()}
            fees = fee_model or FeeModel(Decimal("0.001"), Decimal("0.001"))
            symbols = {market.base if market.base != "BTC" else "Bitcoin": [market.symbol] for market in markets}
            exchange = make_exchange("binance", clock, {one.symbol: one for one in markets}, funds, fees)
            manager = ExchangeManager(
                "exchange",
                exchange,
                clock,
                symbols,
                dispatcher=SynchronizedDispatcher(),
                is_backtesting=True,
                risk=Decimal("0.5"),
            )
            await manager.initialize("matrix")
            stack.push_async_callback(manager.stop)
            name = mode_class.get_name()
            setup = TentaclesSetupConfig({name: True}, {name: settings})
            desk = Desk(manager, mode_class, Profile(profile_id="test", name="test", tentacles_setup=setup), clock)
            await desk.start()
            if price is not None:
                for market in markets:
                    await desk.candle(price, price, price, price, market.symbol)
            return desk

        yield make


@pytest.fixture
async def hear(tmp_path: Path) -> AsyncIterator[Callable[[Desk, Any], Awaitable[None]]]:
    """``await hear(desk, data)``: an event of the only feed that the desk's mode listens to comes."""
    feeds = ("TradingViewServiceFeed", "RemoteTradingSignalsServiceFeed")
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps({"feed": name, "time": 0, "data": {}}) for name in feeds))
    setup, recorded = TentaclesSetupConfig(), FeedEventFile(file)
    service_feeds = ServiceFeeds("bot", SimulatedClock(START_TIME), setup, replays=True, recorded=recorded)
    register_service_feeds(service_feeds)

    async def event(desk: Desk, data: Any) -> None:
        (feed,) = service_feeds.recorded_feeds()
        assert feed.outlet.channel is not None
        for consumer in feed.outlet.channel.get_consumers():
            await consumer.callback(feed=feed.outlet.name, time=desk.clock.now(), key=None, data=data)
        await desk.settle()

    yield event
    delete_service_feeds("bot")
    await service_feeds.stop()


@pytest.fixture
def make_futures_desk(make_mode_desk: MakeDesk) -> MakeDesk:
    """``make_mode_desk`` on a linear contract, or others, with margin of their settlement asset."""

    async def make(
        mode_class: type[AbstractTradingMode],
        portfolio: dict[str, str] | None = None,
        *,
        markets: Sequence[Market] = (CONTRACT,),
        leverage: str = "1",
        make_exchange: Callable[..., SimulatedExchange] = SimulatedExchange,
        **settings: Any,
    ) -> Desk:
        funds = {asset: Decimal(amount) for asset, amount in (portfolio or {"USDT": "1000"}).items()}
        account = ContractAccount(funds, FeeModel(Decimal("0.001"), Decimal("0.001")), leverage=Decimal(leverage))
        exchange = partial(make_exchange, account=account)
        return await make_mode_desk(mode_class, portfolio, markets=markets, make_exchange=exchange, **settings)

    return make


@pytest.fixture
async def make_venue() -> AsyncIterator[Callable[..., Awaitable[ExchangeManager]]]:
    """``await make_venue(desk, name)``: another exchange of the same bot, on the desk's clock."""
    async with AsyncExitStack() as stack:

        async def make(desk: Desk, name: str = "kraken") -> ExchangeManager:
            exchange = SimulatedExchange(name, desk.clock, {SYMBOL: MARKET}, {})
            venue = ExchangeManager(
                name,
                exchange,
                desk.clock,
                {"Bitcoin": [SYMBOL]},
                dispatcher=desk.manager.dispatcher,
                is_backtesting=True,
            )
            await venue.initialize("matrix")
            stack.push_async_callback(venue.stop)
            desk.manager.other_venues.append(venue)
            return venue

        yield make
