# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings, and who decides and who orders."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_tentacles.trading_modes.arbitrage.planner import ArbitrageSettings
from octobot_tentacles.trading_modes.arbitrage.producer import ArbitrageTradingModeProducer
from octobot_tentacles.trading_modes.planned_orders import PlannedOrdersConsumer
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class ArbitrageTradingMode(AbstractTradingMode):
    """Compares the price of each symbol with that on other exchanges. One instance per exchange and symbol."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ()

    settings = ArbitrageSettings()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        form = SettingsForm(self.UI, inputs)
        self.settings = ArbitrageSettings(
            minimal_delta=form.percent(
                "minimal_price_delta_percent", 0.25, "Smallest difference after fees, in % of the price.", maximum=100
            ),
            share_per_trade=form.percent(
                "portfolio_percent_per_trade", 25, "Part of the asset that each trade spends, in %.", maximum=100
            ),
            stop_delta=form.percent("stop_loss_delta_percent", 0.1, "Stop loss: beyond the entry, in %.", maximum=99),
            enable_longs=form.flag("enable_longs", True, "Buy where the price is lower than elsewhere."),
            enable_shorts=form.flag(
                "enable_shorts", False, "Sell what is held where the price is higher, and buy back."
            ),
            exchanges=frozenset(
                name.lower() for name in form.texts("exchanges_to_trade_on", [], "Exchanges to trade on; none: all.")
            ),
        )

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        """Each symbol is traded by itself."""
        return False

    @classmethod
    def compares_exchanges(cls, tentacles_setup_config: TentaclesSetupConfig) -> bool:
        """Always."""
        return True

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [ArbitrageTradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [PlannedOrdersConsumer]
