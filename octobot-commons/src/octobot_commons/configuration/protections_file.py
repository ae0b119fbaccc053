# SPDX-License-Identifier: Apache-2.0
"""Reads and checks ``config.trading.protections`` of a profile.json."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from octobot_commons.configuration.protections import (
    CooldownAfter,
    CooldownConfig,
    DailyLossConfig,
    MaxDrawdownConfig,
    OrderRateConfig,
    ProtectionsConfig,
    StopLossGuardConfig,
    kebab,
)
from octobot_commons.configuration.section import convert_section, read_number
from octobot_commons.errors import OctoBotError, ProfileError, did_you_mean
from octobot_commons.reporting import Report, raise_at_once

PROTECTIONS = "config.trading.protections"

_HUNDRED = Decimal(100)
#: Ten years: who writes more has mistaken the unit.
_MOST_HOURS = Decimal(87_600)
_MOST_ORDERS = 100_000
#: Stands for what was no number, and was reported.
_NO_NUMBER = Decimal("-1E+39")


class _Section(msgspec.Struct, rename="kebab", kw_only=True):
    pass


class _Protections(_Section):
    max_drawdown: dict[str, Any] | None = None
    daily_loss: dict[str, Any] | None = None
    stop_loss_guard: dict[str, Any] | None = None
    cooldown: dict[str, Any] | None = None
    order_rate: dict[str, Any] | None = None


class _MaxDrawdown(_Section):
    percent: Any = None
    lookback_hours: Any = None
    pause_hours: Any = None


class _DailyLoss(_Section):
    percent: Any = None
    amount: Any = None


class _StopLossGuard(_Section):
    stops: Any = None
    window_hours: Any = None
    pause_hours: Any = None
    per_symbol: bool = False


class _Cooldown(_Section):
    minutes: Any = None
    after: str = CooldownAfter.ANY.value


class _OrderRate(_Section):
    orders: Any = None
    seconds: Any = None


#: What each protection's section holds, and the section of them all.
SECTIONS: dict[str, type[msgspec.Struct]] = {
    "max-drawdown": _MaxDrawdown,
    "daily-loss": _DailyLoss,
    "stop-loss-guard": _StopLossGuard,
    "cooldown": _Cooldown,
    "order-rate": _OrderRate,
}
SECTION: type[msgspec.Struct] = _Protections


def read_protections(content: dict[str, Any], file: Path, report: Report = raise_at_once) -> ProtectionsConfig:
    """The protections that a profile names; one with something unusable is reported, as a ``ProfileError``, and off."""
    section = convert_section(content, _Protections, file, PROTECTIONS, report)
    read: dict[str, Any] = {}
    for name, reader in _READERS.items():
        own = getattr(section, name)
        if own is None:
            continue
        field = f"{PROTECTIONS}.{kebab(name)}"
        made = convert_section(own, SECTIONS[kebab(name)], file, field, report)
        values = _Values(made, file, field, report)
        config = reader(values)
        if not values.is_unusable:
            read[name] = config
    return ProtectionsConfig(**read)


class _Values:
    """Reads one section, and knows whether something in it cannot be used."""

    def __init__(self, section: Any, file: Path, field: str, report: Report) -> None:
        self._section, self._file, self._field, self._report = section, file, field, report
        self.is_unusable = False

    def number(self, key: str, most: Decimal, unit: str) -> Decimal:
        """A number above zero that must be given."""
        value = self.optional(key, most, unit)
        if value is None and getattr(self._section, key) is None:
            self.refuse(key, "is missing", f"write {unit}")
        return value or Decimal(1)

    def optional(self, key: str, most: Decimal | None, unit: str) -> Decimal | None:
        """A number above zero, None where none is given."""
        content = getattr(self._section, key)
        if content is None:
            return None
        number = read_number(content, self._file, f"{self._field}.{kebab(key)}", _NO_NUMBER, self._found)
        if number == _NO_NUMBER:
            return None
        if number > 0 and (most is None or number <= most):
            return number
        limits = "above 0" if most is None else f"above 0, at most {most}"
        self.refuse(key, f"{number} is not usable here", f"write {unit}, {limits}")
        return None

    def count(self, key: str, unit: str) -> int:
        """A whole number from one on that must be given."""
        number = self.number(key, Decimal(_MOST_ORDERS), unit)
        if number != number.to_integral_value():
            self.refuse(key, f"{number} is no whole number", f"write {unit}")
        return int(number)

    def after(self) -> CooldownAfter:
        """Which exits a cooldown follows."""
        text = self._section.after
        names = [one.value for one in CooldownAfter]
        if text not in names:
            self.refuse("after", f"{text!r} is not one of {' '.join(names)}", did_you_mean(text, names, "write any"))
            return CooldownAfter.ANY
        return CooldownAfter(text)

    def flag(self, key: str) -> bool:
        return bool(getattr(self._section, key))

    def refuse(self, key: str | None, message: str, remedy: str | None) -> None:
        """Report the value of a key, or (None) the whole section."""
        field = self._field if key is None else f"{self._field}.{kebab(key)}"
        self._found(ProfileError(message, file=self._file, field=field, remedy=remedy))

    def _found(self, error: OctoBotError) -> None:
        self.is_unusable = True
        self._report(error)


def _max_drawdown(values: _Values) -> MaxDrawdownConfig:
    return MaxDrawdownConfig(
        percent=values.number("percent", _HUNDRED, "how many percent below its highest value the account may be"),
        lookback_hours=values.optional("lookback_hours", _MOST_HOURS, "hours"),
        pause_hours=values.optional("pause_hours", _MOST_HOURS, "hours"),
    )


def _daily_loss(values: _Values) -> DailyLossConfig:
    percent = values.optional("percent", _HUNDRED, "percent of the value at the day's start")
    amount = values.optional("amount", None, "an amount in the reference market")
    if percent is None and amount is None and not values.is_unusable:
        values.refuse(None, "says no limit", "give percent, amount or both")
    return DailyLossConfig(percent=percent, amount=amount)


def _stop_loss_guard(values: _Values) -> StopLossGuardConfig:
    return StopLossGuardConfig(
        stops=values.count("stops", "how many stop-loss exits are too many"),
        window_hours=values.number("window_hours", _MOST_HOURS, "hours"),
        pause_hours=values.number("pause_hours", _MOST_HOURS, "hours"),
        per_symbol=values.flag("per_symbol"),
    )


def _cooldown(values: _Values) -> CooldownConfig:
    return CooldownConfig(minutes=values.number("minutes", _MOST_HOURS * 60, "minutes"), after=values.after())


def _order_rate(values: _Values) -> OrderRateConfig:
    return OrderRateConfig(
        orders=values.count("orders", "how many orders are allowed"),
        seconds=values.number("seconds", _MOST_HOURS * 3600, "seconds"),
    )


_READERS: dict[str, Callable[[_Values], Any]] = {
    "max_drawdown": _max_drawdown,
    "daily_loss": _daily_loss,
    "stop_loss_guard": _stop_loss_guard,
    "cooldown": _cooldown,
    "order_rate": _order_rate,
}
