# SPDX-License-Identifier: Apache-2.0
"""What a profile says under ``config.trading.protections``: when new orders are refused.

A protection that is not named there is off. Every one says its own figures; there are no defaults for what somebody may
lose.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any


class CooldownAfter(StrEnum):
    """Which exits a cooldown follows."""

    ANY = "any"
    LOSS = "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxDrawdownConfig:
    """No entries once the account is ``percent`` below its highest value.

    Attributes:
        lookback_hours: how far back the highest value is looked for; None: ever.
        pause_hours: for how long; the highest value is then looked for anew. None: until the value has recovered.
    """

    percent: Decimal
    lookback_hours: Decimal | None = None
    pause_hours: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLossConfig:
    """No entries for the rest of a UTC day that has lost ``percent`` of its first value, or ``amount`` in the reference
    market, whichever is less."""

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLossGuardConfig:
    """No entries for ``pause_hours`` after ``stops`` stop-loss exits within ``window_hours``.

    Attributes:
        per_symbol: count and pause each symbol for itself.
    """

    stops: int
    window_hours: Decimal
    pause_hours: Decimal
    per_symbol: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CooldownConfig:
    """No entry of a symbol for ``minutes`` after an exit of it."""

    minutes: Decimal
    after: CooldownAfter = CooldownAfter.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRateConfig:
    """At most ``orders`` orders within any ``seconds``."""

    orders: int
    seconds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionsConfig:
    """The protections of a profile; None is off."""

    max_drawdown: MaxDrawdownConfig | None = None
    daily_loss: DailyLossConfig | None = None
    stop_loss_guard: StopLossGuardConfig | None = None
    cooldown: CooldownConfig | None = None
    order_rate: OrderRateConfig | None = None

    def content(self) -> dict[str, dict[str, Any]]:
        """As profile.json has it, without what is off."""
        named = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            kebab(name): {kebab(key): value for key, value in asdict(own).items() if value is not None}
            for name, own in named.items()
            if own is not None
        }


def kebab(name: str) -> str:
    """A name of ours as profiles write it."""
    return name.replace("_", "-")
