# SPDX-License-Identifier: Apache-2.0
"""A service and a feed that say what happened to them, and somebody who listens."""

from __future__ import annotations

from typing import Any, ClassVar

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import EnvironmentFault
from octobot_commons.services import Service, ServiceFeed, ServiceFeeds

NOON = 1_700_000_000.0


class Forum(Service):
    """Needs a name; ``happened`` is shared by all of them."""

    REQUIRED_SETTINGS = ("user_name",)
    happened: ClassVar[list[str]] = []
    is_down: ClassVar[bool] = False

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        self.user_name = self.UI.user_input("user name", UserInputTypes.TEXT, "", inputs)

    async def prepare(self) -> None:
        self.happened.append("prepared")

    async def start(self) -> None:
        if self.is_down:
            raise EnvironmentFault("the forum does not answer")
        self.happened.append("logged in")

    async def stop(self) -> None:
        self.happened.append("logged out")


class PostsFeed(ServiceFeed):
    """Tells when a test says so."""

    REQUIRED_SERVICES = (Forum,)
    HISTORY_CAPACITY = 3
    latest: ClassVar[PostsFeed]

    async def start(self) -> None:
        PostsFeed.latest = self
        Forum.happened.append(f"{self.get_name()} started with {self.get_service(Forum).user_name}")

    async def stop(self) -> None:
        Forum.happened.append(f"{self.get_name()} stopped")


class NewsFeed(PostsFeed):
    """Another one on the same service."""


class FeedWorld:
    """The feeds of one bot on a simulated clock."""

    def __init__(self, *, replays: bool = False, **settings: Any) -> None:
        Forum.happened, Forum.is_down = [], False
        self.clock = SimulatedClock(NOON)
        self.dispatcher = SynchronizedDispatcher()
        setup = TentaclesSetupConfig(configs={"Forum": settings or {"user_name": "ada"}})
        self.feeds = ServiceFeeds("bot", self.clock, setup, dispatcher=self.dispatcher, replays=replays)
        self.heard: list[dict[str, Any]] = []

    async def hear(self, **payload: Any) -> None:
        self.heard.append(payload)

    async def tell(self, data: Any, key: str | None = None, after: float = 0.0) -> None:
        self.clock.advance_to(self.clock.now() + after)
        await PostsFeed.latest.tell(data, key)
        await self.dispatcher.run_until_idle()
