# SPDX-License-Identifier: Apache-2.0
"""What a ladder of one pair is to be, whichever mode makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from octobot_tentacles.trading_modes.ladder.volumes import Profile
from octobot_trading.constants import ZERO


@dataclass(frozen=True, slots=True)
class Counts:
    """So many levels on each side of the price."""

    buys: int
    sells: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """All levels whose orders lie from ``lower`` to ``upper``, both included."""

    lower: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FundsSettings:
    """Zero funds are all that is available; a zero volume is an equal or weighted part of the funds."""

    buy_funds: Decimal = ZERO
    sell_funds: Decimal = ZERO
    buy_volume: Decimal = ZERO
    sell_volume: Decimal = ZERO
    profile: Profile = Profile.FLAT


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorSettings:
    """How the order that follows a fill is made."""

    ignore_fees: bool = False
    reinvest_profits: bool = False
    keeps_volume: bool = False
    delay_seconds: float = 0.0
    allow_instant_fill: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailingSettings:
    """Whether the ladder follows a price that leaves it."""

    up: bool = False
    down: bool = False
    order_by_order: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderSettings:
    """Checked settings of one pair. ``spread`` and ``increment`` are fractions where ``is_geometric``.

    Attributes:
        starting_price: that the ladder is made around, zero for the current one.
        depth: how many orders may be open at a time, None for all.
        redispatch_seconds: how often free funds are spread over the ladder, None for never.
        scaled_from: the pair whose settings these are, scaled to another pair's price.
    """

    pair: str
    spread: Decimal
    increment: Decimal
    extent: Counts | Bounds
    is_geometric: bool = False
    starting_price: Decimal = ZERO
    depth: int | None = None
    existing_orders_only: bool = False
    funds: FundsSettings = field(default_factory=FundsSettings)
    mirror: MirrorSettings = field(default_factory=MirrorSettings)
    trailing: TrailingSettings = field(default_factory=TrailingSettings)
    redispatch_seconds: float | None = None
    scaled_from: str | None = None
