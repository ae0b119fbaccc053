# SPDX-License-Identifier: Apache-2.0
"""What wakes somebody beside notes: what an exchange tells, and the time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from async_channel import Channel, Consumer
from octobot_commons.clock import Handle
from octobot_commons.errors import SettingError
from octobot_trading.exchange_channel import Callback, get_chan

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

Call = Callable[[], Awaitable[Any]]


class Wakes:
    """Subscriptions and alarms of one owner, which end together with ``stop``.

    Alarms are calls of a clock, which cannot wait: each is sent through a channel of the owner's, so that its callback
    may be async, runs after what has come before, and in a replay is waited for as everything else is.
    """

    def __init__(self, exchange_manager: ExchangeManager) -> None:
        self._manager = exchange_manager
        self._subscriptions: list[tuple[Channel, Consumer]] = []
        self._alarms: Channel[Call] | None = None
        self._handles: dict[int, Handle] = {}
        self._alarm_numbers = 0

    async def on(self, channel_name: str, callback: Callback, **filters: Any) -> None:
        """Call ``callback(**payload)`` for what this channel of the exchange tells and matches.

        Raises:
            TypeError: the channel has no such filter.
        """
        channel = get_chan(channel_name, self._manager.id)
        self._subscriptions.append((channel, await channel.new_consumer(callback, **filters)))

    async def at(self, when: float, callback: Call) -> Handle:
        """Await ``callback()`` at ``when``, in Unix seconds, or at once when that is past.

        In a replay it runs with the first step of time from ``when`` on.
        """
        channel = await self._opened()
        if when <= self._manager.clock.now():
            # A simulated clock makes its calls when it is moved, which may be long after what is due at once.
            channel.send_nowait(callback)
            return _Rung()
        self._alarm_numbers += 1
        number = self._alarm_numbers

        def ring() -> None:
            self._handles.pop(number, None)
            channel.send_nowait(callback)

        handle = self._manager.clock.call_at(when, ring)
        self._handles[number] = handle
        return handle

    async def every(self, seconds: float, callback: Call, first_time: float | None = None) -> None:
        """Await ``callback()`` at ``first_time`` (default: an interval from now) and then at each interval.

        Times are multiples of the interval after the first one, however long a call takes; those that have passed
        while nobody could be called are left out.

        Raises:
            SettingError: the interval is not positive.
        """
        if not 0 < seconds < float("inf"):
            raise SettingError(f"nothing can be done every {seconds} seconds", remedy="use a positive interval")
        clock = self._manager.clock
        due = clock.now() + seconds if first_time is None else first_time

        async def ring() -> None:
            nonlocal due
            missed = max(0.0, clock.now() - due) // seconds
            due += (missed + 1) * seconds
            await self.at(due, ring)
            await callback()

        await self.at(due, ring)

    @property
    def failures(self) -> int:
        """How many callbacks have raised."""
        alarms = () if self._alarms is None else self._alarms.get_consumers()
        return sum(one.failures for one in (*(each for _, each in self._subscriptions), *alarms))

    async def stop(self) -> None:
        """End every subscription and alarm."""
        for handle in self._handles.values():
            handle.cancel()
        self._handles.clear()
        while self._subscriptions:
            channel, consumer = self._subscriptions.pop()
            await channel.remove_consumer(consumer)
        if self._alarms is not None:
            alarms, self._alarms = self._alarms, None
            await alarms.stop()
            alarms.flush()

    async def _opened(self) -> Channel[Call]:
        if self._alarms is None:
            self._alarms = Channel[Call]()
            if self._manager.dispatcher is not None:
                self._alarms.dispatcher = self._manager.dispatcher
            await self._alarms.new_consumer(_ring)
        return self._alarms


class _Rung:
    def cancel(self) -> None:
        """It has rung already."""


async def _ring(callback: Call) -> None:
    await callback()
