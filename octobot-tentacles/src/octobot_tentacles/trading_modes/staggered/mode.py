# SPDX-License-Identifier: Apache-2.0
"""The tentacle: its pairs' settings, and who decides and who orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from octobot_commons.configuration import Profile
from octobot_tentacles.trading_modes.ladder.consumer import LadderConsumer
from octobot_tentacles.trading_modes.ladder.producer import LadderProducer
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.staggered.settings import register, scaled
from octobot_trading.constants import ZERO
from octobot_trading.enums import ExchangeTypes
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class StaggeredOrdersTradingMode(AbstractTradingMode):
    """Keeps a ladder of buys and sells between two bounds; each filled order is replaced by its mirror order."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, config: Profile, exchange_manager: ExchangeManager) -> None:
        super().__init__(config, exchange_manager)
        #: What a user should know of the ladders: sentences without a final dot, for reports.
        self.remarks: list[str] = []
        self.entries: Sequence[LadderSettings] = ()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.entries = register(self.UI, inputs)

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        """Each symbol has a ladder of its own."""
        return False

    @classmethod
    def get_supported_exchange_types(cls) -> list[ExchangeTypes]:
        """Spot and futures."""
        return [ExchangeTypes.SPOT, ExchangeTypes.FUTURE]

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        return [LadderProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        return [LadderConsumer]

    def settings_for(self, symbol: str, price: Decimal) -> LadderSettings:
        """The settings of a pair; those of the first entry, scaled to its price, where it has none."""
        for entry in self.entries:
            if entry.pair.upper() == symbol.upper():
                return entry
        return self.scale(self.entries[0], symbol, price)

    def scale(self, entry: LadderSettings, symbol: str, price: Decimal) -> LadderSettings:
        """The settings of another pair, made to fit one at ``price``; zero where no price is known yet."""
        return scaled(entry, symbol, price)

    def unanchored(self, settings: LadderSettings) -> LadderSettings:
        """The settings with which a ladder is made again around the current price."""
        return replace(settings, starting_price=ZERO)

    def redispatch_seconds(self, symbol: str) -> float | None:
        """How often free funds are spread over a symbol's ladder, None for never."""
        return self.settings_for(symbol, ZERO).redispatch_seconds

    def uses_existing_orders_only(self, symbol: str) -> bool:
        """Whether a symbol's ladder is made of nothing but the orders that exist."""
        return self.settings_for(symbol, ZERO).existing_orders_only
