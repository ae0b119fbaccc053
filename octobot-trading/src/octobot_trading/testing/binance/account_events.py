# SPDX-License-Identifier: Apache-2.0
"""What an account's stream tells: executionReport, outboundAccountPosition and balanceUpdate."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.testing.binance import texts
from octobot_trading.testing.binance.orders import OwnTrade, PlacedOrder


def execution_report(
    order: PlacedOrder, execution: str, number: int, now_ms: int, trade: OwnTrade | None = None
) -> dict[str, Any]:
    """What happened to an order: NEW, TRADE, CANCELED, EXPIRED or REJECTED. ``number`` is that of the event."""
    fill = None if trade is None else trade.fill
    is_cancelled = bool(order.cancel_client_id)
    report = {
        "e": "executionReport",
        "E": now_ms,
        "s": order.symbol,
        "c": order.cancel_client_id or order.client_order_id,
        "S": order.side,
        "o": order.order_type,
        "f": order.time_in_force,
        "q": texts.amount(order.quantity),
        "p": texts.amount(order.price),
        "P": texts.amount(order.stop_price),
        "F": texts.amount(order.iceberg_quantity),
        "g": -1,
        "C": order.client_order_id if is_cancelled else "",
        "x": execution,
        "X": order.status,
        "r": "NONE",
        "i": order.order_id,
        "l": texts.amount(fill.quantity if fill else None),
        "z": texts.amount(order.executed),
        "L": texts.amount(fill.price if fill else None),
        "n": texts.amount(fill.fee) if fill else "0",
        "N": fill.fee_asset if fill else None,
        "T": now_ms,
        "t": trade.number if trade else -1,
        "I": number,
        "w": order.is_working and order.is_open,
        "m": trade is not None and trade.is_maker,
        "M": trade is not None,
        "O": order.time_ms,
        "Z": texts.amount(order.executed_cost),
        "Y": texts.amount(fill.cost if fill else None),
        "Q": texts.amount(order.quote_quantity),
        "V": "NONE",
    }
    if order.working_time_ms >= 0:
        report["W"] = order.working_time_ms
    return report


def account_position(balances: Mapping[str, Balance], now_ms: int) -> dict[str, Any]:
    """The balances that may have changed, as they are now."""
    return {
        "e": "outboundAccountPosition",
        "E": now_ms,
        "u": now_ms,
        "B": [
            {"a": asset, "f": texts.amount(balance.available), "l": texts.amount(balance.locked)}
            for asset, balance in balances.items()
        ],
    }


def balance_update(asset: str, change: Decimal, now_ms: int) -> dict[str, Any]:
    """A deposit or a withdrawal."""
    return {"e": "balanceUpdate", "E": now_ms, "a": asset, "d": texts.amount(change), "T": now_ms}
