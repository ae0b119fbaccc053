# SPDX-License-Identifier: Apache-2.0
"""Which order a difference of prices asks for. No input or output: prices and funds in, an order request out.

``fair`` is the mean of the other exchanges' last prices. The trade is a bet that the own price comes back to it: what
is bought below is sold at it, and the other way round. Nothing is moved between exchanges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from octobot_tentacles.trading_modes.exits import exits
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable
from octobot_trading.personal_data.orders.order_request import OrderRequest

ENTRY_TAG: Final = "ArbitrageTradingMode"
EXIT_TAG: Final = "ArbitrageTradingMode exit"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArbitrageSettings:
    """Checked settings; percentages are fractions: 0.01 is 1 %."""

    minimal_delta: Decimal = Decimal("0.0025")
    share_per_trade: Decimal = Decimal("0.25")
    stop_delta: Decimal = Decimal("0.001")
    enable_longs: bool = True
    enable_shorts: bool = False
    #: Empty: all.
    exchanges: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Prices and funds of one symbol on the own exchange, and its price elsewhere."""

    market: Market
    price: Decimal
    fair: Decimal
    quote_total: Decimal
    quote_available: Decimal
    base_total: Decimal
    base_available: Decimal
    fees: FeeModel
    cause: dict[str, Any] | None = None


def side_of(settings: ArbitrageSettings, now: Situation) -> OrderSide | None:
    """What the difference is worth doing after the fees of both orders; None where it is too small."""
    rates = now.fees.rates(now.market.symbol)
    needed = settings.minimal_delta + 2 * max(ZERO, rates.maker, rates.taker)
    if settings.enable_longs and now.fair >= now.price * (ONE + needed):
        return OrderSide.BUY
    if settings.enable_shorts and now.fair <= now.price * (ONE - needed):
        return OrderSide.SELL
    return None


def entry(
    settings: ArbitrageSettings, now: Situation, side: OrderSide, new_group: Callable[[], str]
) -> OrderRequest | None:
    """A limit order at the own price, with its target and stop; None below the market's minimums or without funds."""
    market, price = now.market, now.market.quantize_price(now.price, side)
    if not price:
        return None
    is_buy = side is OrderSide.BUY
    total, available = (now.quote_total, now.quote_available) if is_buy else (now.base_total, now.base_available)
    part = min(available, settings.share_per_trade * total)
    quantity = adapt_to_limits(market, max_affordable(market, side, price, part, now.fees), price)
    if not quantity:
        return None
    stop = price * (ONE - settings.stop_delta if is_buy else ONE + settings.stop_delta)
    return OrderRequest(
        market.symbol,
        side,
        OrderType.LIMIT,
        quantity,
        price=price,
        tag=ENTRY_TAG,
        chained=exits(
            market,
            quantity if is_buy else _bought_back(now, quantity, price, stop),
            [now.fair],
            stop,
            tag=EXIT_TAG,
            new_group=new_group,
            cause=now.cause,
            side=OrderSide.SELL if is_buy else OrderSide.BUY,
        ),
        cause=now.cause,
    )


def _bought_back(now: Situation, quantity: Decimal, price: Decimal, stop: Decimal) -> Decimal:
    """What the proceeds of a sale can buy back even at the stop, fees of both included."""
    rates = now.fees.rates(now.market.symbol)
    fee = max(ZERO, rates.maker, rates.taker)
    return now.market.quantize_amount(quantity * price * (ONE - fee) / (stop * (ONE + fee)))
