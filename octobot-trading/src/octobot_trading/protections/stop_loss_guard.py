# SPDX-License-Identifier: Apache-2.0
"""No entries after too many stop-loss exits."""

from __future__ import annotations

from typing import Any

import msgspec

from octobot_commons.configuration.protections import StopLossGuardConfig
from octobot_commons.moments import utc_text
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.protections.protection import Exit, Protection

_EVERY_SYMBOL = "*"


class _State(msgspec.Struct, forbid_unknown_fields=True):
    """By symbol, ``*`` for all: when which order stopped, of the newest ones, and until when entries pause."""

    stops: dict[str, list[tuple[float, str]]] = {}
    paused_until: dict[str, float] = {}


class StopLossGuard(Protection):
    """Counts the orders, not the fills, of stop losses and trailing stops that have closed something without a profit.

    Where it is not known what was paid for what was sold, it counts as well.
    """

    name = "stop-loss-guard"
    follows_exits = True

    def __init__(self, config: StopLossGuardConfig) -> None:
        self._config = config
        self._window = float(config.window_hours) * 3600
        self._pause = float(config.pause_hours) * 3600
        self._state = _State()

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        key = self._key(request.symbol)
        until = self._state.paused_until.get(key)
        if until is None or now >= until:
            return None
        whose = f" of {key}" if self._config.per_symbol else ""
        return (
            f"entries pause until {utc_text(until)} UTC: {self._config.stops} stop-loss exits{whose} "
            f"within {self._config.window_hours} h"
        )

    def on_exit(self, closed: Exit) -> None:
        if not closed.is_stop or closed.net_pnl > 0:
            return
        key = self._key(closed.symbol)
        stops = self._state.stops.setdefault(key, [])
        if any(order_id == closed.order_id for _, order_id in stops):
            return
        stops.append((closed.time, closed.order_id))
        del stops[: -self._config.stops]
        if len(stops) == self._config.stops and stops[0][0] > closed.time - self._window:
            self._state.paused_until[key] = closed.time + self._pause

    def to_state(self) -> dict[str, Any]:
        state: dict[str, Any] = msgspec.to_builtins(self._state)
        return state

    def from_state(self, state: dict[str, Any]) -> None:
        self._state = msgspec.convert(state, _State)
        for stops in self._state.stops.values():
            del stops[: -self._config.stops]

    def _key(self, symbol: str) -> str:
        return symbol if self._config.per_symbol else _EVERY_SYMBOL
