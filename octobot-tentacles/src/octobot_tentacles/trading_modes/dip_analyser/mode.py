# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings, and who decides and who orders."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_tentacles.trading_modes.dip_analyser.consumer import DipAnalyserTradingModeConsumer
from octobot_tentacles.trading_modes.dip_analyser.producer import DipAnalyserTradingModeProducer
from octobot_tentacles.trading_modes.dip_analyser.settings import DipSettings, register
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class DipAnalyserTradingMode(AbstractTradingMode):
    """Buys dips, and sells each in stages. One instance per symbol."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ("DipAnalyserStrategyEvaluator",)

    settings = DipSettings()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.settings = register(self.UI, inputs)

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        """Each symbol has dips of its own."""
        return False

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [DipAnalyserTradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [DipAnalyserTradingModeConsumer]
