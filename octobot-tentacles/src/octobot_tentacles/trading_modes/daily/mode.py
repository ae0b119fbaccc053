# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings, and who decides and who orders."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_commons.symbols import parse_symbol
from octobot_tentacles.trading_modes.daily.consumer import DailyTradingModeConsumer
from octobot_tentacles.trading_modes.daily.producer import DailyTradingModeProducer
from octobot_tentacles.trading_modes.daily.rules import DAILY, OrderRules
from octobot_tentacles.trading_modes.daily.settings import DailySettings, register
from octobot_trading.enums import ExchangeTypes
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class DailyTradingMode(AbstractTradingMode):
    """Buys and sells when the mean of the strategies' notes enters another state. One instance per symbol."""

    settings = DailySettings()
    order_rules: ClassVar[OrderRules] = DAILY

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.settings = register(self.UI, inputs, has_positions=self._may_have_positions())

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        """Each symbol has a state of its own."""
        return False

    @classmethod
    def get_supported_exchange_types(cls) -> list[ExchangeTypes]:
        """Spot and futures."""
        return [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [DailyTradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [DailyTradingModeConsumer]

    def _may_have_positions(self) -> bool:
        """Where settings are looked at by themselves, before anybody knows what they will trade, too."""
        return self.symbol is None or not parse_symbol(self.symbol).is_spot()
