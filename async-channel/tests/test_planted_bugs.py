# SPDX-License-Identifier: Apache-2.0
"""Bugs planted into the plain-Python twins: against each the engine is found to be different, within seconds.

So the state machines do meet what they are to compare. test_mutations.py plants bugs into the engine itself.
"""

from types import SimpleNamespace

import pytest
from async_channel_core_machine import POLICY_CASES, machine_class, policies_side_by_side
from async_channel_live_machine import LiveMachine
from async_channel_reference_core import ConsumerCore, MailboxCore, ReadySet, Router, TopicCore
from async_channel_reference_live import LiveTwin, Seat
from async_channel_reference_live_loop import Cancelled
from hypothesis import Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test

# What is found need not be made small.
SETTINGS = settings(max_examples=400, stateful_step_count=30, phases=[Phase.generate], report_multiple_bugs=False)


class TurnOf63(LiveTwin):
    turn = 63


class LatestReadyFirst(LiveTwin):
    def push(self, seat):
        super().push(seat)
        if seat.ready:
            seat.ready = (seat.ready[0], -seat.ready[1])


class Overtaken(Seat):
    def is_full(self):
        return 0 < self.size <= len(self.mailbox)


class OvertakesSenders(LiveTwin):
    seat_class = Overtaken


class SomeGetIt(LiveTwin):
    def targets(self, target, may_wait):
        return [seat for seat in super().targets(target, True) if may_wait or not seat.is_full()]


class KeepsRoomForNobody(LiveTwin):
    def wait_to_put(self, seat, number, plan):
        try:
            yield from super().wait_to_put(seat, number, plan)
        except Cancelled:
            seat.woken += 1
            raise


class SwallowsFailures(LiveTwin):
    def fail(self, seat):
        yield from ()


class NeverPauses(LiveTwin):
    def update_producers(self):
        if self.is_paused:
            super().update_producers()


class DropsNewest(MailboxCore):
    def put(self, item):
        if self.makes_room and self.full():
            self.dropped += 1
        else:
            super().put(item)


class ConflatesAtTheEnd(MailboxCore):
    def put(self, item):
        if self.conflates:
            same = [each for each in self.items if each.get("key") == item.get("key")]
            self.items.extend(same)
            for each in same:
                self.items.remove(each)
        super().put(item)


class KeepsItsChoice(TopicCore):
    chosen = None

    @property
    def consumers(self):
        self.chosen = self.chosen or super().consumers
        return self.chosen


class IgnoresPriorities(ReadySet):
    def first(self):
        self.ready = dict.fromkeys(self.ready, 0)
        return super().first()


@pytest.mark.parametrize(
    "twin",
    [TurnOf63, LatestReadyFirst, OvertakesSenders, SomeGetIt, KeepsRoomForNobody, SwallowsFailures, NeverPauses],
    ids=lambda twin: twin.__name__,
)
def test_live(twin):
    class Machine(LiveMachine):
        twin_class = twin

    with pytest.raises((AssertionError, KeyError, AttributeError)):
        run_state_machine_as_test(Machine, settings=SETTINGS)


def twin_with(bug):
    parts = {part.__name__: part for part in (ConsumerCore, MailboxCore, ReadySet, Router, TopicCore)}
    (replaced,) = (name for name, part in parts.items() if issubclass(bug, part))
    return SimpleNamespace(**{**parts, replaced: bug})


@pytest.mark.parametrize("bug", [KeepsItsChoice, IgnoresPriorities], ids=lambda bug: bug.__name__)
def test_synchronized(bug):
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine_class(twin_with(bug)), settings=SETTINGS)


@pytest.mark.parametrize("bug", [DropsNewest, ConflatesAtTheEnd], ids=lambda bug: bug.__name__)
def test_overflow(bug):
    @SETTINGS
    @given(**POLICY_CASES)
    def compare(**case):
        policies_side_by_side(twin_with(bug), **case)

    with pytest.raises(AssertionError):
        compare()
