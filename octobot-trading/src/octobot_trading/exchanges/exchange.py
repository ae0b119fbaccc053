# SPDX-License-Identifier: Apache-2.0
"""The contract of an exchange. Live, paper and backtest differ only in which implementation stands here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Protocol

from octobot_trading.enums import OrderStatus
from octobot_trading.exchange_data.feed_settings import FeedRules
from octobot_trading.exchange_data.order_book.checksums import VENUE_CHECKSUMS
from octobot_trading.exchange_data.order_book.sequences import NUMBERED_TRADES, VENUE_RULES
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.trades.fill import Fill


class AccountListener(Protocol):
    """Told of whatever happens to the account, in the order in which it happens."""

    def on_fill(self, fill: Fill) -> None:
        """Part or all of an order was executed."""

    def on_order_closed(self, order_id: str, status: OrderStatus, time: float, reason: str | None) -> None:
        """An order ended."""

    def on_balances(self, balances: Mapping[str, Balance]) -> None:
        """These assets' balances are now so."""


class Exchange(ABC):
    """One account on one exchange."""

    name: str
    fee_model: FeeModel
    listener: AccountListener | None = None

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

    @abstractmethod
    async def create_order(self, request: OrderRequest) -> str:
        """Hand an order in; returns the exchange's id for it once it is accepted.

        Raises:
            OrderRefused: the order breaks a rule; nothing was changed.
        """

    @abstractmethod
    async def cancel_order(self, order_id: str) -> bool:
        """Cancel an open order; False when it was not open any more."""
