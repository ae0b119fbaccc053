# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from octobot_commons.clock import LiveClock, SimulatedClock
from octobot_commons.errors import ClockError

TIMES = st.integers(min_value=0, max_value=50).map(float)
LATER_TIMES = st.integers(min_value=1, max_value=20).map(float)


class ClockMachine(RuleBasedStateMachine):
    """A simulated clock beside a list that is sorted whenever something is due."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = SimulatedClock(10.0)
        self.waiting: list[tuple[float, int]] = []
        self.handles: dict[int, object] = {}
        self.ran: list[tuple[int, float]] = []
        self.expected: list[tuple[int, float]] = []
        self.count = 0

    @rule(when=TIMES)
    def call_at(self, when: float) -> None:
        number, self.count = self.count, self.count + 1
        self.handles[number] = self.clock.call_at(when, self._run, number)
        self.waiting.append((max(when, self.clock.now()), number))

    @precondition(lambda self: self.handles)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.handles)))
        self.handles[number].cancel()
        self.waiting = [entry for entry in self.waiting if entry[1] != number]

    @rule(step=st.integers(min_value=0, max_value=20))
    def advance(self, step: int) -> None:
        target = self.clock.now() + step
        due = sorted(entry for entry in self.waiting if entry[0] <= target)
        self.waiting = [entry for entry in self.waiting if entry[0] > target]
        self.expected += [(number, when) for when, number in due]
        self.clock.advance_to(target)
        assert self.clock.now() == self.clock.time == target

    @invariant()
    def ran_in_order_at_their_own_time(self) -> None:
        assert self.ran == self.expected
        assert self.clock.next_time == min((when for when, _ in self.waiting), default=None)

    def _run(self, number: int) -> None:
        self.ran.append((number, self.clock.now()))


TestClockMachine = ClockMachine.TestCase


def test_a_call_may_schedule_further_calls_that_are_due_too() -> None:
    clock = SimulatedClock(0.0)
    seen: list[tuple[str, float]] = []

    def first() -> None:
        seen.append(("first", clock.now()))
        clock.call_at(3.0, second)
        clock.call_at(-5.0, late)

    def second() -> None:
        seen.append(("second", clock.now()))

    def late() -> None:
        seen.append(("late", clock.now()))

    clock.call_at(2.0, first)
    clock.advance_to(4.0)
    assert seen == [("first", 2.0), ("late", 2.0), ("second", 3.0)]


def test_a_failing_call_leaves_the_clock_at_its_time_and_the_rest_scheduled() -> None:
    clock = SimulatedClock(0.0)
    seen: list[float] = []
    clock.call_at(1.0, lambda: 1 / 0)
    clock.call_at(2.0, lambda: seen.append(clock.now()))
    with pytest.raises(ZeroDivisionError):
        clock.advance_to(5.0)
    assert (clock.now(), seen) == (1.0, [])
    clock.advance_to(5.0)
    assert (clock.now(), seen) == (5.0, [2.0])


def test_cancelling_twice_or_after_the_call_does_nothing() -> None:
    clock = SimulatedClock(0.0)
    seen: list[int] = []
    ran = clock.call_at(1.0, seen.append, 1)
    clock.advance_to(1.0)
    ran.cancel()
    waiting = clock.call_at(2.0, seen.append, 2)
    waiting.cancel()
    waiting.cancel()
    clock.advance_to(3.0)
    assert seen == [1]
    assert clock.next_time is None


def test_cancelled_calls_do_not_pile_up() -> None:
    clock = SimulatedClock(0.0)
    seen: list[int] = []
    clock.call_at(7.0, seen.append, 7)
    for _ in range(10_000):
        clock.call_at(1e9, seen.append, 0).cancel()
    assert len(clock._heap) < 200
    clock.advance_to(8.0)
    assert seen == [7]


@pytest.mark.parametrize("when", [9.0, math.nan, math.inf, -math.inf])
def test_going_backwards_or_nowhere_is_refused(when: float) -> None:
    clock = SimulatedClock(10.0)
    with pytest.raises(ClockError, match=r"a simulated clock at 10\.0 cannot advance to"):
        clock.advance_to(when)
    assert clock.now() == 10.0


def test_advancing_while_advancing_is_refused() -> None:
    clock = SimulatedClock(0.0)
    clock.call_at(2.0, lambda: None)
    clock.call_at(1.0, clock.advance_to, 3.0)
    with pytest.raises(ClockError, match=r"advance_to\(3\.0\) from inside a scheduled call"):
        clock.advance_to(1.0)


@pytest.mark.parametrize("when", [math.nan, math.inf])
def test_no_time_is_refused(when: float) -> None:
    with pytest.raises(ClockError, match="is no time"):
        SimulatedClock(when)
    with pytest.raises(ClockError, match="is no time"):
        SimulatedClock(0.0).call_at(when, print)


@given(st.lists(LATER_TIMES, min_size=1, max_size=8))
def test_sleepers_wake_in_order_and_a_stepping_driver_shows_each_its_own_time(wake_times: list[float]) -> None:
    async def run() -> list[tuple[int, float]]:
        clock = SimulatedClock(0.0)
        woken: list[tuple[int, float]] = []

        async def sleeper(number: int, when: float) -> None:
            await (clock.sleep_until(when) if number % 2 else clock.sleep(when))
            woken.append((number, clock.now()))

        tasks = [asyncio.create_task(sleeper(number, when)) for number, when in enumerate(wake_times)]
        await asyncio.sleep(0)
        while (next_time := clock.next_time) is not None:
            clock.advance_to(next_time)
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        return woken

    woken = asyncio.run(run())
    expected = sorted((when, number) for number, when in enumerate(wake_times))
    assert woken == [(number, when) for when, number in expected]


@given(st.lists(LATER_TIMES, min_size=1, max_size=8))
def test_sleepers_passed_over_in_one_step_still_wake_in_order(wake_times: list[float]) -> None:
    async def run() -> list[int]:
        clock = SimulatedClock(0.0)
        woken: list[int] = []

        async def sleeper(number: int, when: float) -> None:
            await clock.sleep_until(when)
            woken.append(number)

        tasks = [asyncio.create_task(sleeper(number, when)) for number, when in enumerate(wake_times)]
        await asyncio.sleep(0)
        clock.advance_to(100.0)
        await asyncio.gather(*tasks)
        return woken

    assert asyncio.run(run()) == sorted(range(len(wake_times)), key=lambda number: (wake_times[number], number))


async def test_sleeping_for_no_time_lets_others_run() -> None:
    clock = SimulatedClock(5.0)
    others: list[int] = []
    asyncio.get_running_loop().call_soon(others.append, 1)
    await clock.sleep(0)
    assert others == [1]
    await clock.sleep_until(2.0)
    assert clock.now() == 5.0


async def test_a_cancelled_sleeper_leaves_nothing_behind() -> None:
    clock = SimulatedClock(0.0)
    task = asyncio.create_task(clock.sleep(5.0))
    await asyncio.sleep(0)
    assert clock.next_time == 5.0
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert clock.next_time is None


async def test_a_sleeper_cancelled_after_its_wake_up_is_cancelled() -> None:
    clock = SimulatedClock(0.0)
    task = asyncio.create_task(clock.sleep(5.0))
    await asyncio.sleep(0)
    clock.call_at(5.0, task.cancel)
    clock.advance_to(5.0)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_sleeper_whose_future_was_cancelled_first_is_not_woken_again() -> None:
    clock = SimulatedClock(0.0)
    task = asyncio.create_task(clock.sleep(5.0))
    await asyncio.sleep(0)
    clock.call_at(1.0, task.cancel)
    clock.advance_to(6.0)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_live_clock_runs_calls_that_are_due() -> None:
    clock = LiveClock()
    called = asyncio.Event()
    clock.call_at(clock.now() - 5.0, called.set)
    await called.wait()
    cancelled = clock.call_at(clock.now() + 1000.0, called.clear)
    cancelled.cancel()
    assert called.is_set()


async def test_live_clock_sleeps_no_shorter_than_asked() -> None:
    clock = LiveClock()
    start_time = clock.time
    await clock.sleep(0.001)
    assert clock.now() >= start_time + 0.001
    await clock.sleep_until(start_time)


async def test_live_clock_sleeps_on_when_the_time_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([100.0, 99.0, 100.5])
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("octobot_commons.clock.unix_time", lambda: next(readings))
    monkeypatch.setattr("octobot_commons.clock.asyncio.sleep", sleep)
    await LiveClock().sleep_until(100.25)
    assert slept == [0.25, 1.25]
