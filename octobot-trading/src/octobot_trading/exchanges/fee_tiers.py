# SPDX-License-Identifier: Apache-2.0
"""Rates that fall with the volume traded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from octobot_commons.errors import SettingError
from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE

#: Exchanges count the volume of the last thirty days.
VOLUME_WINDOW_SECONDS = 30 * 86400.0


@dataclass(frozen=True, slots=True)
class FeeRates:
    """Fractions: Decimal("0.001") is 0.1 %. Negative ones are paid to the trader."""

    maker: Decimal = ZERO
    taker: Decimal = ZERO


class VolumeTiers:
    """Rates by traded volume: (volume from which on they hold, rates), in any order."""

    def __init__(self, tiers: Iterable[tuple[Decimal, FeeRates]]) -> None:
        self._tiers = tuple(sorted(tiers, key=lambda tier: tier[0]))
        volumes = [volume for volume, _ in self._tiers]
        if not volumes or volumes[0] != 0 or len(set(volumes)) != len(volumes):
            raise SettingError("fee tiers need a first one from volume 0 on and no volume twice", field="tiers")

    def rates(self, volume: Decimal) -> FeeRates:
        """Those of the highest tier that ``volume`` reaches."""
        return next(rates for start, rates in reversed(self._tiers) if start <= max(volume, ZERO))


class TradedVolume:
    """What was traded in the last thirty days, in one currency."""

    def __init__(self, window_seconds: float = VOLUME_WINDOW_SECONDS) -> None:
        self._window_seconds = window_seconds
        self._trades: deque[tuple[float, Decimal]] = deque()
        self._total = ZERO

    def add(self, time: float, volume: Decimal) -> None:
        """Count a trade; they come in order of time."""
        self._trades.append((time, volume))
        self._total = WIDE.add(self._total, volume)

    def at(self, time: float) -> Decimal:
        """The volume of the window that ends at ``time``; what is older is forgotten."""
        while self._trades and self._trades[0][0] <= time - self._window_seconds:
            self._total = WIDE.subtract(self._total, self._trades.popleft()[1])
        return self._total
