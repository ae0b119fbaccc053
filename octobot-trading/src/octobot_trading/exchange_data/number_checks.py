# SPDX-License-Identifier: Apache-2.0
"""What a number in market data must be. Errors name ``where`` (exchange and symbol) and the field."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from typing import Any

from octobot_commons.errors import DataError
from octobot_trading.util import LATEST_TIME


def exact(value: Any, field: str, where: str) -> Decimal:
    """A Decimal of what a venue or ccxt gave: a text, a Decimal or a number.

    Raises:
        DataError: it is no finite number.
    """
    try:
        # By way of float, since numpy's doubles are shown otherwise.
        number = Decimal(repr(float(value)) if isinstance(value, float) else value)
    except (InvalidOperation, TypeError, ValueError):
        raise not_possible(value, field, where) from None
    if not number.is_finite():
        raise not_possible(value, field, where)
    return number


def check_time(value: Any, field: str, where: str) -> float:
    """A time in Unix seconds.

    Raises:
        DataError: it is none, or in another unit.
    """
    try:
        if 0.0 <= value < LATEST_TIME:
            return float(value)
    except TypeError:
        pass
    raise DataError(f"{where}: {value!r} is no time", field=field, remedy="give Unix seconds")


def check_prices(bid_price: float, bid_quantity: float, ask_price: float, ask_quantity: float, where: str) -> None:
    """Best prices above zero and quantities of zero or more, all finite.

    Raises:
        DataError: names the first that is not so.
    """
    inf = math.inf
    try:
        if 0.0 < bid_price < inf and 0.0 <= bid_quantity < inf and 0.0 < ask_price < inf and 0.0 <= ask_quantity < inf:
            return
    except TypeError:
        pass  # the loop finds which one it was
    for name, value in (("bid", bid_price), ("ask", ask_price)):
        if not _is_amount(value) or value == 0:
            raise not_possible(value, f"{name}_price", where)
    name, value = ("ask", ask_quantity) if _is_amount(bid_quantity) else ("bid", bid_quantity)
    raise not_possible(value, f"{name}_quantity", where)


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and 0.0 <= value < math.inf


def not_possible(value: Any, field: str, where: str) -> DataError:
    """The error that a value cannot be what its field says."""
    return DataError(f"{where}: {value!r} is no possible {field}", field=field, remedy="leave it out")


def named(error: DataError, where: str) -> DataError:
    """The same error, saying where."""
    return DataError(f"{where}: {error.message}", field=error.field, row=error.row, remedy=error.remedy)
