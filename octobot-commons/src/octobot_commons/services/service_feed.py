# SPDX-License-Identifier: Apache-2.0
"""What a service tells, for all who listen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from octobot_commons.clock import Clock
from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig
from octobot_commons.errors import BugError
from octobot_commons.services.feed_outlet import FeedOutlet
from octobot_commons.services.service import Service
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle

ServiceT = TypeVar("ServiceT", bound=Service)


class ServiceFeed(AbstractTentacle):
    """Turns what its services bring into events: ``await self.tell(data, key)``.

    There is one of each class and bot. It is started when the first evaluator subscribes and stopped after the last.
    In a backtest recorded events come in its place, and neither it nor its services are started.

    Attributes:
        feed_config: what its listeners ask for, all together.
    """

    #: Started before it, and shared with other feeds.
    REQUIRED_SERVICES: ClassVar[tuple[type[Service], ...]] = ()
    #: How many events are kept for those who look back.
    HISTORY_CAPACITY: ClassVar[int] = 1_000

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None = None) -> None:
        super().__init__(tentacles_setup_config)
        self.feed_config: dict[str, Any] = {}
        self._services: dict[type[Service], Service] = {}
        self._outlet: FeedOutlet | None = None

    async def start(self) -> None:
        """Begin to listen to the services; ``feed_config`` is that of the first subscriber."""

    async def stop(self) -> None:
        """Listen no more."""

    def update_feed_config(self, config: Mapping[str, Any]) -> None:
        """Somebody asks for this: lists are joined with those of others, anything else is replaced.

        Called again while the feed runs, when somebody else subscribes: override it to follow that.
        """
        for name, asked in config.items():
            known = self.feed_config.get(name)
            if isinstance(known, list) and isinstance(asked, list):
                asked = [*known, *(one for one in asked if one not in known)]
            self.feed_config[name] = asked

    def get_service(self, service_class: type[ServiceT]) -> ServiceT:
        """One of its required services, which runs.

        Raises:
            BugError: it is none of ``REQUIRED_SERVICES``.
        """
        service = self._services.get(service_class)
        if not isinstance(service, service_class):
            remedy = f"add it to {self.get_name()}.REQUIRED_SERVICES"
            raise BugError(f"{self.get_name()} uses {service_class.get_name()} unasked", remedy=remedy)
        return service

    @property
    def clock(self) -> Clock:
        """The bot's: neither read the time nor sleep without it."""
        return self._opened().clock

    async def tell(self, data: Any, key: str | None = None) -> None:
        """Tell the listeners what became known just now. ``key`` says what it is about, for those who filter.

        Raises:
            BugError: ``data`` is nothing that JSON can say, or the feed was never started.
        """
        await self._opened().tell(data, key)

    # What this package uses

    def connect(self, outlet: FeedOutlet, services: Mapping[type[Service], Service]) -> None:
        """Where it tells, and through which services it hears."""
        self._outlet = outlet
        self._services = dict(services)

    def _opened(self) -> FeedOutlet:
        if self._outlet is None:
            raise BugError(f"{self.get_name()} was not started", remedy="subscribe to it through ServiceFeeds")
        return self._outlet
