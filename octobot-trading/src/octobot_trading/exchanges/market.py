# SPDX-License-Identifier: Apache-2.0
"""What an exchange allows on one symbol: steps, minimums and maximums, in Decimal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

from octobot_commons.symbols import parse_symbol
from octobot_trading.constants import ZERO
from octobot_trading.errors import OrderRefused

#: Balances, costs and fees are kept to this step, the finest that spot exchanges publish.
ASSET_STEP = Decimal("1E-8")
#: Products of amounts and prices are exact in it, whatever the host program's own context rounds or traps.
WIDE = Context(prec=60)
_TOO_LARGE = Decimal("1E+18")


@dataclass(frozen=True, slots=True)
class Market:
    """The rules of one symbol. Amounts are in the base asset, prices and costs in the quote asset."""

    symbol: str
    base: str
    quote: str
    amount_step: Decimal = ASSET_STEP
    price_tick: Decimal = ASSET_STEP
    min_amount: Decimal = ZERO
    max_amount: Decimal | None = None
    min_cost: Decimal = ZERO

    @classmethod
    def default(cls, symbol: str) -> Market:
        """Rules for a symbol that nothing is known of: eight decimals, no minimum."""
        parsed = parse_symbol(symbol)
        return cls(symbol, parsed.base, parsed.quote)

    @property
    def tick_size(self) -> float:
        """The price step for code that counts in doubles, 0 where it is not known.

        The finest step that there is counts as not known, as it is what markets have of which nothing is known.
        """
        return 0.0 if self.price_tick == ASSET_STEP else float(self.price_tick)

    def quantize_amount(self, amount: Decimal) -> Decimal:
        """The largest tradable amount that is not above ``amount``."""
        return WIDE.multiply(WIDE.divide_int(amount, self.amount_step), self.amount_step)

    def quantize_price(self, price: Decimal) -> Decimal:
        """The tradable price nearest to ``price``."""
        return WIDE.multiply(WIDE.divide(price, self.price_tick).to_integral_value(ROUND_HALF_EVEN), self.price_tick)

    def quantize_cost(self, cost: Decimal) -> Decimal:
        """``cost`` to the quote asset's step, rounded down."""
        return cost.quantize(ASSET_STEP, ROUND_DOWN, WIDE)

    def cost_of(self, quantity: Decimal, price: Decimal) -> Decimal:
        """What ``quantity`` costs at ``price``, to the quote asset's step."""
        return self.quantize_cost(WIDE.multiply(quantity, price))

    def check(self, quantity: Decimal, price: Decimal, *, is_own_price: bool = True) -> None:
        """Raise what the exchange would answer to an order of this size.

        ``is_own_price`` is False where the price is only an estimate (market orders), which need not fit the tick.

        Raises:
            OrderRefused: naming the rule (amount, amount_step, min_amount, max_amount, price, price_tick, min_cost).
        """
        if not quantity.is_finite() or not 0 < quantity < _TOO_LARGE:
            raise self._refused("amount", f"{quantity} is no amount to trade")
        if not price.is_finite() or not 0 < price < _TOO_LARGE:
            raise self._refused("price", f"{price} is no price to trade at")
        if WIDE.remainder(quantity, self.amount_step):
            raise self._refused("amount_step", f"amount {quantity} is no multiple of {self.amount_step}")
        if quantity < self.min_amount:
            raise self._refused("min_amount", f"amount {quantity} is below the minimum of {self.min_amount}")
        if self.max_amount is not None and quantity > self.max_amount:
            raise self._refused("max_amount", f"amount {quantity} is above the maximum of {self.max_amount}")
        if is_own_price and WIDE.remainder(price, self.price_tick):
            raise self._refused("price_tick", f"price {price} is no multiple of {self.price_tick}")
        cost, min_cost = self.cost_of(quantity, price), max(self.min_cost, ASSET_STEP)
        if cost < min_cost:
            raise self._refused("min_cost", f"cost {cost} is below the minimum of {min_cost}")

    def _refused(self, rule: str, message: str) -> OrderRefused:
        return OrderRefused(f"{self.symbol}: {message}", rule=rule)
