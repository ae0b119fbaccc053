# SPDX-License-Identifier: Apache-2.0
"""What an exchange takes from a fill."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from octobot_trading.constants import ZERO
from octobot_trading.enums import FeeAsset, OrderSide
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market


@dataclass(frozen=True, slots=True)
class FeeModel:
    """Proportional fees. Rates are fractions: Decimal("0.001") is 0.1 %.

    ``charged_in`` RECEIVED takes them from the asset that the fill brings in (base of a buy, quote of a sell), as spot
    exchanges do by default; QUOTE always takes quote.
    """

    maker: Decimal = ZERO
    taker: Decimal = ZERO
    charged_in: FeeAsset = FeeAsset.RECEIVED

    def fee(
        self, market: Market, side: OrderSide, quantity: Decimal, cost: Decimal, is_taker: bool
    ) -> tuple[Decimal, str]:
        """(fee, asset it is taken from), rounded up to the asset's step."""
        rate = self.taker if is_taker else self.maker
        if side is OrderSide.BUY and self.charged_in is FeeAsset.RECEIVED:
            return _share(quantity, rate), market.base
        return _share(cost, rate), market.quote

    def reserve(self, side: OrderSide, cost: Decimal) -> Decimal:
        """Quote that a buy of ``cost`` needs beside the cost itself."""
        if side is OrderSide.BUY and self.charged_in is FeeAsset.QUOTE:
            return _share(cost, max(ZERO, self.maker, self.taker))
        return ZERO


def _share(amount: Decimal, rate: Decimal) -> Decimal:
    return WIDE.multiply(amount, rate).quantize(ASSET_STEP, ROUND_UP, WIDE)
