# SPDX-License-Identifier: Apache-2.0
"""No entries for the rest of a day that has lost too much."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from octobot_commons.configuration.protections import DailyLossConfig
from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_commons.moments import utc_text
from octobot_trading.constants import ONE_HUNDRED
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.protections.protection import Protection, shown


class _State(msgspec.Struct, forbid_unknown_fields=True):
    """``day`` counts days of UTC since 1970; the values are the first one that counts for it, and the newest."""

    day: int | None = None
    first: Decimal | None = None
    newest: Decimal | None = None
    lost: Decimal | None = None


class DailyLoss(Protection):
    """loss = the account's value at the start of the day of UTC - its value now, open positions included.

    The value at the start is the last one known of the day before, else the first one of the day. A loss that was
    reached holds until the day ends, whatever is earned afterwards.
    """

    name = "daily-loss"
    follows_value = True

    def __init__(self, config: DailyLossConfig, reference_market: str) -> None:
        self._config = config
        self._market = reference_market
        self._state = _State()

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        state = self._state
        if state.lost is None or state.day != _day_of(now):
            return None
        tomorrow = utc_text((state.day + 1) * DAYS_TO_SECONDS)
        return (
            f"{shown(state.lost)} {self._market} were lost today, {self._limit_text()} is the limit; "
            f"entries pause until {tomorrow} UTC"
        )

    def on_value(self, value: Decimal, now: float) -> bool:
        state, day = self._state, _day_of(now)
        is_new = day != state.day
        if is_new:
            followed_on = state.day is not None and day == state.day + 1
            first = state.newest if followed_on and state.newest is not None else value
            state = self._state = _State(day, first)
        state.newest = value
        assert state.first is not None
        loss = WIDE.subtract(state.first, value)
        if state.lost is not None or loss < self._limit(state.first) or loss <= 0:
            return is_new
        state.lost = loss
        return True

    def on_flow(self, before: Decimal, after: Decimal) -> None:
        state, flow = self._state, WIDE.subtract(after, before)
        if state.first is not None and state.newest is not None:
            state.first, state.newest = WIDE.add(state.first, flow), WIDE.add(state.newest, flow)

    @property
    def compares_values(self) -> bool:
        return self._state.first is not None

    def to_state(self) -> dict[str, Any]:
        state: dict[str, Any] = msgspec.to_builtins(self._state)
        return state

    def from_state(self, state: dict[str, Any]) -> None:
        self._state = msgspec.convert(state, _State)

    def _limit(self, first: Decimal) -> Decimal:
        limits = [] if self._config.amount is None else [self._config.amount]
        if self._config.percent is not None:
            limits.append(WIDE.divide(WIDE.multiply(first, self._config.percent), ONE_HUNDRED))
        return min(limits)

    def _limit_text(self) -> str:
        percent, amount = self._config.percent, self._config.amount
        texts = [] if percent is None else [f"{percent} %"]
        return " or ".join(texts if amount is None else [*texts, f"{amount} {self._market}"])


def _day_of(time: float) -> int:
    return int(time // DAYS_TO_SECONDS)
