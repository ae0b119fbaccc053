# SPDX-License-Identifier: Apache-2.0
"""Which orders a dip asks for. No input or output: price and funds in, order requests out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from octobot_tentacles.trading_modes.dip_analyser.settings import DipSettings
from octobot_tentacles.trading_modes.exits import exits
from octobot_trading.constants import ONE
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable
from octobot_trading.personal_data.orders.order_request import OrderRequest

#: Buys, which the next dip cancels where they have not filled, and the sells of what they brought in, which stay.
ENTRY_TAG: Final = "DipAnalyserTradingMode"
EXIT_TAG: Final = "DipAnalyserTradingMode exit"
#: Where limit buys stand, as part of the current price.
BUY_LIMIT_PRICE: Final = Decimal("0.995")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the plan depends on. Weights are 1 to 3."""

    market: Market
    price: Decimal
    available_quote: Decimal
    risk: Decimal
    fees: FeeModel
    price_weight: int
    volume_weight: int
    cause: dict[str, Any] | None = None


def buy_order(settings: DipSettings, now: Situation, new_group: Callable[[], str]) -> OrderRequest | None:
    """The buy of a dip, with the sells that its fills bring up; None below the market's minimums or without funds."""
    market, is_market = now.market, settings.uses_market_orders
    price = now.price if is_market else market.quantize_price(now.price * BUY_LIMIT_PRICE, OrderSide.BUY)
    if not price:
        return None
    share = min(ONE, settings.volume_multipliers[now.volume_weight] * now.risk)
    most = max_affordable(market, OrderSide.BUY, price, now.available_quote, now.fees, is_own_price=not is_market)
    quantity = adapt_to_limits(
        market, min(most, share * now.available_quote / price), price, is_own_price=not is_market
    )
    if not quantity:
        return None
    stop = None if settings.stop_multiplier is None else price * settings.stop_multiplier
    return OrderRequest(
        market.symbol,
        OrderSide.BUY,
        OrderType.MARKET if is_market else OrderType.LIMIT,
        quantity,
        price=None if is_market else price,
        tag=ENTRY_TAG,
        chained=exits(
            market,
            quantity,
            sell_prices(settings, now, price),
            stop,
            tag=EXIT_TAG,
            new_group=new_group,
            cause=now.cause,
        ),
        cause=now.cause,
    )


def sell_prices(settings: DipSettings, now: Situation, price: Decimal) -> list[Decimal]:
    """Evenly from the buy price up to its multiple by weight, the last one at it; none that loses to fees.

    What n stages would sell below the price that pays for both fees is sold there.
    """
    count, highest = settings.sell_orders_count, settings.price_multipliers[now.price_weight]
    steps = [ONE + (highest - ONE) * number / count for number in range(1, count + 1)]
    if settings.ignores_fees:
        return [price * step for step in steps]
    rates = now.fees.rates(now.market.symbol)
    fee = max(rates.maker, rates.taker)
    # A buy of q brings q * (1 - fee), of which a sale at p brings p * (1 - fee) each.
    break_even = ONE / ((ONE - fee) * (ONE - fee)) if fee < ONE else ONE
    least = now.market.quantize_price(price * break_even, OrderSide.SELL)
    return [max(price * step, least) for step in steps]
