# SPDX-License-Identifier: Apache-2.0
"""Deterministic delivery without tasks, for simulations and backtests."""

from async_channel._core import ReadySet
from async_channel.errors import DispatcherError


class SynchronizedDispatcher(ReadySet):
    """Delivers the messages of every channel that was created with it.

    The consumer with the lowest (priority level, order of registration) that has a message is served first, one
    message at a time, oldest first. `pending` is the number of messages that wait, `running` the consumer whose
    callback runs: who waits for something that cannot come is named there.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_draining = False

    async def run_until_idle(self) -> int:
        """Deliver until no message is left, those sent meanwhile included; returns how many were delivered.

        A callback's exception is logged and counted by its consumer and delivery goes on. Cancellation propagates; the
        messages that were not delivered stay pending.
        """
        if self._is_draining:
            raise DispatcherError("run_until_idle() is running already: a callback or another task called it again")
        self._is_draining = True
        delivered = 0
        try:
            while True:
                try:
                    handling = self.begin_next()
                    if handling is None:
                        return delivered
                    delivered += 1
                    await handling
                except Exception as error:
                    # begin_next() itself fails only where it calls a callback, so there is one to blame.
                    self.running.failed(error, self.message)
        finally:
            self.finish()
            self._is_draining = False
