# SPDX-License-Identifier: Apache-2.0
"""Deterministic delivery without tasks, for simulations and backtests."""

from async_channel._engine import ReadySet
from async_channel.resume import Suspended, resume
from async_channel.stuck import StuckWatch


class SynchronizedDispatcher(ReadySet):
    """Delivers the messages of every channel that was created with it.

    The consumer with the lowest (priority level, order of registration) that has a message is served first, one
    message at a time, oldest first. `pending` is the number of messages that wait, `running` the consumer whose
    callback runs.
    """

    async def run_until_idle(self) -> int:
        """Deliver until no message is left, those sent meanwhile included; returns how many were delivered.

        What a callback raises is dealt with by its consumer's failure policy and delivery goes on. Cancellation
        propagates; the messages that were not delivered stay pending. DispatcherError when a callback or another task
        calls it again. StuckConsumerError, naming the consumer, when a callback waits for what cannot come: nothing
        else is left to run on the event loop. An event loop that does not show what it has left, uvloop, waits for
        ever.
        """
        before = self.delivered
        # Callbacks that do not wait have all been served when this returns; the rest is for those that do.
        suspended = self.begin_drain()
        if suspended is not None:
            await self.drain_on(suspended)
        return self.delivered - before

    async def drain_on(self, suspended: Suspended | None) -> None:
        """Go on after begin_drain() met a callback that waits: with it the two are run_until_idle() without a coroutine
        for the messages that nobody waits on.
        """
        try:
            while suspended is not None:
                await self._go_on(suspended)
                suspended = self.drain()
        finally:
            self.end_drain()

    async def _go_on(self, suspended: Suspended) -> None:
        consumer, message = self.running, self.message
        with StuckWatch(consumer, message, suspended[0]) as watch:
            try:
                await resume(*suspended, instead_of=watch.instead_of)
            except Exception as error:  # noqa: BLE001 whatever it is, it must not keep others from their messages
                await consumer.fail(error, message)
        if watch.error is not None:
            raise watch.error
