# SPDX-License-Identifier: Apache-2.0
"""What the simulated exchange asks of an account, whatever is traded."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.groups import leg_of
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.order_holds import Hold
from octobot_trading.personal_data.portfolio.portfolio import Balance, Portfolio
from octobot_trading.personal_data.trades.fill import Fill


def hold_of(order_id: str, request: OrderRequest, asset: str, amount: Decimal) -> Hold:
    """What an order holds that needs an amount of an asset, shared as its group says."""
    return Hold.of_order(order_id, request.group_id, asset, amount, leg_of(request))


class Ledger(Protocol):
    """An account with the funds that its open orders hold."""

    portfolio: Portfolio

    def hold(self, order_id: str, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal) -> None:
        """Lock what an order needs for ``quantity``; ``price`` is its own or, for a market order, an estimate.

        Raises:
            InsufficientFunds: there is not enough; nothing was changed.
            OrderRefused: the account cannot have such an order.
        """

    def release(self, order_id: str) -> Hold:
        """Unlock what only this order needed, and return what it held."""

    def put_back(self, order_id: str, request: OrderRequest, held: Hold) -> None:
        """Undo a release. Prices may have left less available since the order was accepted: this does not look."""

    def fit(self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool) -> Decimal:
        """How much of ``quantity`` the account can pay for at ``price``, the order's own lock released."""

    def fee(
        self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool
    ) -> tuple[Decimal, str]:
        """(fee of a fill, asset it is taken from)."""

    def apply(self, fill: Fill, market: Market, request: OrderRequest) -> None:
        """Book a fill of an order, fee included."""

    def take_changes(self) -> dict[str, Balance]:
        """The balances that changed since the last call."""
