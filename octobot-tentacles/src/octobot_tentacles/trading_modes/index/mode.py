# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings, and who decides and who orders."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_tentacles.trading_modes.index.producer import IndexTradingModeProducer
from octobot_tentacles.trading_modes.index.settings import IndexSettings, register
from octobot_tentacles.trading_modes.planned_orders import PlannedOrdersConsumer
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class IndexTradingMode(AbstractTradingMode):
    """Keeps assets at their shares of the portfolio. One instance for all symbols."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ()

    settings = IndexSettings()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.settings = register(self.UI, inputs)

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [IndexTradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [PlannedOrdersConsumer]
