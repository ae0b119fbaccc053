# SPDX-License-Identifier: Apache-2.0
"""Hears what our matching engine tells of orders that Binance's spot accounts do not have here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from octobot_trading.errors import OrderRefused
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.positions.position import Position


class QuietListener:
    """Says nothing of chained orders, groups, positions and debts."""

    def on_chaining(self, parent_id: str, request: OrderRequest) -> None:
        """No order is handed in with another one."""

    def on_order_created(self, order_id: str, request: OrderRequest, parent_id: str, time: float) -> None:
        """No order is handed in with another one."""

    def on_chained_refused(self, parent_id: str, request: OrderRequest, error: OrderRefused) -> None:
        """No order is handed in with another one."""

    def on_order_edited(self, order_id: str, request: OrderRequest, time: float) -> None:
        """No order is in a group."""

    def on_positions(self, positions: Sequence[Position]) -> None:
        """Spot accounts have none."""

    def on_debts(self, debts: Mapping[str, Decimal]) -> None:
        """Spot accounts have none."""
