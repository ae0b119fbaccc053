# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings, and who decides and who orders."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_commons.services import ServiceFeed
from octobot_tentacles.service_feeds.tradingview import TradingViewServiceFeed
from octobot_tentacles.trading_modes.planned_orders import PlannedOrdersConsumer
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_tentacles.trading_modes.tradingview.planner import AlertSettings
from octobot_tentacles.trading_modes.tradingview.producer import TradingViewSignalsTradingModeProducer
from octobot_trading.enums import ExchangeTypes
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class TradingViewSignalsTradingMode(AbstractTradingMode):
    """Does what the alerts of TradingView say. One instance for all symbols."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ()
    SERVICE_FEED_CLASSES: ClassVar[tuple[type[ServiceFeed], ...]] = (TradingViewServiceFeed,)

    settings = AlertSettings()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        form = SettingsForm(self.UI, inputs)
        self.settings = AlertSettings(
            uses_maximum_size=form.flag("use_maximum_size_orders", False, "Orders without a volume: everything."),
            uses_market_orders=form.flag("use_market_orders", True, "Orders without a type or price: market orders."),
            close_price_difference=form.decimal(
                "close_to_current_price_difference",
                0.02,
                "Limit orders without a price: distance from the current one. 0.02 is 2 %.",
                maximum=0.99,
                only_if=("use_market_orders", False),
            ),
            cancels_previous=form.flag(
                "cancel_previous_orders", True, "An order cancels those of older alerts about the same symbol."
            ),
        )

    @classmethod
    def get_supported_exchange_types(cls) -> list[ExchangeTypes]:
        """Spot, and futures, where sells open short positions."""
        return [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [TradingViewSignalsTradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [PlannedOrdersConsumer]
