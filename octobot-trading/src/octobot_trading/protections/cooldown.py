# SPDX-License-Identifier: Apache-2.0
"""No entry of a symbol for some time after an exit of it."""

from __future__ import annotations

from typing import Any

import msgspec

from octobot_commons.configuration.protections import CooldownAfter, CooldownConfig
from octobot_commons.moments import utc_text
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.protections.protection import Exit, Protection


class _State(msgspec.Struct, forbid_unknown_fields=True):
    until: dict[str, float] = {}


class Cooldown(Protection):
    """Begins anew with each fill that closes something, or with each that closes it at a loss."""

    name = "cooldown"
    follows_exits = True

    def __init__(self, config: CooldownConfig) -> None:
        self._config = config
        self._seconds = float(config.minutes) * 60
        self._state = _State()

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        until = self._state.until.get(request.symbol)
        if until is None or now >= until:
            return None
        what = "exit" if self._config.after is CooldownAfter.ANY else "loss"
        return f"entries pause for {self._config.minutes} minutes after each {what}, until {utc_text(until)} UTC"

    def on_exit(self, closed: Exit) -> None:
        if self._config.after is CooldownAfter.ANY or closed.net_pnl < 0:
            self._state.until[closed.symbol] = closed.time + self._seconds

    def to_state(self) -> dict[str, Any]:
        state: dict[str, Any] = msgspec.to_builtins(self._state)
        return state

    def from_state(self, state: dict[str, Any]) -> None:
        self._state = msgspec.convert(state, _State)
