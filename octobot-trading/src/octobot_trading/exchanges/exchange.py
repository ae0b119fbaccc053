# SPDX-License-Identifier: Apache-2.0
"""The contract of an exchange. Live, paper and backtest differ only in which implementation stands here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from octobot_trading.constants import ONE
from octobot_trading.enums import OrderStatus, OrderType
from octobot_trading.errors import InvalidSetting, OrderRefused
from octobot_trading.exchange_data.feed_settings import FeedRules
from octobot_trading.exchange_data.order_book.checksums import VENUE_CHECKSUMS
from octobot_trading.exchange_data.order_book.sequences import NUMBERED_TRADES, VENUE_RULES
from octobot_trading.exchanges.client_order_ids import client_order_id
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.trades.fill import Fill


class ListedOrder(NamedTuple):
    """An order as an exchange lists it, whoever made it."""

    order_id: str
    symbol: str
    client_order_id: str | None = None


class AccountListener(Protocol):
    """Told of whatever happens to the account, in the order in which it happens."""

    def on_fill(self, fill: Fill) -> None:
        """Part or all of an order was executed."""

    def on_order_closed(self, order_id: str, status: OrderStatus, time: float, reason: str | None) -> None:
        """An order ended."""

    def on_chaining(self, parent_id: str, request: OrderRequest) -> None:
        """A fill of ``parent_id`` is about to bring up an order that was handed in with it; called where the exchange
        can still be told not to.

        Raises:
            OrderRefused: it must not come up.
        """

    def on_order_created(self, order_id: str, request: OrderRequest, parent_id: str, time: float) -> None:
        """A fill of ``parent_id`` has brought up an order that was handed in with it."""

    def on_chained_refused(self, parent_id: str, request: OrderRequest, error: OrderRefused) -> None:
        """A fill of ``parent_id`` should have brought up an order, which was refused."""

    def on_order_triggered(self, order_id: str, time: float) -> None:
        """The stop price of an order was reached."""

    def on_order_edited(self, order_id: str, request: OrderRequest, time: float) -> None:
        """The exchange has changed what an order asks for, as its group demands."""

    def on_positions(self, positions: Sequence[Position]) -> None:
        """These positions are now so; the objects are the listener's own."""

    def on_debts(self, debts: Mapping[str, Decimal]) -> None:
        """What a margin account owes of each asset now, with interest; assets of which nothing is owed are left out."""

    def on_balances(self, balances: Mapping[str, Balance]) -> None:
        """These assets' balances are now so."""


class Exchange(ABC):
    """One account on one exchange.

    Attributes:
        supported_order_types: those that it takes; the bot itself manages the others.
        bundles_orders: whether it takes the orders chained to one together with it and brings them up as it fills;
            elsewhere the bot does.
        groups_orders: whether it lets the orders of a group answer to each other's fills; elsewhere the bot does, a
            moment later.
        request_lifetime_seconds: after which a request that has not arrived is not carried out any more.
    """

    name: str
    fee_model: FeeModel
    supported_order_types: frozenset[OrderType] = frozenset(OrderType)
    bundles_orders: bool = False
    groups_orders: bool = False
    request_lifetime_seconds: float = 10.0

    @property
    @abstractmethod
    def listener(self) -> AccountListener | None:
        """Who is told of what happens to the account."""

    @listener.setter
    @abstractmethod
    def listener(self, listener: AccountListener | None) -> None: ...

    @abstractmethod
    def get_market(self, symbol: str) -> Market:
        """The rules of a symbol.

        Raises:
            UnknownSymbol: it is not traded here.
        """

    def feed_rules(self, symbol: str) -> FeedRules:
        """How the venue sends the data of a symbol's market: by default what is known of the venue of this name.

        Override it where the connection hands over less, such as order books without their numbers or texts.

        Raises:
            UnknownSymbol: it is not traded here.
        """
        return FeedRules(
            sequence=VENUE_RULES.get(self.name),
            checksum=VENUE_CHECKSUMS.get(self.name),
            tick_size=self.get_market(symbol).tick_size,
            numbers_trades=self.name in NUMBERED_TRADES,
        )

    @abstractmethod
    async def fetch_balance(self) -> dict[str, Balance]:
        """What the account holds, by asset."""

    async def fetch_positions(self) -> list[Position]:
        """The open positions; none on spot markets."""
        return []

    def leverage_of(self, symbol: str) -> Decimal:
        """By how much margin is multiplied where a contract is opened; 1 on spot markets."""
        return ONE

    async def set_leverage(self, symbol: str, leverage: Decimal) -> None:
        """Let later orders of a contract, and its present position, have another leverage.

        Raises:
            InvalidSetting: the exchange or the account does not allow it; nothing was changed.
        """
        raise InvalidSetting(
            f"{self.name}: the leverage of {symbol} cannot be set here",
            field="leverage",
            remedy="set it on the exchange itself",
        )

    async def fetch_debts(self) -> dict[str, Decimal]:
        """What is owed of each asset, with interest; nothing but on margin accounts."""
        return {}

    @abstractmethod
    async def fetch_open_orders(self) -> list[ListedOrder]:
        """Every open order of the account, as the exchange itself knows them now; those of others included."""

    def client_order_id(self, intent: str) -> str:
        """The client order id of an intent, in the form that this exchange takes."""
        return client_order_id(intent)

    @abstractmethod
    async def create_order(self, request: OrderRequest) -> str:
        """Hand an order in; returns the exchange's id for it once it is accepted.

        Raises:
            OrderRefused: the order breaks a rule; nothing was changed.
            TemporaryFault: the exchange has not looked at it; nothing was changed.
            OutcomeUnknown: it may have been accepted or not. ``find_order`` tells.
        """

    @abstractmethod
    async def find_order(self, symbol: str, client_order_id: str) -> ListedOrder | None:
        """The order that was handed in under this client order id, ended ones too; None where there is none (yet).

        Raises:
            TemporaryFault: it cannot be asked now.
        """

    @abstractmethod
    async def cancel_order(self, order_id: str) -> bool:
        """Ask for the cancellation of an open order; False when it was not open any more."""

    @abstractmethod
    async def edit_order(
        self,
        order_id: str,
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        stop_price: Decimal | None = None,
    ) -> None:
        """Change an open order in one step; None leaves a field as it is.

        ``quantity`` counts what has filled already.

        Raises:
            OrderNotOpen: it has ended.
            OrderRefused: what it would become breaks a rule; it was not changed.
        """
