# SPDX-License-Identifier: Apache-2.0
"""What came of each fill rule: its accounts on every exchange, counted together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from octobot.backtesting.result import WorldResult
from octobot_trading.constants import ZERO
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange

_IDS = ("order_id", "parent_id")


def world_results(venues: Sequence[ExchangeManager]) -> list[WorldResult]:
    """One result for each fill rule, in the order in which their accounts stand beside each other."""
    accounts = zip(*((venue, *venue.worlds) for venue in venues), strict=True)
    return [_together([_result(one) for one in of_rule], venues) for of_rule in accounts]


def _result(manager: ExchangeManager) -> WorldResult:
    exchange = manager.exchange
    assert isinstance(exchange, SimulatedExchange)
    orders = manager.orders_manager.all_orders()
    return WorldResult(
        exchange.fill_rule,
        final_portfolio={asset: total for asset, total in manager.portfolio.totals().items() if total != ZERO},
        orders=[order.to_dict() for order in orders],
        decisions=[order.decision for order in orders],
        fills=list(manager.trades_manager.fills),
        ambiguous_candles=exchange.ambiguous_candles,
        gap_through_stops=exchange.gap_through_stops,
        refusals=dict(sorted(manager.protections.refused.items())),
        payments=list(exchange.payments),
    )


def _together(results: Sequence[WorldResult], venues: Sequence[ExchangeManager]) -> WorldResult:
    first, *others = results
    if not others:
        return first
    # Each exchange numbers its orders from 1: they are told apart by its name.
    names = [venue.exchange_name for venue in venues]
    orders = [
        (_of_venue(order, name), decision)
        for name, result in zip(names, results, strict=True)
        for order, decision in zip(result.orders, result.decisions, strict=True)
    ]
    orders.sort(key=lambda one: one[0]["creation_time"])
    fills = [
        replace(fill, fill_id=f"{name}:{fill.fill_id}", order_id=f"{name}:{fill.order_id}")
        for name, result in zip(names, results, strict=True)
        for fill in result.fills
    ]
    totals: dict[str, Decimal] = {}
    for result in results:
        for asset, amount in result.final_portfolio.items():
            totals[asset] = totals.get(asset, ZERO) + amount
    return WorldResult(
        first.fill_rule,
        final_portfolio=totals,
        orders=[order for order, _ in orders],
        decisions=[decision for _, decision in orders],
        fills=sorted(fills, key=lambda fill: fill.time),
        ambiguous_candles=sum(result.ambiguous_candles for result in results),
        gap_through_stops=sum(result.gap_through_stops for result in results),
        refusals=dict(sorted(sum((Counter(result.refusals) for result in results), Counter()).items())),
        payments=sorted((one for result in results for one in result.payments), key=lambda one: one.time),
    )


def _of_venue(order: dict[str, Any], name: str) -> dict[str, Any]:
    ids = {key: f"{name}:{order[key]}" for key in _IDS if order.get(key) is not None}
    return {**order, **ids, "exchange": name}
