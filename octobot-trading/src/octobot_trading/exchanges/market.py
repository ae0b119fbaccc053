# SPDX-License-Identifier: Apache-2.0
"""What an exchange allows on one symbol: steps, minimums and maximums, in Decimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from octobot_commons.symbols import parse_symbol
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.errors import (
    AboveMaximum,
    BelowMinimum,
    InvalidAmount,
    InvalidPrice,
    MarketClosed,
    OrderRefused,
    WrongPrecision,
)
from octobot_trading.exchanges.ccxt_market import PrecisionMode, ccxt_rules
from octobot_trading.exchanges.market_limits import UNLIMITED, AmountRules, ContractTerms, Limits, PercentPrice

#: Balances, costs and fees are kept to this step, the finest that spot exchanges publish.
ASSET_STEP = Decimal("1E-8")
#: Products of amounts and prices are exact in it, whatever the host program's own context rounds or traps.
WIDE = Context(prec=60)
_TOO_LARGE = Decimal("1E+18")
_ROUNDING = {None: ROUND_HALF_EVEN, OrderSide.BUY: ROUND_FLOOR, OrderSide.SELL: ROUND_CEILING}


@dataclass(frozen=True, slots=True)
class Market:
    """The rules of one symbol.

    Amounts are in the base asset, or in contracts where ``contract`` is given; prices are in the quote asset, costs
    too, but in the base asset for inverse contracts.

    Attributes:
        prices: what an order's own price has to lie in.
        market_orders: the amounts of market orders, where these have rules of their own.
        percent_price: how far an order's own price may be from a reference price.
        is_active: False for a market that takes no orders.
    """

    symbol: str
    base: str
    quote: str
    amount_step: Decimal = ASSET_STEP
    price_tick: Decimal = ASSET_STEP
    min_amount: Decimal = ZERO
    max_amount: Decimal | None = None
    min_cost: Decimal = ZERO
    max_cost: Decimal | None = None
    prices: Limits = UNLIMITED
    market_orders: AmountRules | None = None
    percent_price: PercentPrice | None = None
    contract: ContractTerms | None = None
    is_active: bool = True

    @classmethod
    def default(cls, symbol: str) -> Market:
        """Rules for a symbol that nothing is known of: eight decimals, no minimum.

        A contract is for one unit: of base where it is linear, of quote where it is inverse.
        """
        parsed = parse_symbol(symbol)
        settlement = parsed.settlement_asset
        terms = None if settlement is None else ContractTerms(settlement, is_inverse=parsed.is_inverse())
        return cls(symbol, parsed.base, parsed.quote, contract=terms)

    @classmethod
    def from_ccxt(cls, market: Mapping[str, Any], precision_mode: int = PrecisionMode.TICK_SIZE) -> Market:
        """The rules that a market structure of ccxt tells; ``precision_mode`` is its exchange's ``precisionMode``.

        Raises:
            DataError: a field that the rules need is missing or no number.
        """
        return cls(**ccxt_rules(market, precision_mode, ASSET_STEP))

    @property
    def tick_size(self) -> float:
        """The price step for code that counts in doubles, 0 where it is not known.

        The finest step that there is counts as not known, as it is what markets have of which nothing is known.
        """
        return 0.0 if self.price_tick == ASSET_STEP else float(self.price_tick)

    @property
    def is_inverse(self) -> bool:
        """Whether costs, profits and fees are in the base asset."""
        return self.contract is not None and self.contract.is_inverse

    @property
    def contract_size(self) -> Decimal:
        """What one of its amounts stands for: one of base, or a contract's size."""
        return ONE if self.contract is None else self.contract.size

    @property
    def settlement(self) -> str:
        """The asset of costs: quote, but for inverse contracts."""
        return self.quote if self.contract is None else self.contract.settlement

    def amount_rules(self, *, is_market_order: bool = False) -> tuple[Limits, Decimal]:
        """(minimum and maximum, step) of amounts."""
        rules = self.market_orders if is_market_order else None
        if rules is None:
            return Limits(self.min_amount, self.max_amount), self.amount_step
        return rules.limits, rules.step or self.amount_step

    def quantize_amount(self, amount: Decimal, *, is_market_order: bool = False) -> Decimal:
        """The largest multiple of the amount step that is not above ``amount``."""
        _, step = self.amount_rules(is_market_order=is_market_order)
        return WIDE.multiply(WIDE.divide_int(amount, step), step)

    def quantize_price(self, price: Decimal, side: OrderSide | None = None) -> Decimal:
        """The tradable price nearest to ``price``; with a side the nearest that is no worse for it."""
        ticks = WIDE.divide(price, self.price_tick).to_integral_value(_ROUNDING[side], WIDE)
        return WIDE.multiply(ticks, self.price_tick)

    def quantize_cost(self, cost: Decimal) -> Decimal:
        """``cost`` to the settlement asset's step, rounded down."""
        return cost.quantize(ASSET_STEP, ROUND_DOWN, WIDE)

    def cost_of(self, quantity: Decimal, price: Decimal) -> Decimal:
        """What ``quantity`` costs at ``price``, to the settlement asset's step.

        quantity · price; for contracts quantity · size · price, for inverse ones quantity · size / price.
        """
        if self.contract is None:
            return self.quantize_cost(WIDE.multiply(quantity, price))
        units = WIDE.multiply(quantity, self.contract.size)
        return self.quantize_cost(WIDE.divide(units, price) if self.is_inverse else WIDE.multiply(units, price))

    def amount_of(self, base: Decimal, price: Decimal) -> Decimal:
        """How many of its amounts stand for this much of base at a price, not rounded: contracts where it has them."""
        if self.contract is None:
            return base
        return WIDE.divide(WIDE.multiply(base, price) if self.is_inverse else base, self.contract.size)

    def base_of(self, amount: Decimal, price: Decimal) -> Decimal:
        """How much of base an amount stands for at a price, not rounded."""
        if self.contract is None:
            return amount
        units = WIDE.multiply(amount, self.contract.size)
        return WIDE.divide(units, price) if self.is_inverse else units

    def check(
        self,
        quantity: Decimal,
        price: Decimal,
        *,
        is_own_price: bool = True,
        side: OrderSide | None = None,
        reference_price: Decimal | None = None,
    ) -> None:
        """Raise what the exchange would answer to an order of this size.

        ``is_own_price`` is False for market orders: their price is an estimate that need not keep to the rules of
        prices, and their amounts may have rules of their own. The bounds around a reference price are looked at where
        both it and the side are given.

        Raises:
            MarketClosed: it takes no orders.
            InvalidAmount, InvalidPrice: no positive number.
            WrongPrecision: rule amount_step or price_tick.
            BelowMinimum, AboveMaximum: rule min_amount, max_amount, min_price, max_price, min_cost, max_cost or
                percent_price.
        """
        if not self.is_active:
            raise MarketClosed(f"{self.symbol}: the market is closed", remedy="wait until it opens")
        if not quantity.is_finite() or not 0 < quantity < _TOO_LARGE:
            raise InvalidAmount(f"{self.symbol}: {quantity} is no amount to trade")
        if not price.is_finite() or not 0 < price < _TOO_LARGE:
            raise InvalidPrice(f"{self.symbol}: {price} is no price to trade at")
        self._check_amount(quantity, None if is_own_price else self.market_orders)
        if is_own_price:
            self._check_price(price, side, reference_price)
        cost, smallest = self.cost_of(quantity, price), max(self.min_cost, ASSET_STEP)
        if cost < smallest or (self.max_cost is not None and cost > self.max_cost):
            raise self._outside("cost", cost, Limits(smallest, self.max_cost))

    def _check_amount(self, quantity: Decimal, rules: AmountRules | None) -> None:
        if rules is None:
            step, least, most = self.amount_step, self.min_amount, self.max_amount
        else:
            step, least, most = rules.step or self.amount_step, rules.limits.minimum, rules.limits.maximum
        if WIDE.remainder(quantity, step):
            raise self._no_multiple("amount", quantity, step, "amount_step")
        if quantity < least or (most is not None and quantity > most):
            raise self._outside("amount", quantity, Limits(least, most))

    def _check_price(self, price: Decimal, side: OrderSide | None, reference_price: Decimal | None) -> None:
        if WIDE.remainder(price, self.price_tick):
            raise self._no_multiple("price", price, self.price_tick, "price_tick")
        if not self.prices.allow(price):
            raise self._outside("price", price, self.prices)
        if self.percent_price is None or side is None or reference_price is None:
            return
        factors = self.percent_price.bounds(side)
        highest = None if factors.maximum is None else WIDE.multiply(factors.maximum, reference_price)
        around = Limits(WIDE.multiply(factors.minimum, reference_price), highest)
        if not around.allow(price):
            raise self._outside("price", price, around, "percent_price")

    def _no_multiple(self, name: str, value: Decimal, step: Decimal, rule: str) -> WrongPrecision:
        return WrongPrecision(f"{self.symbol}: {name} {value} is no multiple of {step}", rule=rule)

    def _outside(self, name: str, value: Decimal, limits: Limits, rule: str | None = None) -> OrderRefused:
        if value < limits.minimum:
            message = f"{self.symbol}: {name} {value} is below the minimum of {limits.minimum}"
            return BelowMinimum(message, rule=rule or f"min_{name}")
        message = f"{self.symbol}: {name} {value} is above the maximum of {limits.maximum}"
        return AboveMaximum(message, rule=rule or f"max_{name}")
