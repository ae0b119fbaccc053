# SPDX-License-Identifier: Apache-2.0
"""No entries while the account is too far below its highest value."""

from __future__ import annotations

import math
from collections import deque
from decimal import Decimal
from typing import Any

import msgspec

from octobot_commons.configuration.protections import MaxDrawdownConfig
from octobot_commons.moments import utc_text
from octobot_trading.constants import ONE_HUNDRED, ZERO
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.protections.protection import Protection, shown

#: Into how many parts a lookback is divided; of each part only the highest value is kept.
_PARTS = 256


class _State(msgspec.Struct, forbid_unknown_fields=True):
    highs: list[tuple[float, Decimal]]
    paused_until: float | None = None


class MaxDrawdown(Protection):
    """drawdown % = (highest value - value) / highest value · 100, the usual definition.

    The highest value is that of the last ``lookback_hours`` (a high may count up to 1/256 of it longer, as not every
    value is kept), else of all times. With ``pause_hours`` entries pause once it is reached, and the highest value is
    looked for anew afterwards: an account that holds nothing could not recover before.
    """

    name = "max-drawdown"
    follows_value = True

    def __init__(self, config: MaxDrawdownConfig, reference_market: str) -> None:
        self._config = config
        self._market = reference_market
        self._lookback = math.inf if config.lookback_hours is None else float(config.lookback_hours) * 3600
        self._pause = None if config.pause_hours is None else float(config.pause_hours) * 3600
        #: Highs by time, each lower than the one before: the first is the highest that still counts.
        self._highs: deque[tuple[float, Decimal]] = deque()
        self._paused_until: float | None = None
        self._value = ZERO

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        if self._paused_until is not None:
            if now >= self._paused_until:
                return None
            return f"entries pause until {utc_text(self._paused_until)} UTC: {self._config.percent} % drawdown reached"
        drawdown = self._drawdown()
        if self._pause is not None or drawdown < self._config.percent:
            return None
        high = self._highs[0][1]
        return (
            f"the account is worth {shown(self._value)} {self._market}, {shown(drawdown)} % below its highest value of "
            f"{shown(high)}; entries pause until it is less than {self._config.percent} %"
        )

    def on_value(self, value: Decimal, now: float) -> bool:
        if self._paused_until is not None and now >= self._paused_until:
            self._paused_until = None
            self._highs.clear()
        self._value = value
        self._add(value, now)
        if self._pause is None or self._paused_until is not None or self._drawdown() < self._config.percent:
            return False
        self._paused_until = now + self._pause
        return True

    def on_flow(self, before: Decimal, after: Decimal) -> None:
        """What was lost so far stays the same share of the account."""
        if before > 0 and after > 0:
            factor = WIDE.divide(after, before)
            self._highs = deque((time, WIDE.multiply(high, factor)) for time, high in self._highs)
        else:
            self._highs.clear()

    @property
    def compares_values(self) -> bool:
        return bool(self._highs)

    def to_state(self) -> dict[str, Any]:
        state: dict[str, Any] = msgspec.to_builtins(_State(list(self._highs), self._paused_until))
        return state

    def from_state(self, state: dict[str, Any]) -> None:
        read = msgspec.convert(state, _State)
        self._highs, self._paused_until = deque(read.highs), read.paused_until

    def _add(self, value: Decimal, now: float) -> None:
        highs = self._highs
        part = self._lookback / _PARTS
        while highs and highs[0][0] <= now - self._lookback - part:
            highs.popleft()
        while highs and highs[-1][1] <= value:
            highs.pop()
        # One that was there less than a part ago is higher, and counts for that part longer.
        if not highs or now - highs[-1][0] >= part:
            highs.append((now, value))

    def _drawdown(self) -> Decimal:
        if not self._highs or self._highs[0][1] <= 0:
            return ZERO
        high = self._highs[0][1]
        return WIDE.multiply(WIDE.divide(WIDE.subtract(high, self._value), high), ONE_HUNDRED)
