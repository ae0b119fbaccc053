# SPDX-License-Identifier: Apache-2.0
"""Figures as people read them: plain ASCII, thousands separated, times in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

NOTHING = "-"
_DURATIONS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def money(amount: Decimal | None, *, sign: bool = False) -> str:
    """Two decimals from 1 up, six significant digits below: readable for USDT and for BTC."""
    if amount is None:
        return NOTHING
    decimals = 2 if abs(amount) >= 1 or not amount else min(10, 5 - amount.adjusted())
    text = f"{amount:{'+' if sign else ''},.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals > 2 else text


def percent(value: float | None, *, sign: bool = False) -> str:
    return NOTHING if value is None else f"{value:{'+' if sign else ''},.2f} %"


def ratio(value: float | None) -> str:
    return NOTHING if value is None else f"{value:,.2f}"


def moment(time: float | None) -> str:
    """Minutes, and seconds only where there are some."""
    if time is None:
        return NOTHING
    instant = datetime.fromtimestamp(time, UTC)
    return instant.strftime("%Y-%m-%d %H:%M:%S" if instant.second else "%Y-%m-%d %H:%M")


def duration(seconds: float | None) -> str:
    """The two largest units: "3 d 4 h"."""
    if seconds is None:
        return NOTHING
    rest = round(seconds)
    parts: list[str] = []
    for unit, length in _DURATIONS:
        count, rest = divmod(rest, length)
        if count or parts:
            parts.append(f"{count:,} {unit}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(part for part in parts if part) or "0 s"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
