# SPDX-License-Identifier: Apache-2.0
"""The base of feeds that can be replayed, and not yet heard live."""

from __future__ import annotations

from octobot_commons.errors import EnvironmentFault
from octobot_commons.services import ServiceFeed


class RecordedOnlyFeed(ServiceFeed):
    """Refuses to start outside a backtest instead of staying silent."""

    async def start(self) -> None:
        """Raises EnvironmentFault: there is nothing to listen to yet."""
        raise EnvironmentFault(
            f"{self.get_name()} cannot be heard live in this version",
            remedy="backtest with recorded events (octobot backtest --feeds FILE), or turn off who needs it",
        )
