# SPDX-License-Identifier: Apache-2.0
"""From ccxt's unified structures to our values, without rounding anything on the way.

Amounts are exact as ccxt is told to hand out texts (``exchange.number = str``; with Decimals it loses fees). A float
that it makes nevertheless counts as the shortest text that means it. Times are Unix seconds here, milliseconds there.
Structures as in ccxt's manual: https://docs.ccxt.com/#/?id=order-structure, and so on for the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from octobot_commons.errors import DataError
from octobot_trading.constants import ZERO
from octobot_trading.enums import MarginType, OrderSide, OrderStatus, OrderType, PositionSide, TimeInForce
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.trades.fill import Fill

_MILLISECONDS = 1000
_STATUSES: Final = {
    "open": OrderStatus.OPEN,
    "closed": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELED,
    "canceling": OrderStatus.PENDING_CANCEL,
    "expired": OrderStatus.EXPIRED,
    "expired_in_match": OrderStatus.EXPIRED,
    "rejected": OrderStatus.REJECTED,
}
_TIMES_IN_FORCE: Final = {one.value: one for one in TimeInForce}
#: What ccxt calls market and limit orders with a trigger, by (whether it is a take profit, whether it has a limit).
_TRIGGERED: Final = {
    (False, False): OrderType.STOP_LOSS,
    (False, True): OrderType.STOP_LOSS_LIMIT,
    (True, False): OrderType.TAKE_PROFIT,
    (True, True): OrderType.TAKE_PROFIT_LIMIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReport:
    """What an exchange says of one order. None stands for what it does not say.

    Attributes:
        status: FILLED only where all of it has filled; one that ended with less is CANCELED.
        filled_quantity: zero before the first fill. What that cost is told by fills alone: of market buys by their cost
            ccxt tells what was to be spent, of others what was.
        update_time: when it last changed.
    """

    order_id: str
    symbol: str
    client_order_id: str | None = None
    status: OrderStatus | None = None
    side: OrderSide | None = None
    order_type: OrderType | None = None
    quantity: Decimal | None = None
    filled_quantity: Decimal = ZERO
    price: Decimal | None = None
    stop_price: Decimal | None = None
    average_price: Decimal | None = None
    time_in_force: TimeInForce | None = None
    post_only: bool = False
    reduce_only: bool = False
    time: float | None = None
    update_time: float | None = None

    @property
    def is_open(self) -> bool | None:
        """Whether it can still fill, None where that is not said."""
        return None if self.status is None else self.status in (OrderStatus.OPEN, OrderStatus.PENDING_CANCEL)


def read_order(order: Mapping[str, Any]) -> OrderReport:
    """An order structure.

    Raises:
        DataError: without id or symbol, or with a number that is none.
    """
    reader = _Reader(order, "order")
    quantity, filled = reader.optional("amount"), reader.optional("filled") or ZERO
    stop_price = reader.optional("triggerPrice") or reader.optional("stopPrice") or None
    price = reader.optional("price") or None
    return OrderReport(
        order_id=reader.text("id"),
        symbol=reader.text("symbol"),
        client_order_id=order.get("clientOrderId") or None,
        status=_status(reader, quantity, filled),
        side=None if order.get("side") is None else _side(reader),
        order_type=_order_type(order, stop_price is not None),
        quantity=quantity,
        filled_quantity=filled,
        price=price,
        stop_price=stop_price,
        average_price=reader.optional("average") or None,
        time_in_force=_TIMES_IN_FORCE.get(str(order.get("timeInForce")).lower()),
        post_only=bool(order.get("postOnly")),
        reduce_only=bool(order.get("reduceOnly")),
        time=reader.time("timestamp"),
        update_time=reader.time("lastUpdateTimestamp") or reader.time("lastTradeTimestamp"),
    )


def read_fill(trade: Mapping[str, Any], market: Market) -> Fill:
    """A trade structure of the account's own.

    A fee that the exchange does not tell is zero, of the settlement asset: who knows its rates may estimate it.

    Raises:
        DataError: a field is missing or no number, or its fees were taken from several assets.
    """
    reader = _Reader(trade, "trade")
    quantity, price = reader.positive("amount"), reader.positive("price")
    fee, fee_asset = _fee(reader, market)
    time = reader.time("timestamp")
    if time is None:
        raise reader.missing("timestamp")
    return Fill(
        fill_id=reader.text("id"),
        order_id=reader.text("order"),
        symbol=reader.text("symbol"),
        side=_side(reader),
        quantity=quantity,
        price=price,
        cost=market.cost_of(quantity, price),
        fee=fee,
        fee_asset=fee_asset,
        taker_or_maker=trade.get("takerOrMaker") or "taker",
        time=time,
    )


def read_balances(balance: Mapping[str, Any]) -> dict[str, Balance]:
    """A balance structure: each asset of which something is held.

    Raises:
        DataError: a number is none, or more is used than held.
    """
    totals = balance.get("total")
    if not isinstance(totals, Mapping):
        raise DataError("a balance of ccxt without totals", field="total")
    found = {}
    for asset in totals:
        reader = _Reader(balance.get(asset) or {}, f"balance of {asset}")
        total = reader.optional("total")
        free, used = reader.optional("free"), reader.optional("used")
        if total is None and free is not None:
            total = free + (used or ZERO)
        if total is None:
            raise reader.missing("total")
        locked = total - free if used is None and free is not None else used or ZERO
        if total or locked:
            found[asset] = Balance(total, locked)
    return found


def read_position(position: Mapping[str, Any], market: Market) -> Position:
    """A position structure.

    Raises:
        DataError: a field is missing or no number.
    """
    reader = _Reader(position, "position")
    quantity = reader.optional("contracts") or ZERO
    is_short = position.get("side") == "short"
    is_isolated = position.get("marginMode") == "isolated"
    hedged = bool(position.get("hedged"))
    side = (PositionSide.SHORT if is_short else PositionSide.LONG) if hedged else PositionSide.BOTH
    margin_type = MarginType.ISOLATED if is_isolated else MarginType.CROSS
    known = Position(market, side, reader.optional("leverage") or Decimal(1), margin_type)
    known.quantity = -quantity if is_short else quantity
    known.entry_price = reader.optional("entryPrice") or ZERO if quantity else ZERO
    known.mark_price = reader.optional("markPrice") or None
    if is_isolated:
        known.isolated_margin = reader.optional("collateral") or reader.optional("initialMargin") or ZERO
    known.liquidation_price = reader.optional("liquidationPrice") or None
    known.margin_ratio = reader.optional("marginRatio")
    return known


def number_of(value: Any, what: str, field: str) -> Decimal:
    """A finite number.

    Raises:
        DataError: it is none.
    """
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except (InvalidOperation, TypeError, ValueError):
        number = Decimal("NaN")
    if not number.is_finite():
        raise DataError(f"{what} of ccxt: {value!r} is no number", field=field)
    return number


class _Reader:
    """Reads the fields of one structure."""

    def __init__(self, fields: Mapping[str, Any], what: str) -> None:
        self.fields = fields
        self._what = what

    def text(self, field: str) -> str:
        value = self.fields.get(field)
        if value is None or value == "":
            raise self.missing(field)
        return str(value)

    def optional(self, field: str) -> Decimal | None:
        value = self.fields.get(field)
        return None if value is None or value == "" else number_of(value, self._what, field)

    def positive(self, field: str) -> Decimal:
        value = self.optional(field)
        if value is None or value <= ZERO:
            raise self.missing(field)
        return value

    def time(self, field: str) -> float | None:
        value = self.fields.get(field)
        return None if value is None else float(number_of(value, self._what, field)) / _MILLISECONDS

    def missing(self, field: str) -> DataError:
        return DataError(f"{self._what} of ccxt without a usable {field}", field=field)


def _side(reader: _Reader) -> OrderSide:
    try:
        return OrderSide(reader.text("side"))
    except ValueError as error:
        raise reader.missing("side") from error


def _status(reader: _Reader, quantity: Decimal | None, filled: Decimal) -> OrderStatus | None:
    status = reader.fields.get("status")
    if status is None:
        return None
    known = _STATUSES.get(str(status).lower())
    if known is None:
        raise reader.missing("status")
    # Several exchanges call an order closed that has ended, whether all of it has filled or not.
    if known is OrderStatus.FILLED and quantity is not None and filled < quantity:
        return OrderStatus.CANCELED
    return known


def _order_type(order: Mapping[str, Any], has_trigger: bool) -> OrderType | None:
    kind = order.get("type")
    if kind is None:
        return None
    words = str(kind).lower().replace("-", "_")
    if "trailing" in words:
        return OrderType.TRAILING_STOP_LIMIT if "limit" in words else OrderType.TRAILING_STOP
    has_limit = "limit" in words
    if has_trigger or "stop" in words or "profit" in words:
        is_take_profit = "profit" in words or (order.get("takeProfitPrice") is not None)
        return _TRIGGERED[is_take_profit, has_limit]
    return OrderType.LIMIT if has_limit else OrderType.MARKET


def _fee(reader: _Reader, market: Market) -> tuple[Decimal, str]:
    told = list(_fees(reader.fields))
    assets = {asset for _, asset in told}
    if len(assets) > 1:
        raise DataError(f"trade of ccxt with fees in {', '.join(sorted(assets))}", field="fees")
    return sum((fee for fee, _ in told), ZERO), assets.pop() if assets else market.settlement


def _fees(trade: Mapping[str, Any]) -> Iterator[tuple[Decimal, str]]:
    for fee in trade.get("fees") or [trade.get("fee") or {}]:
        if fee.get("cost") is not None and fee.get("currency"):
            yield number_of(fee["cost"], "trade", "fee"), str(fee["currency"])
