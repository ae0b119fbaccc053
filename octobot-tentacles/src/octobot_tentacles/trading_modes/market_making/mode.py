# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings, and who decides and who orders."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_tentacles.trading_modes.market_making.book import BookSettings
from octobot_tentacles.trading_modes.market_making.producer import MarketMakingTradingModeProducer
from octobot_tentacles.trading_modes.planned_orders import PlannedOrdersConsumer
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer

#: The exchange that it trades on.
LOCAL: Final = "local"
_REFERENCE = "reference_exchange"


class MarketMakingTradingMode(AbstractTradingMode):
    """Keeps bids and asks around a price. One instance per symbol."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ()

    settings = BookSettings()
    reference_exchange = LOCAL

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings.

        Raises:
            SettingError: the largest spread is below the smallest one.
        """
        form = SettingsForm(self.UI, inputs)
        self.settings = BookSettings(
            min_spread=form.percent(
                "min_spread", 2, "Spread between the best bid and the best ask, in %.", maximum=100
            ),
            max_spread=form.percent(
                "max_spread", 10, "Spread between the last bid and the last ask, in %.", maximum=190
            ),
            bids_count=form.count("bids_count", 3, "How many bids.", minimum=0, maximum=50),
            asks_count=form.count("asks_count", 3, "How many asks.", minimum=0, maximum=50),
        )
        if not 0 < self.settings.min_spread <= self.settings.max_spread:
            raise form.refuse(
                "min_spread", "it is not above 0 and at most max_spread", "the best orders have to be the closest ones"
            )
        self.reference_exchange = form.text(_REFERENCE, LOCAL, "Whose price they stand around: an exchange, or local.")

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        """Each symbol has a book of its own."""
        return False

    @classmethod
    def compares_exchanges(cls, tentacles_setup_config: TentaclesSetupConfig) -> bool:
        """Where another exchange tells the price."""
        return bool(tentacles_setup_config.get_config(cls).get(_REFERENCE, LOCAL) != LOCAL)

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [MarketMakingTradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [PlannedOrdersConsumer]
