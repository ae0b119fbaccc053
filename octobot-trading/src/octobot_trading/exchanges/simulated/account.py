# SPDX-License-Identifier: Apache-2.0
"""The simulated exchange's ledger of a spot account: which funds each order holds, and what fills do to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide, PositionSide
from octobot_trading.errors import InvalidOrder
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market
from octobot_trading.exchanges.simulated.ledger import hold_of
from octobot_trading.personal_data.orders.adapting import is_tradable
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.order_holds import Hold, OrderHolds
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
        self._holds = OrderHolds()
        self._changed: dict[str, Balance] = {}

    def hold(self, order_id: str, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal) -> None:
        """Lock what an order needs: base of a sale, quote of a purchase, and its fee; see ``Ledger``."""
        if request.reduce_only or request.position_side is not PositionSide.BOTH:
            raise InvalidOrder(
                f"{request.symbol}: a spot account has no positions", rule="reduce_only", remedy="sell what is held"
            )
        asset, amount = self._needs(request, market, quantity, price)
        self.put_back(order_id, request, hold_of(order_id, request, asset, amount))

    def release(self, order_id: str) -> Hold:
        """Unlock what only this order needed, and return what it held."""
        held = self._holds.get(order_id)
        if held is None:
            raise KeyError(order_id)
        self._set_hold(order_id, None, self._holds.change_of_locked({order_id: None}))
        return held

    def put_back(self, order_id: str, request: OrderRequest, held: Hold) -> None:
        """Undo a release."""
        self._set_hold(order_id, held, self._holds.change_of_locked({order_id: held}))

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
        tradable = market.quantize_amount(affordable)
        return tradable if is_tradable(market, tradable, price, is_own_price=False) else ZERO

    def fee(
        self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool
    ) -> tuple[Decimal, str]:
        """(fee of a fill, asset it is taken from)."""
        model, discount = self._fee_model, self._fee_model.discount
        cost = market.cost_of(quantity, price)
        if discount is None:
            return model.fee(market, request.side, quantity, cost, is_taker)
        # What the fill itself takes of the discount's asset pays no fee.
        paid_asset, paid = (market.quote, cost) if request.side is OrderSide.BUY else (market.base, quantity)
        available = self.portfolio.available(discount.asset) - (paid if paid_asset == discount.asset else ZERO)
        return model.fee(
            market,
            request.side,
            quantity,
            cost,
            is_taker,
            discount_price=self._price_of(discount.asset, market.settlement),
            discount_available=available,
        )

    def apply(self, fill: Fill, market: Market, request: OrderRequest) -> None:
        """Exchange what a fill exchanged, fee included."""
        exchanged = fill.exchanged(market.base, market.quote)
        self._changed.update(self.portfolio.change_all({asset: (amount, ZERO) for asset, amount in exchanged.items()}))

    def take_changes(self) -> dict[str, Balance]:
        """The balances that changed since the last call."""
        changed, self._changed = self._changed, {}
        return changed

    def _set_hold(self, order_id: str, hold: Hold | None, change: Mapping[str, Decimal]) -> None:
        for asset, locked in change.items():
            self._change(asset, locked=locked)
        self._holds.take_over({order_id: hold})

    def _needs(self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal) -> tuple[str, Decimal]:
        """(asset, amount) that a fill of this size needs, with the fee where that is taken from the same asset."""
        return self._fee_model.needs(market, request.side, quantity, market.cost_of(quantity, price))

    def _change(self, asset: str, total: Decimal = ZERO, locked: Decimal = ZERO) -> None:
        if total or locked:
            self._changed[asset] = self.portfolio.change(asset, total, locked)


def _share(quantity: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return WIDE.divide(WIDE.multiply(quantity, part), whole)
