# SPDX-License-Identifier: Apache-2.0
"""Which orders turn all that an account holds into its reference market, at the market.

Only assets of followed symbols count: whatever else lies in the account is nobody's business here. An asset without a
symbol with the reference market goes through one other asset; ask again once that is sold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.personal_data.orders.adapting import max_affordable, split_amount
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.position import Position

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

#: How these orders are found among others.
FLATTENING_TAG = "flatten"


@dataclass(slots=True)
class Flattening:
    """What there is to do, and what cannot be done.

    Attributes:
        requests: market orders, to be handed in now.
        obstacles: what is held and cannot be sold now, and why.
        dust: what is held and is too little to be traded, or locked by orders: amounts by asset.
    """

    requests: list[OrderRequest] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    dust: dict[str, Decimal] = field(default_factory=dict)


def plan_flattening(
    manager: ExchangeManager,
    balances: Mapping[str, Balance],
    positions: Sequence[Position] = (),
    debts: Mapping[str, Decimal] | None = None,
) -> Flattening:
    """The orders that close positions, buy back what is owed, and sell what is available."""
    plan = Flattening()
    for position in positions:
        if position.is_open:
            plan.requests.append(_closing(position))
    routes, owed = _Routes(manager), {asset: debt for asset, debt in (debts or {}).items() if debt > 0}
    for asset in routes.assets():
        if asset != manager.reference_market:
            balance = balances.get(asset, Balance(ZERO, ZERO))
            _flatten_asset(plan, routes, asset, balance, owed.get(asset, ZERO))
    return plan


def _closing(position: Position) -> OrderRequest:
    side = OrderSide.SELL if position.quantity > 0 else OrderSide.BUY
    return OrderRequest(
        position.market.symbol,
        side,
        OrderType.MARKET,
        abs(position.quantity),
        tag=FLATTENING_TAG,
        reduce_only=True,
        position_side=position.side,
    )


class _Routes:
    """The followed spot symbols, and where each asset goes through them."""

    def __init__(self, manager: ExchangeManager) -> None:
        self.manager = manager
        markets = (manager.get_market(symbol) for symbol in manager.symbols)
        self.markets = [market for market in markets if market.contract is None]

    def assets(self) -> list[str]:
        """Every asset that is traded."""
        return list(dict.fromkeys(asset for market in self.markets for asset in (market.base, market.quote)))

    def find(self, asset: str) -> Market | None:
        """The symbol to turn an asset into the reference market with, or into one that has such a symbol."""
        reference = self.manager.reference_market
        between = [market for market in self.markets if asset in (market.base, market.quote)]
        direct = {one for market in self.markets if reference in (market.base, market.quote)
                  for one in (market.base, market.quote)}  # fmt: skip
        for market in between:
            if reference in (market.base, market.quote):
                return market
        return next((market for market in between if {market.base, market.quote} - {asset} <= direct), None)


def _flatten_asset(plan: Flattening, routes: _Routes, asset: str, balance: Balance, owed: Decimal) -> None:
    missing = max(ZERO, WIDE.subtract(owed, balance.total))
    surplus = max(ZERO, WIDE.subtract(balance.available, owed))
    if not missing and not balance.total:
        return
    market = routes.find(asset)
    price = None if market is None else routes.manager.get_symbol_data(market.symbol).last_price
    if market is None or price is None:
        why = "no symbol leads to the reference market" if market is None else f"no price of {market.symbol} is known"
        plan.obstacles.append(f"{asset}: {why}")
        return
    amount = missing or surplus
    # A symbol whose quote the asset is gives it away by buying.
    gives_base = (market.base == asset) is not bool(missing)
    side = OrderSide.SELL if gives_base else OrderSide.BUY
    parts = list(_parts(routes.manager, market, asset, amount, price, is_owed=bool(missing)))
    plan.requests += [OrderRequest(market.symbol, side, OrderType.MARKET, part, tag=FLATTENING_TAG) for part in parts]
    if not parts:
        if missing:
            plan.obstacles.append(f"{asset}: {missing} are owed, too little to be bought")
        else:
            plan.dust[asset] = balance.total


def _parts(
    manager: ExchangeManager, market: Market, asset: str, amount: Decimal, price: Decimal, *, is_owed: bool
) -> Iterator[Decimal]:
    """Amounts of base that are worth ``amount`` of the asset."""
    if market.base == asset:
        quantity = amount
    elif is_owed:
        quantity = WIDE.divide(amount, price)
    else:
        fees = manager.exchange.fee_model
        quantity = max_affordable(market, OrderSide.BUY, price, amount, fees, is_own_price=False)
    return split_amount(market, quantity, price, is_own_price=False)
