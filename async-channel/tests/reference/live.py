# SPDX-License-Identifier: Apache-2.0
"""The live engine in plain Python, without an event loop: who is called with what, and when.

A message is (number, plan). What a plan means is in `LiveTwin._perform`, and for real in the tests.
"""

from collections import deque

TURN = 64


class Seat:
    def __init__(self, name, priority, size):
        self.name, self.priority, self.size = name, priority, size
        self.mailbox = deque()
        self.unfinished = self.failures = 0
        self.ready = None
        # The message whose callback is suspended.
        self.suspended = None
        self.stopped = False
        self.removed = False


class LiveTwin:
    def __init__(self):
        self.seats = {}
        self.ready = []
        self.arrivals = 0
        self.trace = []
        # Removers that go on once the present drain is over.
        self.resumed = []
        # Suspended callbacks that are cancelled then.
        self.cancelled = []

    def add(self, name, priority, size):
        self.seats[name] = Seat(name, priority, size)

    def send(self, target, number, plan):
        """Whether it was sent: to all that listen or, when one has no room, to none."""
        targets = [seat for seat in self.seats.values() if not seat.removed and target in ("*", seat.name)]
        if any(0 < seat.size <= len(seat.mailbox) for seat in targets):
            return False
        for seat in targets:
            seat.mailbox.append((number, plan))
            seat.unfinished += 1
            self._push(seat)
        return True

    def _push(self, seat):
        if seat.mailbox and not (seat.stopped or seat.suspended or seat.ready):
            self.arrivals += 1
            seat.ready = (seat.priority, self.arrivals)
            self.ready.append(seat)

    def run(self):
        """Until nothing is left that can go on."""
        while self.ready or self.resumed or self.cancelled:
            while self.ready:
                self._turn(min(self.ready, key=lambda seat: seat.ready))
            for seat in self.cancelled:
                self._end(seat, "cancelled")
            self.cancelled = []
            resumed, self.resumed = self.resumed, []
            for seat in resumed:
                if seat.suspended:
                    self._end(seat, "on")
            for seat in resumed:
                self._push(seat)

    def _turn(self, seat):
        self.ready.remove(seat)
        # Neither ready nor not: what it sends to itself waits for its next turn.
        for _ in range(TURN):
            if seat.stopped or seat.suspended or not seat.mailbox:
                break
            self._perform(seat, *seat.mailbox.popleft())
        seat.ready = None
        self._push(seat)

    def _perform(self, seat, number, plan):
        self.trace.append((seat.name, number))
        kind, *arguments = plan
        if kind in ("wait", "fail later"):
            seat.suspended = (number, plan)
            return
        if kind == "send":
            self.send(*arguments, number + 1000, ("note",))
        elif kind == "fail":
            seat.failures += 1
        elif kind == "remove":
            target = self.seats.get(arguments[0])
            if target is not None and not target.removed:
                suspends = not target.stopped and target is not seat
                self.remove(target.name)
                if suspends:
                    seat.suspended = (number, plan)
                    self.resumed.append(seat)
                    return
        seat.unfinished -= 1

    def _end(self, seat, how):
        number, plan = seat.suspended
        seat.suspended = None
        self.trace.append((seat.name, number, how))
        if plan[0] == "fail later" and how == "on":
            seat.failures += 1
        seat.unfinished -= 1

    def open(self, name):
        seat = self.seats[name]
        self._end(seat, "on")
        self._push(seat)

    def remove(self, name):
        self.seats[name].removed = True
        self.stop(name)

    def stop(self, name):
        seat = self.seats[name]
        if seat.stopped:
            return
        seat.stopped = True
        if seat in self.ready:
            self.ready.remove(seat)
            seat.ready = None
        if seat.suspended:
            self.cancelled.append(seat)

    def start(self, name):
        # Its mailbox is emptied before.
        seat = self.seats[name]
        seat.stopped = False
        seat.unfinished -= len(seat.mailbox)
        seat.mailbox.clear()
