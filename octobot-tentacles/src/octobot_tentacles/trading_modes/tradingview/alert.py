# SPDX-License-Identifier: Apache-2.0
"""What the text of an alert asks for: ``KEY=value`` on lines of their own or between semicolons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

from octobot_commons.errors import SettingError, did_you_mean
from octobot_tentacles.errors import AlertError
from octobot_trading.modes.order_amounts import OrderAmount, OrderPrice, parse_amount, parse_price

#: A text that is longer was not written for this.
LONGEST_TEXT: Final = 4_096
_KEYS: Final = (
    "EXCHANGE", "SYMBOL", "SIGNAL", "VOLUME", "PRICE", "ORDER_TYPE", "STOP_PRICE", "TAKE_PROFIT_PRICE", "REDUCE_ONLY",
    "LEVERAGE", "TAG",
)  # fmt: skip
_NUMBERED: Final = re.compile(r"(TAKE_PROFIT_PRICE|TAKE_PROFIT_VOLUME_RATIO)_([1-9]\d?)")
_FLAGS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_EnumT = TypeVar("_EnumT", bound=StrEnum)


class Signal(StrEnum):
    """What to do."""

    BUY = "BUY"
    SELL = "SELL"
    CANCEL = "CANCEL"


class AlertOrderType(StrEnum):
    """How."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeProfit:
    """One target: its price, and its part of what was bought, in relation to the others'."""

    price: OrderPrice
    ratio: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A parsed alert. ``symbol`` is as it was written; prices are relative to the current one where they say so."""

    signal: Signal
    symbol: str
    exchange: str | None = None
    volume: OrderAmount | None = None
    price: OrderPrice | None = None
    order_type: AlertOrderType | None = None
    stop_price: OrderPrice | None = None
    take_profits: tuple[TakeProfit, ...] = ()
    reduce_only: bool = False
    leverage: Decimal | None = None
    tag: str | None = None


def parse_alert(text: str) -> Alert:
    """What a text asks for.

    Raises:
        AlertError: it cannot be understood; says which part and why.
    """
    values = _values(text)
    signal = _one_of(Signal, values, "SIGNAL")
    symbol = values.get("SYMBOL", "")
    if signal is None or not symbol:
        raise AlertError(
            f"{'SIGNAL' if signal is None else 'SYMBOL'} is missing", remedy="write SIGNAL=BUY;SYMBOL=BTCUSDT"
        )
    return Alert(
        signal=signal,
        symbol=symbol,
        exchange=values.get("EXCHANGE"),
        volume=_amount(values, "VOLUME"),
        price=_price(values, "PRICE"),
        order_type=_one_of(AlertOrderType, values, "ORDER_TYPE"),
        stop_price=_price(values, "STOP_PRICE"),
        take_profits=_take_profits(values),
        reduce_only=_flag(values, "REDUCE_ONLY"),
        leverage=_positive(values, "LEVERAGE") if "LEVERAGE" in values else None,
        tag=values.get("TAG"),
    )


def names_symbol(written: str, symbol: str) -> bool:
    """Whether an alert means this symbol: ``BTCUSDT``, ``BTC/USDT``, ``BINANCE:BTCUSDT``, ``BTCUSDT.P`` a contract."""
    plain = written.upper().rpartition(":")[2] if ":" in written and "/" not in written else written.upper()
    if plain == symbol.upper():
        return True
    pair, _, settlement = symbol.upper().partition(":")
    return plain == pair.replace("/", "") + (".P" if settlement else "")


def _values(text: str) -> dict[str, str]:
    if len(text) > LONGEST_TEXT:
        raise AlertError(f"it has {len(text):,} characters", remedy=f"write at most {LONGEST_TEXT:,}")
    values: dict[str, str] = {}
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        key, equals, value = part.partition("=")
        name = key.strip().upper()
        if not equals or not value.strip():
            raise AlertError(
                f"{part.strip()!r} is no KEY=value", remedy="write one on each line, or between semicolons"
            )
        if name not in _KEYS and not _NUMBERED.fullmatch(name):
            raise AlertError(f"{name} is no key", remedy=did_you_mean(name, _KEYS, f"keys are {', '.join(_KEYS)}"))
        if name in values:
            raise AlertError(f"{name} stands there twice", remedy="write it once")
        values[name] = value.strip()
    return values


def _one_of(kind: type[_EnumT], values: Mapping[str, str], key: str) -> _EnumT | None:
    if key not in values:
        return None
    try:
        return kind(values[key].upper())
    except ValueError:
        raise AlertError(f"{key} is {values[key]!r}", remedy=f"write {', '.join(kind)}") from None


def _flag(values: Mapping[str, str], key: str) -> bool:
    given = values.get(key, "false").lower()
    if given not in _FLAGS:
        raise AlertError(f"{key} is {given!r}", remedy="write true or false")
    return _FLAGS[given]


def _amount(values: Mapping[str, str], key: str) -> OrderAmount | None:
    try:
        return parse_amount(values[key]) if key in values else None
    except SettingError as error:
        raise AlertError(f"{key}: {error.message}", remedy=error.remedy) from error


def _price(values: Mapping[str, str], key: str) -> OrderPrice | None:
    """A bare number is a price as it is; with a letter it is relative to the current one."""
    text = values.get(key)
    if text is None:
        return None
    try:
        return parse_price(
            text if text.startswith("@") or text.lower().strip("0123456789.+- %").strip() else f"@{text}"
        )
    except SettingError as error:
        raise AlertError(f"{key}: {error.message}", remedy=error.remedy) from error


def _take_profits(values: Mapping[str, str]) -> tuple[TakeProfit, ...]:
    numbers = sorted(int(found[2]) for key in values if (found := _NUMBERED.fullmatch(key)))
    keys = [
        ("TAKE_PROFIT_PRICE", ""),
        *((f"TAKE_PROFIT_PRICE_{number}", str(number)) for number in dict.fromkeys(numbers)),
    ]
    targets = []
    for key, number in keys:
        price = _price(values, key)
        if price is not None:
            targets.append(TakeProfit(price=price, ratio=_positive(values, f"TAKE_PROFIT_VOLUME_RATIO_{number}")))
        elif number:
            raise AlertError(f"{key} is missing", remedy="a ratio belongs to a price of the same number")
    return tuple(targets)


def _positive(values: Mapping[str, str], key: str) -> Decimal:
    try:
        number = Decimal(values.get(key, "1"))
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 0 < number <= 1_000_000:
        raise AlertError(f"{key} is {values[key]!r}", remedy="write a number above 0")
    return number
