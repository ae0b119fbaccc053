# SPDX-License-Identifier: Apache-2.0
"""Orders and fills as rows of the store, and back to the very same values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from octobot.report.jsonable import to_jsonable
from octobot_commons.errors import BugError
from octobot_trading.enums import OrderSide
from octobot_trading.personal_data.trades.fill import Fill

#: As `Order.to_dict` has them.
ORDER_FIELDS = (
    "order_id", "symbol", "side", "type", "quantity", "price", "stop_price", "status", "filled_quantity",
    "average_price", "cost", "fees", "creation_time", "closing_time", "reason", "tag", "group_id", "cause",
)  # fmt: skip
#: The columns of an order: its fields, and the others that only some have.
ORDER_COLUMNS = (*ORDER_FIELDS, "options")
FILL_FIELDS = (
    "fill_id", "order_id", "symbol", "side", "quantity", "price", "cost", "fee", "fee_asset", "taker_or_maker", "time",
)  # fmt: skip
_ORDER_KEYS = frozenset(ORDER_FIELDS)
_DECIMALS = frozenset(("quantity", "price", "stop_price", "filled_quantity", "average_price", "cost", "fee"))
_DECIMAL_OPTIONS = frozenset(("trailing_distance", "trailing_percent", "limit_offset"))
_ENCODER = msgspec.json.Encoder(enc_hook=to_jsonable)
_TIMES = frozenset(("creation_time", "closing_time", "time"))


def order_row(run_id: int, order: Mapping[str, Any]) -> tuple[Any, ...]:
    """The columns of one order, ``run_id`` first."""
    if not order.keys() >= _ORDER_KEYS:
        missing = sorted(_ORDER_KEYS - order.keys())
        raise BugError(f"an order lacks fields that are stored: {', '.join(missing)}", field="order")
    # A run has thousands: told one by one they take a third of the time of a loop over their names.
    return (
        run_id, order["order_id"], order["symbol"], order["side"], order["type"], str(order["quantity"]),
        _text(order["price"]), _text(order["stop_price"]), order["status"], str(order["filled_quantity"]),
        _text(order["average_price"]), str(order["cost"]), portfolio_text(order["fees"]) if order["fees"] else "{}",
        _checked_time(order["creation_time"]),
        None if order["closing_time"] is None else _checked_time(order["closing_time"]),
        order["reason"], order["tag"], order["group_id"],
        None if order["cause"] is None else json_text(order["cause"]),
        None if len(order) == len(_ORDER_KEYS) else json_text(_options(order)),
    )  # fmt: skip


def _options(order: Mapping[str, Any]) -> dict[str, Any]:
    """What only some orders have, such as a parent or a time in force."""
    return {name: value for name, value in order.items() if name not in _ORDER_KEYS}


def fill_row(run_id: int, fill: Fill) -> tuple[Any, ...]:
    """The columns of one fill, ``run_id`` first."""
    return (
        run_id, fill.fill_id, fill.order_id, fill.symbol, fill.side.value, str(fill.quantity), str(fill.price),
        str(fill.cost), str(fill.fee), fill.fee_asset, fill.taker_or_maker, _checked_time(fill.time),
    )  # fmt: skip


def order_of(row: Iterable[Any]) -> dict[str, Any]:
    """The order that a row, without its run, was made of."""
    *values, options = row
    order = {name: _value(name, value) for name, value in zip(ORDER_FIELDS, values, strict=True)}
    if options is not None:
        order.update((name, _option(name, value)) for name, value in json.loads(options).items())
    return order


def fill_of(row: Iterable[Any]) -> Fill:
    """The fill that a row, without its run, was made of."""
    values = {name: _value(name, value) for name, value in zip(FILL_FIELDS, row, strict=True)}
    return Fill(**{**values, "side": OrderSide(values["side"])})


def portfolio_text(portfolio: Mapping[str, Decimal]) -> str:
    """Amounts by asset, exact."""
    return _ENCODER.encode(portfolio).decode()


def portfolio_of(text: str) -> dict[str, Decimal]:
    """What ``portfolio_text`` was given."""
    return {asset: Decimal(amount) for asset, amount in json.loads(text).items()}


def json_text(value: Any) -> str:
    """Compact JSON, keys in the order in which a person reads them."""
    try:
        return _ENCODER.encode(value).decode()
    except (ValueError, OverflowError):  # halves of characters, as in odd file names, and numbers of any length
        return json.dumps(to_jsonable(value), separators=(",", ":"), allow_nan=False)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DECIMALS:
        return Decimal(value)
    if name in _TIMES:
        return float(value)
    if name == "fees":
        return portfolio_of(value)
    return json.loads(value) if name == "cause" else value


def _option(name: str, value: Any) -> Any:
    return Decimal(value) if name in _DECIMAL_OPTIONS else value


def _checked_time(time: float) -> float:
    # SQLite keeps NaN as NULL.
    if not math.isfinite(time):
        raise BugError(f"{time} is no time", field="time")
    return time
