# SPDX-License-Identifier: Apache-2.0
"""The base of trading modes: a tentacle that turns strategies' notes into orders."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from octobot_commons.configuration import Profile, TentaclesSetupConfig
from octobot_commons.constants import CONFIG_REQUIRED_STRATEGIES, CONFIG_WILDCARD
from octobot_commons.notes import NotesReader
from octobot_commons.services import ServiceFeed
from octobot_commons.tentacles_management import AbstractTentacle
from octobot_trading.enums import ExchangeTypes
from octobot_trading.exchange_channel import get_chan
from octobot_trading.personal_data.orders.decision import Explanation

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager
    from octobot_trading.modes.consumer import AbstractTradingModeConsumer
    from octobot_trading.modes.producer import AbstractTradingModeProducer


class AbstractTradingMode(AbstractTentacle):
    """One instance per symbol, or one for all where ``get_is_symbol_wildcard`` says so.

    Attributes:
        symbol, cryptocurrency: what it trades, None for all.
        trading_config: its settings, the live dict.
        notes_reader: where its producers read the strategies' notes.
        bot_id: whose service feeds it may subscribe to.
        remarks: what whoever reads a result has to know, such as settings that it had to choose itself.
    """

    #: What it concludes from where its settings do not say ``required_strategies``; "*" is any strategy. A mode that
    #: requires none runs without: it wakes by what its producers subscribe to.
    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = (CONFIG_WILDCARD,)
    #: The feeds that its producers subscribe to.
    SERVICE_FEED_CLASSES: ClassVar[tuple[type[ServiceFeed], ...]] = ()

    def __init__(self, config: Profile, exchange_manager: ExchangeManager) -> None:
        super().__init__(config.tentacles_setup)
        self.config = config
        self.exchange_manager = exchange_manager
        self.symbol: str | None = None
        self.cryptocurrency: str | None = None
        self.notes_reader: NotesReader | None = None
        self.bot_id: str | None = None
        self.remarks: list[str] = []
        self.producers: list[AbstractTradingModeProducer] = []
        self.consumers: list[AbstractTradingModeConsumer] = []

    @classmethod
    def make_for_settings(cls, tentacles_setup_config: TentaclesSetupConfig) -> Self:
        """Without an exchange, so its settings must not need one."""
        nowhere = cast("ExchangeManager", None)
        return cls(Profile(profile_id="", name="", tentacles_setup=tentacles_setup_config), nowhere)

    @property
    def trading_config(self) -> dict[str, Any]:
        return self.specific_config

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        """Whether one instance trades every symbol."""
        return True

    @classmethod
    def get_required_strategies(cls, tentacles_setup_config: TentaclesSetupConfig) -> list[str]:
        """The strategies that it is made for; one of them has to run. Empty: it needs none."""
        return [*tentacles_setup_config.get_config(cls).get(CONFIG_REQUIRED_STRATEGIES, cls.REQUIRED_STRATEGIES)]

    @classmethod
    def compares_exchanges(cls, tentacles_setup_config: TentaclesSetupConfig) -> bool:
        """Whether it runs on each exchange that the profile enables, and sees the others in
        ``exchange_manager.other_venues``; else it runs on one."""
        return False

    @classmethod
    def get_supported_exchange_types(cls) -> list[ExchangeTypes]:
        """The kinds of markets this mode can trade."""
        return [ExchangeTypes.SPOT]

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What decides."""
        raise NotImplementedError(f"{self.get_name()} names no producer: override get_mode_producer_classes")

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """What creates orders."""
        raise NotImplementedError(f"{self.get_name()} names no consumer: override get_mode_consumer_classes")

    def get_current_state(self) -> tuple[str, Any]:
        """(state's name, final note) of its producer; ("UNKNOWN", None) before it has started."""
        if not self.producers:
            return "UNKNOWN", None
        producer = self.producers[0]
        return (producer.state.name if producer.state is not None else "UNKNOWN"), producer.final_eval

    @property
    def failures(self) -> int:
        """How often something that wakes its producers, beside notes, or its consumers has raised; each is logged."""
        return sum(one.failures for one in self.consumers) + sum(one.wakes.failures for one in self.producers)

    def explain(self, symbol: str, text: str, *values: Any) -> None:
        """Say why something is done or not, for `octobot why-not`; ``values`` go into the ``%`` places of ``text``."""
        explanations = self.exchange_manager.explanations
        if explanations is not None:
            now = self.exchange_manager.clock.now()
            explanations.append(Explanation(now, self.get_name(), symbol, text % values))
        elif self.logger.isEnabledFor(logging.DEBUG):
            self.logger.debug("%s: %s", symbol, text % values)

    async def initialize(self) -> None:
        """Load the settings and start its producers and consumers."""
        self.load_config()
        channel = get_chan("Mode", self.exchange_manager.id)
        for consumer_class in self.get_mode_consumer_classes():
            consumer = consumer_class(self)
            await channel.new_consumer(
                consumer_instance=consumer,
                symbol=self.symbol or "*",
                cryptocurrency=self.cryptocurrency or "*",
                trading_mode_name=self.get_name(),
            )
            self.consumers.append(consumer)
        for producer_class in self.get_mode_producer_classes():
            producer = producer_class(channel, self.config, self, self.exchange_manager)
            await producer.run()
            self.producers.append(producer)
            await producer.subscribe()

    async def stop(self) -> None:
        """Stop deciding and creating orders. Open orders stay open."""
        for producer in self.producers:
            await producer.stop()
        channel = get_chan("Mode", self.exchange_manager.id)
        for consumer in self.consumers:
            await channel.remove_consumer(consumer)
        self.producers.clear()
        self.consumers.clear()
