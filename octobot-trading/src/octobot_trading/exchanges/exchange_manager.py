# SPDX-License-Identifier: Apache-2.0
"""One exchange with everything that is known of it: what tentacles are given."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from async_channel import SynchronizedDispatcher
from async_channel.util import create_channel_instance
from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_commons.clock import Clock
from octobot_commons.constants import DEFAULT_REFERENCE_MARKET
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, SettingError
from octobot_trading.constants import DEFAULT_CANDLES_CAPACITY, ONE, ZERO
from octobot_trading.exchange_channel import ExchangeChannel, del_channels, get_chan, set_chan, share_chan
from octobot_trading.exchange_data.channels import MARKET_DATA_CHANNELS
from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData
from octobot_trading.exchange_data.feed_settings import FeedSettings
from octobot_trading.exchange_data.freshness import StaleFeed, StaleReason
from octobot_trading.exchange_data.market_updates import MarketUpdates
from octobot_trading.exchanges import exchanges
from octobot_trading.exchanges.exchange import Exchange
from octobot_trading.exchanges.market import Market
from octobot_trading.modes.mode_channel import ModeChannel
from octobot_trading.personal_data.channels import ACCOUNT_CHANNELS
from octobot_trading.personal_data.orders.orders_manager import OrdersManager
from octobot_trading.personal_data.orders.trader import Trader
from octobot_trading.personal_data.portfolio.performance import PortfolioPerformance
from octobot_trading.personal_data.portfolio.portfolio import Portfolio
from octobot_trading.personal_data.portfolio.sub_portfolio import SubPortfolios
from octobot_trading.personal_data.portfolio.value import rates_in, value_at
from octobot_trading.personal_data.positions.positions_manager import PositionsManager
from octobot_trading.personal_data.trades.trades_manager import TradesManager
from octobot_trading.personal_data.transactions.transactions_manager import TransactionsManager
from octobot_trading.protections.protections import Protections

if TYPE_CHECKING:
    from octobot_trading.modes.abstract_trading_mode import AbstractTradingMode
    from octobot_trading.personal_data.orders.decision import Explanation

_OWN_CHANNELS: tuple[type[ExchangeChannel], ...] = (*ACCOUNT_CHANNELS, ModeChannel)
_CHANNELS: tuple[type[ExchangeChannel], ...] = (*MARKET_DATA_CHANNELS, *_OWN_CHANNELS)


class ExchangeManager:
    """The market data, account, channels and trading modes of one exchange.

    ``dispatcher`` drives the channels in backtests; without it their consumers run as tasks of the event loop.
    ``symbols_by_cryptocurrency`` are the pairs to follow: {"Bitcoin": ["BTC/USDT"]}. ``seed`` is that of ``random``,
    None for another one in each process.
    """

    def __init__(
        self,
        exchange_id: str,
        exchange: Exchange,
        clock: Clock,
        symbols_by_cryptocurrency: Mapping[str, Iterable[str]],
        *,
        dispatcher: SynchronizedDispatcher | None = None,
        is_backtesting: bool = False,
        reference_market: str = DEFAULT_REFERENCE_MARKET,
        risk: Decimal = ONE,
        candles_capacity: int = DEFAULT_CANDLES_CAPACITY,
        feed_settings: FeedSettings | None = None,
        seed: int | None = None,
        market_of: ExchangeManager | None = None,
    ) -> None:
        self.id = exchange_id
        self.exchange = exchange
        self.exchange_name = exchange.name
        self.clock = clock
        self.dispatcher = dispatcher
        self.is_backtesting = is_backtesting
        self.seed = seed
        #: Whether each order keeps what it was made from.
        self.keeps_causes = True
        #: What trading modes say of what they did or did not; None where nobody asks.
        self.explanations: list[Explanation] | None = None
        #: Where trading modes draw random numbers: Python's own stream is everybody's, this one is of this account.
        self.random = random.Random(seed)
        self.reference_market = reference_market
        self._cryptocurrencies = {
            symbol: name for name, symbols in symbols_by_cryptocurrency.items() for symbol in symbols
        }
        self.feed_settings = feed_settings or FeedSettings()
        self._market_of = market_of
        #: Other accounts in the same market; see ``beside``.
        self.worlds: list[ExchangeManager] = []
        #: The other exchanges that the same bot follows, for trading modes that compare.
        self.other_venues: list[ExchangeManager] = [] if market_of is None else market_of.other_venues
        if market_of is None:
            self.symbols_data = {
                symbol: ExchangeSymbolData(symbol, candles_capacity, self.feed_settings, exchange.feed_rules)
                for symbol in self._cryptocurrencies
            }
            self.market_updates = MarketUpdates(self)
        else:
            self.symbols_data, self.market_updates = market_of.symbols_data, market_of.market_updates
            market_of.worlds.append(self)
        self.portfolio = Portfolio()
        self.orders_manager = OrdersManager()
        self.positions_manager = PositionsManager()
        #: What a margin account owes of each asset, with interest.
        self.debts: dict[str, Decimal] = {}
        self.trades_manager = TradesManager(self.price_of)
        self.transactions_manager = TransactionsManager()
        self.performance = PortfolioPerformance(self)
        #: The parts of the account, where it was shared out among several owners.
        self.sub_portfolios: SubPortfolios | None = None
        self.trading_modes: list[AbstractTradingMode] = []
        self._channels: list[ExchangeChannel] = []
        #: What refuses orders before the exchange is asked.
        self.protections = Protections(self)
        self.trader = Trader(self, risk)

    @classmethod
    def beside(cls, primary: ExchangeManager, exchange_id: str, exchange: Exchange) -> ExchangeManager:
        """Another account in the market of ``primary``: orders, portfolio and trading modes of its own, but the same
        market data, told of on the same channels, which say ``primary``'s id. Its ``random`` begins as the primary's
        did. Start it after ``primary`` and stop it before.
        """
        beside = cls(
            exchange_id,
            exchange,
            primary.clock,
            primary.symbols_by_cryptocurrency(),
            dispatcher=primary.dispatcher,
            is_backtesting=primary.is_backtesting,
            reference_market=primary.reference_market,
            risk=primary.trader.risk,
            feed_settings=primary.feed_settings,
            seed=primary.seed,
            market_of=primary,
        )
        beside.keeps_causes = primary.keeps_causes
        return beside

    async def initialize(self, matrix_id: str | None = None) -> None:
        """Create the channels, read the balance, and make this exchange known under its id."""
        if self._market_of is not None:
            for shared in MARKET_DATA_CHANNELS:
                share_chan(get_chan(shared.get_name(), self._market_of.id), shared.get_name(), self.id)
        for channel_class in _CHANNELS if self._market_of is None else _OWN_CHANNELS:
            await create_channel_instance(
                channel_class,
                self._register_channel,
                is_synchronized=self.dispatcher is not None,
                dispatcher=self.dispatcher,
            )
        for asset, balance in (await self.exchange.fetch_balance()).items():
            self.portfolio.set(asset, balance)
        for position in await self.exchange.fetch_positions():
            self.positions_manager.set(position)
        self.debts = await self.exchange.fetch_debts()
        self.performance.start()
        await self.protections.start()
        exchanges.register(self, matrix_id)

    def open_profit(self, rates: Mapping[str, Decimal]) -> Decimal:
        """What balances do not show, at these rates by asset: profits that are not realised, less debts."""
        amounts = {asset: -owed for asset, owed in self.debts.items()}
        for position in self.positions_manager.get_positions():
            asset = position.market.settlement
            amounts[asset] = amounts.get(asset, ZERO) + position.unrealised_pnl
        return value_at(amounts, rates)

    async def stop(self) -> None:
        """Stop the modes and channels, and forget this exchange. Open orders stay open.

        Channels go, and protections save what they know, also where a mode raises. Stopping twice does nothing more.
        """
        self.performance.stop()
        try:
            while self.trading_modes:
                await self.trading_modes.pop().stop()
        finally:
            try:
                await self.protections.stop()
            finally:
                await self._close_channels()

    async def _close_channels(self) -> None:
        while self._channels:
            channel = self._channels.pop()
            await channel.stop()
            channel.flush()
        if self._market_of is None:
            self.market_updates.forget_topics()
        del_channels(self.id)
        exchanges.unregister(self.id)

    @property
    def symbols(self) -> list[str]:
        """The symbols followed."""
        return list(self.symbols_data)

    def symbols_by_cryptocurrency(self) -> dict[str, list[str]]:
        """The symbols followed, under the names under which the profile trades them."""
        symbols: dict[str, list[str]] = {}
        for symbol, name in self._cryptocurrencies.items():
            symbols.setdefault(name, []).append(symbol)
        return symbols

    def cryptocurrency_of(self, symbol: str) -> str:
        """The name under which the profile trades a symbol."""
        return self._cryptocurrencies[symbol]

    def get_symbol_data(self, symbol: str) -> ExchangeSymbolData:
        """What is known of a symbol's market.

        Raises:
            KeyError: the symbol is not followed.
        """
        return self.symbols_data[symbol]

    def get_market(self, symbol: str) -> Market:
        """The rules of a symbol."""
        return self.exchange.get_market(symbol)

    def stale_reason(
        self, kind: str, symbol: str | None = None, time_frame: TimeFrames | str | None = None, now: float | None = None
    ) -> StaleReason | None:
        """Why what a channel told must not be relied on, None when it may; as ``ExchangeSymbolData.stale_reason``.

        ``symbol`` is None for the Markets channel; ``now`` is by default the clock's time.
        """
        now = self.clock.now() if now is None else now
        if symbol is not None:
            return self.get_symbol_data(symbol).stale_reason(kind, now, time_frame)
        if kind != Names.MARKETS_CHANNEL:
            raise DataError(f"{kind} tells of symbols", field="symbol", remedy="name the symbol")
        return self.market_updates.markets_feed.stale_reason(now)

    def stale_feeds(self, now: float | None = None) -> list[StaleFeed]:
        """What must not be relied on, of all that was asked for or came; ``now`` is by default the clock's time."""
        now = self.clock.now() if now is None else now
        stale = [feed for data in self.symbols_data.values() for feed in data.stale_feeds(now)]
        markets = self.market_updates.markets_feed
        reason = None if markets.markets is None else markets.stale_reason(now)
        if reason is not None:
            stale.append(StaleFeed(None, str(Names.MARKETS_CHANNEL), None, reason, markets.age(now)))
        return stale

    def portfolio_value(self) -> Decimal:
        """The whole account in the reference market, at last prices; assets without a price count nothing."""
        return self.performance.value()

    def price_of(self, asset: str, other: str) -> Decimal | None:
        """The last price of an asset in another one, directly or through a third; None where it is not known."""
        prices = {symbol: data.last_price for symbol, data in self.symbols_data.items()}
        return rates_in(other, prices).get(asset)

    def share_portfolio(self) -> SubPortfolios:
        """The parts of the account; the first call makes everything that it holds the rest, which nobody was given.

        Raises:
            SettingError: it is the first call and orders hold some of it.
        """
        if self.sub_portfolios is None:
            if any(self.portfolio.balance(asset).locked for asset in self.portfolio.totals()):
                remedy = "share it out before the first order, or cancel the open ones"
                raise SettingError("open orders hold funds of the account", remedy=remedy)
            self.sub_portfolios = SubPortfolios(self.portfolio.totals())
        return self.sub_portfolios

    def _register_channel(self, channel: ExchangeChannel, name: str) -> ExchangeChannel:
        channel.chan_id = self.id
        set_chan(channel, name)
        self._channels.append(channel)
        return channel
