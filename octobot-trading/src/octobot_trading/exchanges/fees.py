# SPDX-License-Identifier: Apache-2.0
"""What an exchange takes from a fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from octobot_commons.errors import SettingError
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import FeeAsset, OrderSide
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market


@dataclass(frozen=True, slots=True)
class FeeRates:
    """Fractions: Decimal("0.001") is 0.1 %. Negative ones are paid to the trader."""

    maker: Decimal = ZERO
    taker: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class FeeDiscount:
    """Fees may be taken from ``asset``, and are then smaller by ``discount``, a fraction.

    Binance: "BNB", 25 % on spot and 10 % on futures (https://www.binance.com/en/fee/trading).
    """

    asset: str
    discount: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.discount <= 1:
            raise SettingError(f"a fee discount of {self.discount} is no fraction", field="discount")


@dataclass(frozen=True, slots=True)
class FeeModel:
    """Proportional fees. Rates are fractions: Decimal("0.001") is 0.1 %.

    ``charged_in`` RECEIVED takes them from the asset that the fill brings in (base of a buy, quote of a sell), as spot
    exchanges do by default; BASE and QUOTE always take that one. Contracts always pay in their settlement asset.

    Attributes:
        discount: takes fees from a third asset as long as the account has enough of it; when it has not, or no price
            of it is known, the fee is taken as without discount and in full, as Binance does.
        market_rates: rates of symbols that have their own.
        step: fees are rounded up to a multiple of it, what is paid to the trader down.
    """

    maker: Decimal = ZERO
    taker: Decimal = ZERO
    charged_in: FeeAsset = FeeAsset.RECEIVED
    discount: FeeDiscount | None = None
    market_rates: Mapping[str, FeeRates] = field(default_factory=dict, hash=False)
    step: Decimal = ASSET_STEP

    def rates(self, symbol: str) -> FeeRates:
        """The rates of a symbol."""
        return self.market_rates.get(symbol) or FeeRates(self.maker, self.taker)

    def fee(
        self,
        market: Market,
        side: OrderSide,
        quantity: Decimal,
        cost: Decimal,
        is_taker: bool,
        *,
        discount_price: Decimal | None = None,
        discount_available: Decimal = ZERO,
    ) -> tuple[Decimal, str]:
        """(fee, asset it is taken from), rounded up to the step.

        ``discount_price`` is the price of the discount's asset in the market's settlement asset, None where it is not
        known; ``discount_available`` what the account can pay of it.
        """
        rates = self.rates(market.symbol)
        rate = rates.taker if is_taker else rates.maker
        if self.discount is not None and discount_price is not None and rate > 0:
            fee = self._discounted(WIDE.multiply(cost, rate), self.discount, discount_price)
            if fee <= discount_available:
                return fee, self.discount.asset
        asset = self.fee_asset(market, side)
        in_base = asset == market.base and market.contract is None
        return self._rounded(WIDE.multiply(quantity if in_base else cost, rate)), asset

    def fee_asset(self, market: Market, side: OrderSide) -> str:
        """What fees are taken from without a discount."""
        if market.contract is not None:
            return market.contract.settlement
        if self.charged_in is FeeAsset.RECEIVED:
            return market.base if side is OrderSide.BUY else market.quote
        return market.base if self.charged_in is FeeAsset.BASE else market.quote

    def reserve(self, side: OrderSide, cost: Decimal) -> Decimal:
        """Quote that a buy of ``cost`` needs beside the cost itself, at the model's own rates on a spot market."""
        if side is OrderSide.BUY and self.charged_in is FeeAsset.QUOTE:
            return self._rounded(WIDE.multiply(cost, _highest(self.rates(""))))
        return ZERO

    def reserved_rate(self, market: Market, side: OrderSide) -> Decimal:
        """The part of what an order spends that it needs on top for its fee; zero where what it brings in pays."""
        spent = market.quote if side is OrderSide.BUY else market.base
        if market.contract is not None or self.fee_asset(market, side) == spent:
            return _highest(self.rates(market.symbol))
        return ZERO

    def needs(self, market: Market, side: OrderSide, quantity: Decimal, cost: Decimal) -> tuple[str, Decimal]:
        """(asset, amount) that a spot order needs: what it spends and the fee where that is taken from the same asset.

        A discount is not counted on: its asset may be gone when the order fills. With contracts this is the whole cost
        with its fee, which no margin divides.
        """
        rate = self.reserved_rate(market, side)
        if side is OrderSide.SELL and market.contract is None:
            return market.base, WIDE.add(quantity, self._rounded(WIDE.multiply(quantity, rate)))
        return market.settlement, WIDE.add(cost, self._rounded(WIDE.multiply(cost, rate)))

    def _discounted(self, fee: Decimal, discount: FeeDiscount, price: Decimal) -> Decimal:
        return self._rounded(WIDE.divide(WIDE.multiply(fee, WIDE.subtract(ONE, discount.discount)), price))

    def _rounded(self, amount: Decimal) -> Decimal:
        if self.step == ASSET_STEP:
            return amount.quantize(ASSET_STEP, ROUND_CEILING, WIDE)
        return WIDE.multiply(WIDE.divide(amount, self.step).to_integral_value(ROUND_CEILING, WIDE), self.step)


def _highest(rates: FeeRates) -> Decimal:
    return max(ZERO, rates.maker, rates.taker)
