# SPDX-License-Identifier: Apache-2.0
"""The simulated exchange's ledger of a spot account: which funds each order holds, and what fills do to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide, PositionSide
from octobot_trading.errors import InvalidOrder, OrderRefused
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market
from octobot_trading.exchanges.simulated.holds import Holds, Need
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance, Portfolio
from octobot_trading.personal_data.trades.fill import Fill

PriceOf: TypeAlias = Callable[[str, str], Decimal | None]


def no_price(asset: str, other: str) -> Decimal | None:
    """Of no asset a price is known."""
    return None


class Account:
    """A spot account with its orders' holds. Every method keeps total ≥ locked ≥ 0 or raises, changing nothing."""

    def __init__(
        self,
        starting_portfolio: Mapping[str, Decimal],
        fee_model: FeeModel | None = None,
        price_of: PriceOf = no_price,
    ) -> None:
        """``price_of(asset, other)`` tells the last price of an asset in another one, for fees in a third asset."""
        self.portfolio = Portfolio(starting_portfolio)
        self._fee_model = fee_model or FeeModel()
        self._price_of = price_of
        self._holds = Holds()
        self._changed: dict[str, Balance] = {}

    def hold(self, order_id: str, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal) -> None:
        """Lock what an order needs: base of a sale, quote of a purchase, and its fee; see ``Ledger``."""
        self._check_spot(request)
        asset, amount = self._needs(request, market, quantity, price)
        need, more = self._holds.needs_more(order_id, request, asset, amount)
        self._change(asset, locked=more)
        self._holds.add(order_id, need)

    def release(self, order_id: str) -> Need:
        """Unlock what only this order needed, and return what it held."""
        need = self._holds.need_of(order_id)
        for asset, less in self._holds.remove(order_id).items():
            self._change(asset, locked=less)
        return need

    def put_back(self, order_id: str, request: OrderRequest, need: Need) -> None:
        """Undo a release."""
        self._change(need.asset, locked=self._holds.change_by(need, order_id))
        self._holds.add(order_id, need)

    def fit(self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool) -> Decimal:
        """The quantity, or less when the price has moved beyond what is available to pay for it."""
        asset, needed = self._needs(request, market, quantity, price)
        available = self.portfolio.available(asset)
        if needed <= available:
            return quantity
        affordable = market.quantize_amount(_share(quantity, available, needed))
        if self._needs(request, market, affordable, price)[1] > available:
            # Cost and fee are rounded to steps of the asset, which may have added one step each.
            affordable = _share(quantity, max(ZERO, available - 2 * ASSET_STEP), needed)
        return self._tradable(market, affordable, price)

    def fee(
        self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool
    ) -> tuple[Decimal, str]:
        """(fee of a fill, asset it is taken from)."""
        model, discount = self._fee_model, self._fee_model.discount
        cost = market.cost_of(quantity, price)
        if discount is None:
            return model.fee(market, request.side, quantity, cost, is_taker)
        return model.fee(
            market,
            request.side,
            quantity,
            cost,
            is_taker,
            discount_price=self._price_of(discount.asset, market.settlement),
            discount_available=self.portfolio.available(discount.asset),
        )

    def apply(self, fill: Fill, market: Market, request: OrderRequest) -> None:
        """Exchange what a fill exchanged, fee included."""
        is_buy = fill.side is OrderSide.BUY
        paid_asset, paid = (market.quote, fill.cost) if is_buy else (market.base, fill.quantity)
        received_asset, received = (market.base, fill.quantity) if is_buy else (market.quote, fill.cost)
        if fill.fee_asset == received_asset:
            received -= fill.fee
        elif fill.fee_asset == paid_asset:
            paid += fill.fee
        else:
            self._change(fill.fee_asset, total=-fill.fee)
        # What goes out first: nothing is changed when it is not there.
        self._change(paid_asset, total=-paid)
        self._change(received_asset, total=received)

    def take_changes(self) -> dict[str, Balance]:
        """The balances that changed since the last call."""
        changed, self._changed = self._changed, {}
        return changed

    @staticmethod
    def _check_spot(request: OrderRequest) -> None:
        if request.reduce_only or request.position_side is not PositionSide.BOTH:
            raise InvalidOrder(
                f"{request.symbol}: a spot account has no positions", rule="reduce_only", remedy="sell what is held"
            )

    def _needs(self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal) -> tuple[str, Decimal]:
        """(asset, amount) that a fill of this size needs, with the fee where that is taken from the same asset."""
        return self._fee_model.needs(market, request.side, quantity, market.cost_of(quantity, price))

    def _tradable(self, market: Market, quantity: Decimal, price: Decimal) -> Decimal:
        tradable = market.quantize_amount(quantity)
        try:
            market.check(tradable, price, is_own_price=False)
        except OrderRefused:
            return ZERO
        return tradable

    def _change(self, asset: str, total: Decimal = ZERO, locked: Decimal = ZERO) -> None:
        if total or locked:
            self._changed[asset] = self.portfolio.change(asset, total, locked)


def _share(quantity: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return WIDE.divide(WIDE.multiply(quantity, part), whole)
