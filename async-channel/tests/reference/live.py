# SPDX-License-Identifier: Apache-2.0
"""The live engine in plain Python, on an event loop of its own that is a queue of steps: who is called, and when.

Coroutines are generators, see live_loop.py. What a message makes a callback do is its plan: see `LiveTwin.perform`,
and for real in live_bench.py.
"""

from asyncio import QueueFull
from collections import deque

from async_channel_reference_live_loop import Cancelled, Future, Task, go_on, waiting

from async_channel.errors import ChannelClosedError, ConsumerFailedError, QueueOverflowError, StuckConsumerError

TURN = 64
FLOOD = 512
OPTIONAL = 2


class Seat:
    """A consumer."""

    def __init__(self, name, filters, priority, size, overflow, on_failure):
        self.name, self.filters, self.priority, self.on_failure = name, filters, priority, on_failure
        self.size, self.overflow = size, overflow
        self.mailbox = deque()
        # Senders that wait, and how many were woken and have not put yet.
        self.senders = deque()
        self.woken = 0
        self.unfinished = self.failures = self.delivered = self.dropped = self.high_water = 0
        self.task = None
        # Its task's wait for work of the engine; None while the task is not there or goes on with a callback.
        self.idle = None
        self.ready = None
        # The future on which a callback waits for the test.
        self.gate = None
        self.is_stopped = self.is_served = False

    def is_full(self):
        return 0 < self.size <= len(self.mailbox) + self.woken


class LiveTwin:
    turn = TURN
    seat_class = Seat

    def __init__(self):
        self.loop = deque()
        self.seats = {}
        # Those of the channel, in order of registration.
        self.listening = []
        self.ready = []
        self.arrivals = self.appended = 0
        self.is_scheduled = False
        self.running = None
        self.is_paused, self.is_closed, self.failed = True, False, False
        self.trace = []

    def run_loop(self):
        while self.loop:
            self.loop.popleft()()

    def start(self, work):
        """A task whose first step is yet to come."""
        task = Task(self, work)
        self.loop.append(task.step)
        return task

    # The channel.

    def add(self, name, filters, priority, size, overflow, on_failure):
        self.refuse()
        seat = self.seats[name] = self.seat_class(name, filters, priority, size, overflow, on_failure)
        self.listening.append(seat)
        self.run_seat(seat)
        self.update_producers()

    def update_producers(self):
        matters = any(seat.priority < OPTIONAL for seat in self.listening)
        if self.is_paused is matters:
            self.is_paused = not matters
            self.trace.append("resumed" if matters else "paused")

    def refuse(self):
        if self.failed:
            raise ConsumerFailedError(None, None, None)
        if self.is_closed:
            raise ChannelClosedError

    def run_seat(self, seat):
        seat.is_stopped = False
        if seat.task is None or seat.task.is_done:
            seat.task = self.start(self.serve(seat))

    def run(self):
        self.failed = False
        self.refuse()
        for seat in self.listening:
            self.run_seat(seat)

    def stop_seat(self, seat):
        seat.is_stopped = True
        if seat.task is self.running or seat.task.is_done:
            return
        seat.task.cancel()
        ended = Future(self.loop)
        seat.task.joiners.append(lambda: ended.is_done or ended.set(None))
        yield ended

    def stop(self):
        for seat in list(self.listening):
            yield from self.stop_seat(seat)

    def release_senders(self, seat, result):
        while seat.senders:
            seat.senders.popleft().set(result)

    def remove(self, seat):
        if seat in self.listening:
            self.listening.remove(seat)
            self.release_senders(seat, False)
            self.update_producers()
            yield from self.stop_seat(seat)

    def end(self, error):
        for seat in self.listening:
            self.release_senders(seat, error)
        yield from self.stop()

    def close(self):
        self.is_closed = True
        yield from self.end(ConsumerFailedError(None, None, None) if self.failed else ChannelClosedError())

    # Sending.

    def targets(self, target, may_wait):
        """Those who are to get it; raises where nobody may."""
        self.refuse()
        targets = [seat for seat in self.listening if target == "*" or seat.filters in (target, "*")]
        for seat in targets:
            if seat.is_full() and seat.overflow == "error":
                raise QueueOverflowError
            if seat.is_full() and seat.overflow == "block" and not may_wait:
                raise QueueFull
        return targets

    def send_nowait(self, target, number, plan):
        for seat in self.targets(target, may_wait=False):
            self.put(seat, number, plan)

    def send(self, target, number, plan):
        targets = self.targets(target, may_wait=True)
        full = [seat for seat in targets if seat.is_full() and seat.overflow == "block"]
        for seat in targets:
            if seat not in full:
                self.put(seat, number, plan)
        for seat in full:
            yield from self.wait_to_put(seat, number, plan)
        if not full and targets and targets[0].is_served and self.appended >= FLOOD:
            self.appended = 0
            yield None

    def wait_to_put(self, seat, number, plan):
        if not seat.is_full():
            self.put(seat, number, plan)
            return
        if seat.task is self.running:
            raise StuckConsumerError(seat, "waits for itself")
        room = Future(self.loop)
        seat.senders.append(room)
        try:
            is_there = yield room
        except Cancelled:
            if room in seat.senders:
                seat.senders.remove(room)
            elif room.result is True:
                # Its room is the next sender's.
                seat.woken -= 1
                self.wake_sender(seat)
            raise
        if is_there:
            seat.woken -= 1
            self.append(seat, number, plan)

    def wake_sender(self, seat):
        # The first that has not given up; it has room from now on.
        while seat.senders:
            room = seat.senders.popleft()
            if not room.is_done:
                room.set(True)
                seat.woken += 1
                return

    def put(self, seat, number, plan):
        if seat.overflow == "conflate":
            for index, (waiting, _) in enumerate(seat.mailbox):
                if waiting % 3 == number % 3:
                    seat.mailbox[index] = (number, plan)
                    seat.dropped += 1
                    return
        if seat.overflow in ("conflate", "drop") and seat.is_full():
            seat.mailbox.popleft()
            seat.dropped += 1
            seat.unfinished -= 1
        self.append(seat, number, plan)

    def append(self, seat, number, plan):
        seat.mailbox.append((number, plan))
        seat.unfinished += 1
        seat.high_water = max(seat.high_water, len(seat.mailbox))
        if seat.is_served:
            self.appended += 1
        self.push(seat)

    def take(self, seat):
        message = seat.mailbox.popleft()
        self.wake_sender(seat)
        return message

    # Delivering.

    def push(self, seat):
        """It has its turn after those that lie before it, unless it has one already or is busy."""
        if seat.is_served and seat.mailbox and seat.idle is not None and seat.ready is None:
            self.arrivals += 1
            seat.ready = (seat.priority, self.arrivals)
            self.ready.append(seat)
            if not self.is_scheduled:
                self.is_scheduled = True
                self.loop.append(self.drain)

    def drain(self):
        self.appended = 0
        while self.ready:
            seat = min(self.ready, key=lambda seat: seat.ready)
            self.ready.remove(seat)
            # What it sends to itself waits for its next turn.
            self.have_turn(seat)
        self.is_scheduled = False

    def have_turn(self, seat):
        if seat.idle.is_done:
            return
        self.running = seat.task
        suspended = None
        for _ in range(self.turn):
            if seat.is_stopped or suspended or not seat.mailbox:
                break
            callback = self.handle(seat, *self.take(seat))
            for waits_for in callback:
                suspended = callback, waits_for
                break
        self.running = None
        if suspended or seat.is_stopped:
            seat.task.waits_for = None
            seat.task.step(suspended)
        else:
            seat.ready = None
            self.push(seat)

    def serve(self, seat):
        """What a consumer's task does."""
        for _ in range(len(seat.mailbox)):
            if seat.is_stopped or not seat.mailbox:
                break
            yield from self.handle(seat, *self.take(seat))
        if seat.is_stopped:
            return
        seat.is_served = True
        try:
            while not seat.is_stopped:
                seat.ready, seat.idle = None, Future(self.loop)
                self.push(seat)
                suspended = yield seat.idle
                seat.idle = None
                if suspended is not None:
                    yield from go_on(*suspended)
        finally:
            seat.is_served, seat.idle, seat.ready = False, None, None
            if seat in self.ready:
                self.ready.remove(seat)

    def handle(self, seat, number, plan):
        seat.delivered += 1
        self.trace.append((seat.name, number))
        try:
            yield from self.perform(seat, number, *plan)
        except ArithmeticError:
            yield from self.fail(seat)
        finally:
            seat.unfinished -= 1

    def fail(self, seat):
        seat.failures += 1
        if seat.on_failure == "log":
            return
        seat.is_stopped = True
        if seat.on_failure == "stop consumer":
            yield from self.remove(seat)
        elif not self.failed:
            self.failed = True
            yield from self.end(ConsumerFailedError(None, None, None))

    # What callbacks do.

    def perform(self, seat, number, kind, *arguments):
        if kind in ("wait", "fail later", "stubborn"):
            seat.gate = Future(self.loop)
            try:
                yield from self.noting(seat, number, waiting(seat.gate))
            except Cancelled:
                if kind != "stubborn":
                    raise
                yield None
                self.trace.append((seat.name, number, "stubborn"))
            finally:
                seat.gate = None
        elif kind == "pause":
            for _ in range(*arguments):
                yield None
            self.trace.append((seat.name, number, "on"))
        elif kind == "send":
            yield from self.sending(seat.name, self.sends_nowait(*arguments, number + 1000, ("note",)))
        elif kind == "send on":
            yield from self.sending(seat.name, self.send(*arguments, number + 1000, ("note",)))
        elif kind in ("remove", "stop"):
            target = self.seats[arguments[0]]
            work = self.remove(target) if kind == "remove" else self.stop_seat(target)
            yield from self.noting(seat, number, work)
        if kind.startswith("fail"):
            raise ArithmeticError

    def noting(self, seat, number, work):
        try:
            yield from work
        except Cancelled:
            self.trace.append((seat.name, number, "cancelled"))
            raise
        self.trace.append((seat.name, number, "on"))

    def sends_nowait(self, *message):
        self.send_nowait(*message)
        yield from ()

    def sending(self, name, work):
        try:
            yield from work
        except Cancelled:
            self.trace.append((name, "cancelled"))
            raise
        except (ConsumerFailedError, ChannelClosedError, QueueFull, StuckConsumerError) as error:
            self.trace.append((name, type(error).__name__))
        else:
            self.trace.append((name, "sent"))
