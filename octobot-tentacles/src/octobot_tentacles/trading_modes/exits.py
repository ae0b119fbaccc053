# SPDX-License-Identifier: Apache-2.0
"""The orders that leave a position: take profits, and a stop loss as the other of the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from octobot_trading.enums import GroupKind, OrderSide, OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.adapting import split_over_prices
from octobot_trading.personal_data.orders.order_request import OrderRequest


def exits(
    market: Market,
    quantity: Decimal,
    targets: Sequence[Decimal],
    stop_price: Decimal | None,
    *,
    tag: str,
    new_group: Callable[[], str],
    cause: dict[str, Any] | None = None,
    weights: Sequence[Decimal] | None = None,
    side: OrderSide = OrderSide.SELL,
    reduce_only: bool = False,
) -> tuple[OrderRequest, ...]:
    """Orders that sell what a buy of ``quantity`` brings in, to be chained to it. Prices are rounded to the tick.

    Each target gets its part by weight, by default an equal one; parts too small for the market join others.
    With a stop, what the targets have sold is taken from it, and the other way round; with one target the first of the
    two cancels the other. With contracts give the ``side`` that closes, and ``reduce_only`` so that they never open
    the other way.
    """
    prices = [market.quantize_price(target) for target in targets]
    # One part is not adapted: what the fill brings in is known when it comes, and cut to the market's step then.
    parts = [(prices[0], quantity)] if len(prices) == 1 else split_over_prices(market, quantity, prices, weights)
    kind = GroupKind.ONE_CANCELS_THE_OTHER if len(parts) == 1 else GroupKind.BALANCED_TAKE_PROFIT_AND_STOP
    group = None if stop_price is None or not parts else new_group()
    common: dict[str, Any] = {"tag": tag, "group_id": group, "cause": cause, "reduce_only": reduce_only}
    if group is not None:
        common["group_kind"] = kind
    orders = [OrderRequest(market.symbol, side, OrderType.LIMIT, part, price=price, **common) for price, part in parts]
    if stop_price is not None:
        stop = market.quantize_price(stop_price)
        orders.append(OrderRequest(market.symbol, side, OrderType.STOP_LOSS, quantity, stop_price=stop, **common))
    return tuple(orders)
