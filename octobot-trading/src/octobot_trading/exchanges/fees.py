# SPDX-License-Identifier: Apache-2.0
"""What an exchange takes from a fill."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from octobot_trading.constants import ZERO
from octobot_trading.enums import FeeAsset, OrderSide
from octobot_trading.exchanges.market import ASSET_STEP, Market


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
            return (quantity * rate).quantize(ASSET_STEP, ROUND_UP), market.base
        return (cost * rate).quantize(ASSET_STEP, ROUND_UP), market.quote

    def reserve(self, side: OrderSide, cost: Decimal) -> Decimal:
        """Quote that a buy of ``cost`` needs beside the cost itself."""
        if side is OrderSide.BUY and self.charged_in is FeeAsset.QUOTE:
            return (cost * max(self.maker, self.taker)).quantize(ASSET_STEP, ROUND_UP)
        return ZERO
