# SPDX-License-Identifier: Apache-2.0
"""What a portfolio has to sell and to buy. No input or output: prices and funds in, order requests out.

The portfolio is worth what its assets are at these prices, with what the reference market holds. An asset's target is
its share of that. What is above its target is sold first, what is below is bought with what that brings in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from octobot_tentacles.trading_modes.index.settings import IndexSettings
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable
from octobot_trading.personal_data.orders.order_request import OrderRequest

TAG: Final = "IndexTradingMode"


@dataclass(frozen=True, slots=True)
class Asset:
    """One traded asset. ``share`` is its target, 0 for one that is in the index no more."""

    market: Market
    price: Decimal
    total: Decimal
    available: Decimal
    share: Decimal

    @property
    def value(self) -> Decimal:
        """What is held of it, in the reference market."""
        return self.total * self.price


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Assets by name, and the reference market."""

    assets: Mapping[str, Asset]
    quote_total: Decimal
    quote_available: Decimal
    fees: FeeModel
    cause: dict[str, Any] | None = None

    @property
    def value(self) -> Decimal:
        """What all of it is worth."""
        return sum((asset.value for asset in self.assets.values()), self.quote_total)


def reason_to_rebalance(settings: IndexSettings, portfolio: Portfolio) -> str | None:
    """Which share has drifted how far; None while all are near their targets."""
    value = portfolio.value
    if not value:
        return None
    for name, asset in portfolio.assets.items():
        share = asset.value / value
        if not asset.share and asset.value and settings.sells_removed_at_once and _sale(settings, asset, ZERO):
            return f"{name} is held and in the index no more"
        if abs(share - asset.share) >= settings.drift and (asset.share or settings.sells_removed_at_once):
            return f"{name} is {_percent(share)} of the portfolio instead of {_percent(asset.share)}"
    quote = portfolio.quote_total / value
    if quote - settings.quote_share >= settings.quote_drift and any(one.share for one in portfolio.assets.values()):
        return f"the reference market is {_percent(quote)} of the portfolio instead of {_percent(settings.quote_share)}"
    return None


def sells(settings: IndexSettings, portfolio: Portfolio) -> list[OrderRequest]:
    """Market orders that bring every asset above its target down to it, but for those too small for their market."""
    value = portfolio.value
    quantities = [(asset, _sale(settings, asset, asset.share * value)) for asset in portfolio.assets.values()]
    return [_order(asset, OrderSide.SELL, quantity, portfolio) for asset, quantity in quantities if quantity]


def too_small(settings: IndexSettings, portfolio: Portfolio) -> list[str]:
    """Assets whose share has drifted too far and whose order would be too small for their market."""
    value = portfolio.value
    return [
        name
        for name, asset in portfolio.assets.items()
        if value
        and abs(asset.value / value - asset.share) >= settings.drift
        and not _is_possible(settings, asset, value)
    ]


def buys(settings: IndexSettings, portfolio: Portfolio) -> list[OrderRequest]:
    """Market orders that bring every asset below its target up to it, or as near as funds go, all alike."""
    value = portfolio.value
    missing = [(asset, asset.share * value - asset.value) for asset in portfolio.assets.values()]
    wanted = [(asset, amount) for asset, amount in missing if amount > ZERO]
    spendable = min(portfolio.quote_available, max(ZERO, portfolio.quote_total - settings.quote_share * value))
    total = sum((amount for _, amount in wanted), ZERO)
    orders = []
    left = portfolio.quote_available
    for asset, amount in wanted:
        part = min(left, amount if total <= spendable else amount * spendable / total)
        quantity = max_affordable(asset.market, OrderSide.BUY, asset.price, part, portfolio.fees, is_own_price=False)
        quantity = _adapted(settings, asset, quantity)
        if quantity:
            cost = asset.market.cost_of(quantity, asset.price)
            left -= portfolio.fees.needs(asset.market, OrderSide.BUY, quantity, cost)[1]
            orders.append(_order(asset, OrderSide.BUY, quantity, portfolio))
    return orders


def _is_possible(settings: IndexSettings, asset: Asset, value: Decimal) -> bool:
    target = asset.share * value
    if asset.value > target:
        return bool(_sale(settings, asset, target))
    return bool(_adapted(settings, asset, (target - asset.value) / asset.price))


def _sale(settings: IndexSettings, asset: Asset, target: Decimal) -> Decimal:
    excess = asset.available if not target else min(asset.available, asset.total - target / asset.price)
    return _adapted(settings, asset, excess)


def _adapted(settings: IndexSettings, asset: Asset, quantity: Decimal) -> Decimal:
    adapted = adapt_to_limits(asset.market, quantity, asset.price, is_own_price=False)
    least = asset.market.min_cost * (ONE + settings.minimum_margin)
    return adapted if adapted and asset.market.cost_of(adapted, asset.price) >= least else ZERO


def _order(asset: Asset, side: OrderSide, quantity: Decimal, portfolio: Portfolio) -> OrderRequest:
    return OrderRequest(asset.market.symbol, side, OrderType.MARKET, quantity, tag=TAG, cause=portfolio.cause)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.2f} %"
