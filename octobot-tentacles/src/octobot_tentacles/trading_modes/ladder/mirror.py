# SPDX-License-Identifier: Apache-2.0
"""How much the order that follows a fill trades.

A filled buy of q at a level brings in r = q less the fee that was taken in base; its sell trades r. A filled sell
brings in c, its cost less the fee taken in quote; its buy trades what c pays for at the level's buying price
(``reinvest_profits``), else q again, or what c pays for where that is less. ``ignore_exchange_fees`` counts r and c
without the fee, and ``use_fixed_volume_for_mirror_orders`` trades the side's fixed volume, or q where none is set; both
may add what is free of the account to r or c, and trade less where there is nothing. Volumes are cut to the market's
steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable
from octobot_trading.personal_data.orders.order import Order


@dataclass(frozen=True, slots=True)
class Filled:
    """What an order has traded; ``cost`` without fees."""

    side: OrderSide
    quantity: Decimal
    cost: Decimal
    fees: Mapping[str, Decimal]

    @classmethod
    def of_order(cls, order: Order) -> Filled:
        """What an order of the orders manager has traded."""
        return cls(order.request.side, order.filled_quantity, order.cost, dict(order.fees))

    def received_asset(self, market: Market) -> str:
        """Which asset it has brought in: what the mirror order spends."""
        return market.base if self.side is OrderSide.BUY else market.quote

    def received(self, market: Market) -> Decimal:
        """What it has brought in, fee taken out: base of a buy, quote of a sell."""
        if self.side is OrderSide.BUY:
            return self.quantity - self.fees.get(market.base, ZERO)
        return self.cost - self.fees.get(market.quote, ZERO)


def mirror_quantity(
    market: Market,
    fees: FeeModel,
    settings: LadderSettings,
    filled: Filled,
    price: Decimal,
    free: Decimal = ZERO,
) -> Decimal:
    """The volume of the mirror order at ``price``; zero where the market takes none so small.

    ``free`` is what the account has of the asset that it spends, that nothing else waits for.
    """
    own = filled.received(market)
    if settings.mirror.ignore_fees or settings.mirror.keeps_volume:
        own += max(ZERO, free)
    side = OrderSide.SELL if filled.side is OrderSide.BUY else OrderSide.BUY
    affordable = max_affordable(market, side, price, own, fees)
    return adapt_to_limits(market, min(affordable, _wanted(market, fees, settings, filled, side, price)), price)


def _wanted(
    market: Market, fees: FeeModel, settings: LadderSettings, filled: Filled, side: OrderSide, price: Decimal
) -> Decimal:
    funds = settings.funds
    if settings.mirror.keeps_volume:
        return (funds.buy_volume if side is OrderSide.BUY else funds.sell_volume) or filled.quantity
    if side is OrderSide.BUY and settings.mirror.reinvest_profits:
        proceeds = filled.cost if settings.mirror.ignore_fees else filled.received(market)
        return max_affordable(market, side, price, proceeds, fees)
    return filled.quantity
