# SPDX-License-Identifier: Apache-2.0
"""How much of what a candle traded an account's orders may take."""

from __future__ import annotations

from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.exchanges.market import WIDE, Market


class Liquidity:
    """All orders of the account together take at most a share of a candle's volume; the rest fills later.

    At a candle's open its volume is not known to anybody: the last closed candle's counts there, and nothing fills
    before there is one. ``share`` None: an order always finds enough.
    """

    def __init__(self, share: Decimal | None) -> None:
        if share is not None and not (share.is_finite() and ZERO < share <= ONE):
            raise ValueError(f"a share of {share} of the volume")
        self._share = share
        self._volumes: dict[str, Decimal] = {}
        self._taken: dict[str, Decimal] = {}

    def volume(self, symbol: str) -> Decimal | None:
        """The volume that counts now, None before the first candle closed."""
        return self._volumes.get(symbol)

    def see_open(self, symbol: str) -> None:
        """A candle opens: the volume of the one before counts anew."""
        self._taken[symbol] = ZERO

    def see_volume(self, symbol: str, volume: float) -> None:
        """A candle closes with this volume, or a trade has this amount. What its open took counts into it."""
        self._volumes[symbol] = Decimal(repr(volume)) if volume > 0 else ZERO

    def allow(self, market: Market, quantity: Decimal) -> Decimal:
        """How much of ``quantity`` may fill now."""
        if self._share is None:
            return quantity
        symbol = market.symbol
        most = WIDE.multiply(self._volumes.get(symbol, ZERO), self._share) - self._taken.get(symbol, ZERO)
        return quantity if quantity <= most else max(ZERO, market.quantize_amount(most))

    def take(self, symbol: str, quantity: Decimal) -> None:
        """Count a fill."""
        if self._share is not None:
            self._taken[symbol] = self._taken.get(symbol, ZERO) + quantity
