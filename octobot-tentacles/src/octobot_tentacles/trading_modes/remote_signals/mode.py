# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings, and who decides and who orders."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_commons.services import ServiceFeed
from octobot_tentacles.service_feeds.remote_trading_signals import RemoteTradingSignalsServiceFeed
from octobot_tentacles.trading_modes.remote_signals.consumer import RemoteTradingSignalsTradingModeConsumer
from octobot_tentacles.trading_modes.remote_signals.planner import SignalSettings
from octobot_tentacles.trading_modes.remote_signals.producer import RemoteTradingSignalsTradingModeProducer
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.enums import ExchangeTypes
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class RemoteTradingSignalsTradingMode(AbstractTradingMode):
    """Trades what another bot says that it trades, scaled to this account. One instance for all symbols."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ()
    SERVICE_FEED_CLASSES: ClassVar[tuple[type[ServiceFeed], ...]] = (RemoteTradingSignalsServiceFeed,)

    settings = SignalSettings()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        form = SettingsForm(self.UI, inputs)
        self.settings = SignalSettings(
            strategy=form.text("trading_strategy", "", "Id of the strategy whose signals are followed."),
            max_volume=form.percent(
                "max_volume", 50, "Largest order that enters, in % of what is held of the asset it spends.", maximum=100
            ),
            rounds_up=form.flag(
                "round_to_minimal_size_if_necessary", True, "Orders below the market's minimums: trade the minimum."
            ),
        )

    @classmethod
    def get_supported_exchange_types(cls) -> list[ExchangeTypes]:
        """Spot and futures."""
        return [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [RemoteTradingSignalsTradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [RemoteTradingSignalsTradingModeConsumer]
