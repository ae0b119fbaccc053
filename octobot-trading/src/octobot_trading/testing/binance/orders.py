# SPDX-License-Identifier: Apache-2.0
"""An order as Binance keeps it, and as REST answers tell it. What it does is the matching engine's business."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.testing.binance import texts

_OPEN = ("NEW", "PARTIALLY_FILLED")


@dataclass(slots=True)
class OwnTrade:
    """One fill of an order, under the number of the public trade that it is."""

    number: int
    order_id: int
    symbol: str
    fill: Fill
    time_ms: int

    @property
    def is_buyer(self) -> bool:
        return self.fill.side == "buy"

    @property
    def is_maker(self) -> bool:
        return self.fill.taker_or_maker == "maker"

    def row(self) -> dict[str, Any]:
        """A row of ``myTrades``."""
        return {
            "symbol": self.symbol,
            "id": self.number,
            "orderId": self.order_id,
            "orderListId": -1,
            "price": texts.amount(self.fill.price),
            "qty": texts.amount(self.fill.quantity),
            "quoteQty": texts.amount(self.fill.cost),
            "commission": texts.amount(self.fill.fee),
            "commissionAsset": self.fill.fee_asset,
            "time": self.time_ms,
            "isBuyer": self.is_buyer,
            "isMaker": self.is_maker,
            "isBestMatch": True,
        }

    def part(self) -> dict[str, Any]:
        """One of the fills of a FULL answer."""
        return {
            "price": texts.amount(self.fill.price),
            "qty": texts.amount(self.fill.quantity),
            "commission": texts.amount(self.fill.fee),
            "commissionAsset": self.fill.fee_asset,
            "tradeId": self.number,
        }


@dataclass(slots=True, kw_only=True)
class PlacedOrder:
    """One order. ``quantity`` is zero until it is known of those that say what they spend."""

    order_id: int
    engine_id: str
    symbol: str
    client_order_id: str
    side: str
    order_type: str
    time_in_force: str
    time_ms: int
    quantity: Decimal = ZERO
    quote_quantity: Decimal = ZERO
    price: Decimal = ZERO
    stop_price: Decimal = ZERO
    iceberg_quantity: Decimal = ZERO
    status: str = "NEW"
    is_working: bool = True
    working_time_ms: int = -1
    update_time_ms: int = 0
    #: After its cancellation, the id of that request.
    cancel_client_id: str = ""
    trades: list[OwnTrade] = field(default_factory=list)
    executed: Decimal = ZERO
    executed_cost: Decimal = ZERO

    @property
    def is_open(self) -> bool:
        return self.status in _OPEN

    def add(self, trade: OwnTrade) -> None:
        """Count a fill in."""
        self.trades.append(trade)
        self.executed = WIDE.add(self.executed, trade.fill.quantity)
        self.executed_cost = WIDE.add(self.executed_cost, trade.fill.cost)
        self.status = "FILLED" if self.executed >= self.quantity else "PARTIALLY_FILLED"
        self.update_time_ms = trade.time_ms

    def row(self) -> dict[str, Any]:
        """As order lookups tell it."""
        return {
            "symbol": self.symbol,
            "orderId": self.order_id,
            "orderListId": -1,
            "clientOrderId": self.client_order_id,
            **self._amounts(),
            "stopPrice": texts.amount(self.stop_price),
            "icebergQty": texts.amount(self.iceberg_quantity),
            "time": self.time_ms,
            "updateTime": self.update_time_ms,
            "isWorking": self.is_working,
            "workingTime": self.working_time_ms,
            "origQuoteOrderQty": texts.amount(self.quote_quantity),
            "selfTradePreventionMode": "NONE",
        }

    def answer(self, response_type: str) -> dict[str, Any]:
        """What the request that placed it is answered: ACK, RESULT or FULL."""
        told = {
            "symbol": self.symbol,
            "orderId": self.order_id,
            "orderListId": -1,
            "clientOrderId": self.client_order_id,
            "transactTime": self.time_ms,
        }
        if response_type == "ACK":
            return told
        told |= self._amounts() | {"origQuoteOrderQty": texts.amount(self.quote_quantity)}
        told |= {"workingTime": self.working_time_ms, "selfTradePreventionMode": "NONE"} | self._conditional()
        if response_type == "FULL":
            told["fills"] = [trade.part() for trade in self.trades]
        return told

    def cancellation(self) -> dict[str, Any]:
        """What the request that cancelled it is answered."""
        return {
            "symbol": self.symbol,
            "origClientOrderId": self.client_order_id,
            "orderId": self.order_id,
            "orderListId": -1,
            "clientOrderId": self.cancel_client_id,
            "transactTime": self.update_time_ms,
            **self._amounts(),
            "origQuoteOrderQty": texts.amount(self.quote_quantity),
            "selfTradePreventionMode": "NONE",
            **self._conditional(),
        }

    def _amounts(self) -> dict[str, Any]:
        return {
            "price": texts.amount(self.price),
            "origQty": texts.amount(self.quantity),
            "executedQty": texts.amount(self.executed),
            "cummulativeQuoteQty": texts.amount(self.executed_cost),
            "status": self.status,
            "timeInForce": self.time_in_force,
            "type": self.order_type,
            "side": self.side,
        }

    def _conditional(self) -> dict[str, Any]:
        """Fields that only some orders have in answers to requests."""
        told = {}
        if self.stop_price:
            told["stopPrice"] = texts.amount(self.stop_price)
        if self.iceberg_quantity:
            told["icebergQty"] = texts.amount(self.iceberg_quantity)
        return told
