# SPDX-License-Identifier: Apache-2.0
"""An exchange inside this process: orders are matched against recorded or live prices, for a simulated account.

acceptance.py   what it refuses                              _matching.pyx  which orders a price or candle reaches
desk.py         orders come, change and end                  execution.py   what a match does
account.py      what they hold and what fills change         slippage.py, liquidity.py   at what price, how much
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from octobot_commons.clock import Clock
from octobot_trading.constants import ONE
from octobot_trading.enums import FillRule, OrderType
from octobot_trading.errors import InvalidSetting, OrderNotOpen
from octobot_trading.exchange_data.feed_settings import FeedRules
from octobot_trading.exchanges.exchange import AccountListener, Exchange, ListedOrder
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated import _matching
from octobot_trading.exchanges.simulated.account import Account, PriceOf
from octobot_trading.exchanges.simulated.contract_account import ContractAccount
from octobot_trading.exchanges.simulated.contract_desk import ContractDesk
from octobot_trading.exchanges.simulated.desk import Desk
from octobot_trading.exchanges.simulated.execution import Execution
from octobot_trading.exchanges.simulated.ledger import Ledger
from octobot_trading.exchanges.simulated.liquidity import Liquidity
from octobot_trading.exchanges.simulated.margin_account import MarginAccount
from octobot_trading.exchanges.simulated.margin_desk import MarginDesk
from octobot_trading.exchanges.simulated.slippage import SlippageModel
from octobot_trading.personal_data.orders.order_request import OrderRequest, edited
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.transactions.transaction import Transaction

_RULES = {
    FillRule.PESSIMISTIC: _matching.PESSIMISTIC,
    FillRule.NEUTRAL: _matching.NEUTRAL,
    FillRule.OPTIMISTIC: _matching.OPTIMISTIC,
}


class SimulatedExchange(Exchange):
    """Fills orders against prices and candles.

    Attributes:
        ambiguous_candles: how many candles could have ended otherwise for an order, had their prices come in another
            order than ``fill_rule`` takes them to have come.

    Args:
        fill_rule: what to believe of a candle that does not say in which order it reached its prices.
        slippage: by how much takers fill worse; by default not at all.
        volume_share: how much of a candle's volume the account's orders may take, 0.1 is 10 %; None: any amount.
        latency_seconds: how long an order, an edit or a cancel takes to arrive.
        account: by default a spot account that starts with ``starting_portfolio``; else a ``ContractAccount``, or what
            makes an account of this exchange's clock and ``price_of``: ``partial(MarginAccount, funds, "USDT")``.
        supported_order_types, bundles_orders, groups_orders: what the venue can do, to try what the bot does where it
            cannot.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        markets: Mapping[str, Market],
        starting_portfolio: Mapping[str, Decimal],
        fee_model: FeeModel | None = None,
        fill_rule: FillRule = FillRule.PESSIMISTIC,
        *,
        slippage: SlippageModel | None = None,
        volume_share: Decimal | None = None,
        latency_seconds: float = 0.0,
        account: Ledger | Callable[[Clock, PriceOf], Ledger] | None = None,
        supported_order_types: Iterable[OrderType] = OrderType,
        bundles_orders: bool = True,
        groups_orders: bool = True,
    ) -> None:
        if not 0 <= latency_seconds < math.inf:
            raise ValueError(f"a latency of {latency_seconds} s")
        self.name = name
        self.fee_model = fee_model or FeeModel()
        self.fill_rule = fill_rule
        self.supported_order_types = frozenset(supported_order_types)
        self.bundles_orders = bundles_orders
        self.groups_orders = groups_orders
        self.ambiguous_candles = 0
        self._clock = clock
        self._books = {symbol: _matching.MatchingBook(_RULES[fill_rule]) for symbol in markets}
        if account is None:
            account = Account(starting_portfolio, self.fee_model, self.price_of)
        self._account = account(clock, self.price_of) if callable(account) else account
        self._liquidity = Liquidity(volume_share)
        if volume_share is not None or (slippage is not None and slippage.uses_volume):
            for book in self._books.values():
                book.follows_volume = True
        self._desk = Desk(clock, self._account, self._books, dict(markets), self, latency_seconds)
        self._execution = Execution(self._desk, slippage, self._liquidity)
        #: Positions, funding and liquidations, where the account trades contracts.
        self.contracts: ContractDesk | None = None
        #: Debts and liquidations, where the account borrows.
        self.margin: MarginDesk | None = None
        if isinstance(self._account, ContractAccount):
            self.contracts = ContractDesk(self._desk, self._account, self._books, fill_rule)
        elif isinstance(self._account, MarginAccount):
            self.margin = MarginDesk(self._desk, self._account, self._books, fill_rule)
        #: Who looks at prices once they have been matched.
        self._watcher: ContractDesk | MarginDesk | None = self.contracts or self.margin

    @property
    def listener(self) -> AccountListener | None:
        return self._desk.listener

    @listener.setter
    def listener(self, listener: AccountListener | None) -> None:
        self._desk.listener = listener

    @property
    def gap_through_stops(self) -> int:
        """How many stops the price has jumped over."""
        return sum(book.gap_through_stops for book in self._books.values())

    def get_market(self, symbol: str) -> Market:
        return self._desk.market(symbol)

    def feed_rules(self, symbol: str) -> FeedRules:
        """Nothing is numbered here."""
        return FeedRules(tick_size=self.get_market(symbol).tick_size)

    async def fetch_balance(self) -> dict[str, Balance]:
        portfolio = self._account.portfolio
        return {asset: portfolio.balance(asset) for asset in portfolio.totals()}

    async def fetch_positions(self) -> list[Position]:
        return [] if self.contracts is None else self.contracts.snapshots()

    def leverage_of(self, symbol: str) -> Decimal:
        return ONE if self.contracts is None else self.contracts.account.positions.leverage_of(symbol)

    async def set_leverage(self, symbol: str, leverage: Decimal) -> None:
        market = self.get_market(symbol)
        if self.contracts is None or market.contract is None:
            raise InvalidSetting(
                f"{symbol} is no contract and has no leverage", field="leverage", remedy="trade it without"
            )
        if leverage != self.leverage_of(symbol):
            self.contracts.account.set_leverage(symbol, leverage)
            self._desk.tell_balances()
            self.contracts.tell()

    async def fetch_debts(self) -> dict[str, Decimal]:
        return {} if self.margin is None else self.margin.account.loans.all_owed(self._clock.now())

    async def fetch_open_orders(self) -> list[ListedOrder]:
        return [
            ListedOrder(order.order_id, order.request.symbol, order.request.client_order_id)
            for order in self._desk.orders.of_symbols(self._books)
        ]

    async def create_order(self, request: OrderRequest) -> str:
        order = self._desk.accept(request)
        self._desk.tell_balances()
        return order.order_id

    async def find_order(self, symbol: str, client_order_id: str) -> ListedOrder | None:
        order_id = self._desk.client_ids.get(client_order_id)
        return None if order_id is None else ListedOrder(order_id, symbol, client_order_id)

    async def cancel_order(self, order_id: str) -> bool:
        order = self._desk.orders.find(order_id)
        if order is None:
            return False
        self._desk.cancel(order)
        self._desk.tell_balances()
        return True

    async def edit_order(
        self,
        order_id: str,
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        stop_price: Decimal | None = None,
    ) -> None:
        order = self._desk.orders.find(order_id)
        if order is None:
            raise OrderNotOpen(f"order {order_id} is not open", remedy="create a new order")
        self._desk.edit(order, edited(order.request, quantity, price, stop_price))
        self._desk.tell_balances()

    @property
    def payments(self) -> Sequence[Transaction]:
        """What changed balances and no fill tells: funding, and losses of contracts that the venue bore."""
        return () if self.contracts is None else self.contracts.account.payments

    def get_book(self, symbol: str) -> _matching.MatchingBook:
        """The open orders of a symbol, for a replay that asks at every candle whether it could fill one."""
        return self._books[symbol]

    def open_candle(self, symbol: str, price: float) -> None:
        """A candle opens at ``price``: fill what that reaches."""
        self._liquidity.see_open(symbol)
        self._match_price(symbol, price)

    def match_trade(self, symbol: str, price: float, amount: float) -> None:
        """Somebody traded ``amount`` at ``price``: fill what that reaches."""
        self._liquidity.see_open(symbol)
        self._liquidity.see_volume(symbol, amount)
        self._match_price(symbol, price)

    def close_candle(
        self, symbol: str, open_time: float, open_price: float, high: float, low: float, close: float, volume: float
    ) -> None:
        """The candle that opened last has closed: fill what it reached in between."""
        now, book, desk = self._clock.now(), self._books[symbol], self._desk
        self._liquidity.see_volume(symbol, volume)
        matches = book.match_range(open_price, high, low, close, open_time, now)
        was_late = self._execution.run(book, matches, (open_price, high, low, close))
        if was_late or book.is_ambiguous:
            self.ambiguous_candles += 1
        desk.end_at_once(symbol, now)
        desk.end_due(symbol, now)
        if self._watcher is not None:
            self._watcher.see_candle(symbol, open_time, high, low, close)
        desk.tell_balances()

    def price_of(self, asset: str, other: str) -> Decimal | None:
        """The last price of an asset in another one, where their symbol is traded here."""
        book = self._books.get(f"{asset}/{other}")
        return None if book is None or math.isnan(book.price) else Decimal(repr(book.price))

    def _match_price(self, symbol: str, price: float) -> None:
        now, book, desk = self._clock.now(), self._books[symbol], self._desk
        desk.end_due(symbol, now)
        self._execution.run(book, book.match_open(price, now), (price,))
        # What is effective at this very time has seen the price as well.
        desk.end_at_once(symbol, math.nextafter(now, math.inf))
        if self._watcher is not None:
            self._watcher.see_price(symbol, price)
        desk.tell_balances()
