# SPDX-License-Identifier: Apache-2.0
"""Not too many orders at once: what a mistake in a tentacle or a setting may cost at most."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec

from octobot_commons.configuration.protections import OrderRateConfig
from octobot_commons.moments import utc_text
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.protections.protection import Protection


class _State(msgspec.Struct, forbid_unknown_fields=True):
    times: list[float]


class OrderRate(Protection):
    """Counts every order that is handed in, also exits and those that the exchange refuses; refuses entries only."""

    name = "order-rate"

    def __init__(self, config: OrderRateConfig) -> None:
        self._config = config
        self._seconds = float(config.seconds)
        self._times: deque[float] = deque(maxlen=config.orders)

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        times = self._times
        if len(times) < self._config.orders or now >= times[0] + self._seconds:
            return None
        return (
            f"{self._config.orders} orders were handed in since {utc_text(times[0])} UTC, the most within "
            f"{self._config.seconds} s; the next entry may come at {utc_text(times[0] + self._seconds)} UTC"
        )

    def on_order(self, now: float) -> None:
        self._times.append(now)

    def to_state(self) -> dict[str, Any]:
        state: dict[str, Any] = msgspec.to_builtins(_State(list(self._times)))
        return state

    def from_state(self, state: dict[str, Any]) -> None:
        self._times.clear()
        self._times.extend(msgspec.convert(state, _State).times)
