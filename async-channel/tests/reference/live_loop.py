# SPDX-License-Identifier: Apache-2.0
"""As much of asyncio as the live engine's twin needs: tasks step by step, cancellation, waiting.

Coroutines are generators: they yield a Future to wait for it, or None to give everybody else a step.
"""


class Cancelled(BaseException):
    """As asyncio.CancelledError."""


class Future:
    def __init__(self, loop):
        self.loop = loop
        self.waiter = None
        self.is_done = False
        # A value, or an error to raise.
        self.result = None

    def set(self, result):
        self.is_done, self.result = True, result
        if self.waiter is not None:
            self.loop.append(self.waiter.wake)


class Task:
    def __init__(self, twin, work):
        self.twin, self.loop, self.work = twin, twin.loop, work
        self.waits_for = None
        self.must_cancel = self.is_done = False
        self.joiners = []

    def wake(self):
        result, self.waits_for = self.waits_for.result, None
        self.step(result)

    def step(self, result=None):
        if self.must_cancel:
            self.must_cancel, result = False, Cancelled()
        self.twin.running = self
        try:
            go_on = self.work.throw if isinstance(result, BaseException) else self.work.send
            waits_for = go_on(result)
        except (StopIteration, Cancelled):
            self.is_done = True
            self.loop.extend(self.joiners)
            return
        finally:
            self.twin.running = None
        if waits_for is None:
            self.loop.append(self.step)
        else:
            self.waits_for, waits_for.waiter = waits_for, self
            if waits_for.is_done:
                self.loop.append(self.wake)

    def cancel(self):
        if self.waits_for is None or self.waits_for.is_done:
            self.must_cancel = True
        else:
            self.waits_for.set(Cancelled())


def waiting(future):
    yield future


def go_on(callback, waits_for):
    """The rest of a callback that waits already."""
    while True:
        try:
            try:
                result = yield waits_for
            except BaseException as error:  # noqa: BLE001 cancellation included: all belongs to the callback
                waits_for = callback.throw(error)
            else:
                waits_for = callback.send(result)
        except StopIteration:
            return
