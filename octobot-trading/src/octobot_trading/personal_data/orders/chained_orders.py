# SPDX-License-Identifier: Apache-2.0
"""How much the orders chained to a fill may trade."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill


class FillProceeds:
    """What a fill brought in, as far as the orders chained to it leave it; the orders of a group share theirs.

    Only orders that turn the fill's trade around (same symbol, other side) draw on it.
    """

    def __init__(self, fill: Fill, market: Market) -> None:
        self._fill = fill
        self._market = market
        pays_in_base = fill.side is OrderSide.BUY and fill.fee_asset == market.base
        self._left = fill.quantity - fill.fee if pays_in_base else fill.quantity
        self._groups: dict[str, Decimal] = {}

    def cut(self, request: OrderRequest) -> OrderRequest:
        """The request, for at most what is left."""
        most = self._left + self._taken_by_group(request)
        if self._draws(request) and most < request.quantity:
            return replace(request, quantity=self._market.quantize_amount(most))
        return request

    def take(self, request: OrderRequest) -> None:
        """Count an accepted order."""
        if not self._draws(request):
            return
        taken = self._taken_by_group(request)
        more = max(ZERO, request.quantity - taken)
        self._left -= more
        if request.group_id is not None:
            self._groups[request.group_id] = taken + more

    def _draws(self, request: OrderRequest) -> bool:
        return request.symbol == self._fill.symbol and request.side is not self._fill.side

    def _taken_by_group(self, request: OrderRequest) -> Decimal:
        return ZERO if request.group_id is None else self._groups.get(request.group_id, ZERO)
