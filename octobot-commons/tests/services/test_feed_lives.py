# SPDX-License-Identifier: Apache-2.0
"""Random subscribers to feeds and services that sometimes cannot start or stop: what runs is what is listened to."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.errors import EnvironmentFault
from octobot_commons.services import FeedSubscription, Service, ServiceFeed, ServiceFeeds

#: What runs, by class name, and what fails next.
running: Counter[str] = Counter()
failing: set[str] = set()


def began(one: object) -> None:
    name = type(one).__name__
    if f"start {name}" in failing:
        raise EnvironmentFault(f"{name} does not start")
    running[name] += 1
    assert running[name] == 1, "never two of one class"


def ended(one: object) -> None:
    name = type(one).__name__
    running[name] -= 1
    if f"stop {name}" in failing:
        raise EnvironmentFault(f"{name} does not stop")


class Wire(Service):
    async def start(self) -> None:
        await asyncio.sleep(0)
        began(self)

    async def stop(self) -> None:
        await asyncio.sleep(0)
        ended(self)


class Forum(Wire):
    pass


class News(ServiceFeed):
    REQUIRED_SERVICES: ClassVar[tuple[type[Service], ...]] = (Wire,)
    current: ClassVar[dict[str, Any]] = {}

    async def start(self) -> None:
        assert all(running[one.__name__] for one in self.REQUIRED_SERVICES), "services come first"
        await asyncio.sleep(0)
        began(self)
        News.current[type(self).__name__] = self

    async def stop(self) -> None:
        assert all(running[one.__name__] for one in self.REQUIRED_SERVICES), "services go last"
        ended(self)


class Posts(News):
    REQUIRED_SERVICES = (Wire, Forum)


FEEDS: tuple[type[ServiceFeed], ...] = (News, Posts)
_names = [kind.__name__ for kind in (Wire, Forum, News, Posts)]
_failures = st.sets(st.sampled_from([f"{what} {name}" for what in ("start", "stop") for name in _names]), max_size=1)
_steps = st.lists(
    st.tuples(
        st.lists(st.one_of(st.sampled_from(FEEDS), st.integers(0, 9)), min_size=1, max_size=4),
        st.one_of(st.just(set[str]()), _failures),
    ),
    max_size=20,
)


async def run(steps: list[tuple[list[Any], set[str]]]) -> None:
    """Each step: feeds to subscribe to and subscriptions to end, all at the same time, with what fails meanwhile."""
    running.clear()
    dispatcher = SynchronizedDispatcher()
    feeds = ServiceFeeds("bot", SimulatedClock(), TentaclesSetupConfig(), dispatcher=dispatcher)
    heard: Counter[str] = Counter()
    alive: list[FeedSubscription] = []

    async def hear(feed: str, **_: Any) -> None:
        heard[feed] += 1

    for asked, fails in steps:
        failing.clear()
        failing.update(fails)
        ending = [alive[one % len(alive)] for one in asked if isinstance(one, int) and alive]
        new = [one for one in asked if not isinstance(one, int)]
        answers = await asyncio.gather(
            *(feeds.unsubscribe(one) for one in ending),
            *(feeds.subscribe(one, hear) for one in new),
            return_exceptions=True,
        )
        assert all(answer is None or isinstance(answer, FeedSubscription | EnvironmentFault) for answer in answers)
        alive = [one for one in alive if one not in ending]
        alive += [answer for answer in answers if isinstance(answer, FeedSubscription)]
        listened = {one.feed_class for one in alive}
        wanted = {one.__name__ for one in listened} | {
            service.__name__ for one in listened for service in one.REQUIRED_SERVICES
        }
        assert {name for name, count in running.items() if count} == wanted
        assert {one.get_name() for one in feeds.services()} == wanted - {one.__name__ for one in FEEDS}
        heard.clear()
        for kind in listened:
            await News.current[kind.__name__].tell(1)
        await dispatcher.run_until_idle()
        assert heard == Counter(one.feed_class.__name__ for one in alive)
    failing.clear()
    await feeds.stop()
    assert not +running


@settings(max_examples=200, deadline=None)
@given(_steps)
def test_what_runs_is_what_is_listened_to(steps: list[tuple[list[Any], set[str]]]) -> None:
    asyncio.run(run(steps))
