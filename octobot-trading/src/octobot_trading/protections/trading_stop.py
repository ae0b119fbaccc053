# SPDX-License-Identifier: Apache-2.0
"""No entries until the next start."""

from __future__ import annotations

from octobot_commons.moments import utc_text
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.protections.protection import Protection


class TradingStop(Protection):
    """Refuses entries once somebody has said so; exits go on. It ends with the process, or with the backtest."""

    name = "trading-stop"

    def __init__(self) -> None:
        self._reason: str | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether entries are refused."""
        return self._reason is not None

    def stop(self, reason: str, now: float) -> None:
        """Refuse entries from now on; a second call changes nothing."""
        if self._reason is None:
            self._reason = f"trading was stopped at {utc_text(now)} UTC until the next start: {reason}"

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        return self._reason
