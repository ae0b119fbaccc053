# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings, and who decides and who orders."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_tentacles.trading_modes.dca.consumer import DCATradingModeConsumer
from octobot_tentacles.trading_modes.dca.producer import DCATradingModeProducer
from octobot_tentacles.trading_modes.dca.settings import SIGNALS_BASED, TIME_BASED, DCASettings, register
from octobot_trading.enums import ExchangeTypes
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class DCATradingMode(AbstractTradingMode):
    """Buys the same amount again and again. One instance per symbol."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ("SimpleStrategyEvaluator",)

    settings = DCASettings()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.settings = register(self.UI, inputs)

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        """Each symbol has intervals of its own."""
        return False

    @classmethod
    def get_supported_exchange_types(cls) -> list[ExchangeTypes]:
        """Spot, and futures, where it enters long positions."""
        return [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]

    @classmethod
    def get_required_strategies(cls, tentacles_setup_config: TentaclesSetupConfig) -> list[str]:
        """None where time decides."""
        if tentacles_setup_config.get_config(cls).get("trigger_mode", TIME_BASED) == TIME_BASED:
            return []
        return super().get_required_strategies(tentacles_setup_config)

    @property
    def trigger(self) -> str:
        """What makes it enter."""
        return TIME_BASED if self.settings.is_time_based else SIGNALS_BASED

    def trades(self, symbol: str) -> bool:
        """Whether the settings let it trade a symbol."""
        return not self.settings.pairs or symbol in self.settings.pairs

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [DCATradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [DCATradingModeConsumer]
