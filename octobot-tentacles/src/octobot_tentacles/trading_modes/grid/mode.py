# SPDX-License-Identifier: Apache-2.0
"""The tentacle: what it does otherwise than the mode that it extends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from octobot_tentacles.trading_modes.grid.settings import register, scaled
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.staggered.mode import StaggeredOrdersTradingMode


class GridTradingMode(StaggeredOrdersTradingMode):
    """Keeps a grid of equidistant buys and sells; each filled order is replaced by its mirror order."""

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.entries = register(self.UI, inputs)

    def scale(self, entry: LadderSettings, symbol: str, price: Decimal) -> LadderSettings:
        """The settings of another pair: an increment of 1.6 % of its price."""
        return scaled(entry, symbol, price)
