# SPDX-License-Identifier: Apache-2.0
"""A budget never gives more than the exchange allows, and cancels do not wait behind data."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.clock import SimulatedClock
from octobot_commons.errors import DataError
from octobot_trading.exchanges.request_budget import Lane, LocalMeter, RequestBudget, in_lane
from octobot_trading.exchanges.shared_meter import SharedMeter

_RATE, _BURST = 10.0, 10.0


async def _idle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def _advance(clock: SimulatedClock, until: float) -> None:
    await _idle()
    while clock.next_time is not None and clock.next_time <= until:
        clock.advance_to(clock.next_time)
        await _idle()
    clock.advance_to(until)


class Asker:
    """Keeps when each request had its turn."""

    def __init__(self, clock: SimulatedClock, *budgets: RequestBudget) -> None:
        self.clock, self.budgets = clock, budgets
        self.turns: list[tuple[float, Lane, float]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def ask(self, units: float, lane: Lane, budget: int = 0) -> asyncio.Task[None]:
        task = asyncio.create_task(self._take(units, lane, self.budgets[budget]))
        self._tasks.append(task)
        return task

    async def _take(self, units: float, lane: Lane, budget: RequestBudget) -> None:
        with in_lane(lane):
            await budget.take(units)
        self.turns.append((self.clock.now(), lane, units))

    async def end(self) -> None:
        await asyncio.gather(*self._tasks)


async def test_data_leaves_to_cancels_what_they_need() -> None:
    clock = SimulatedClock(1000.0)
    asker = Asker(clock, RequestBudget(clock, 8.0, _BURST))
    for _ in range(50):
        asker.ask(1, Lane.DATA)
    await _idle()
    assert len(asker.turns) == 48  # of 80 units 40 % are not for data
    del asker.turns[:]
    for lane, units in ((Lane.CREATE, 16), (Lane.PROTECT, 8), (Lane.CREATE, 8), (Lane.CANCEL, 8)):
        asker.ask(units, lane)
        await _idle()
    told = [(lane, units) for _, lane, units in asker.turns]
    assert told == [(Lane.CREATE, 16), (Lane.PROTECT, 8), (Lane.CANCEL, 8)]
    await _advance(clock, 1100.0)
    assert [lane for _, lane, _ in asker.turns[3:]] == [Lane.CREATE, Lane.DATA, Lane.DATA]


async def test_the_most_urgent_is_served_first_and_within_a_lane_the_first() -> None:
    clock = SimulatedClock(0.0)
    budget = RequestBudget(clock, _RATE, _BURST)
    asker = Asker(clock, budget)
    asker.ask(100, Lane.CANCEL)
    await _idle()
    for units, lane in ((1, Lane.DATA), (2, Lane.DATA), (3, Lane.CREATE), (4, Lane.CANCEL)):
        asker.ask(units, lane)
    await _advance(clock, 60.0)
    assert [units for _, _, units in asker.turns] == [100, 4, 3, 1, 2]


async def test_a_pause_holds_everybody_up_and_who_gave_up_takes_nothing() -> None:
    clock = SimulatedClock(0.0)
    meter = LocalMeter()
    budget = RequestBudget(clock, _RATE, _BURST, meter)
    asker = Asker(clock, budget)
    budget.pause(30.0)
    gone = asker.ask(50, Lane.CREATE)
    asker.ask(1, Lane.CANCEL)
    await _advance(clock, 29.9)
    assert asker.turns == []
    gone.cancel()
    await _advance(clock, 31.0)
    assert asker.turns == [(30.0, Lane.CANCEL, 1)]
    assert meter.full_time == pytest.approx(30.1)


async def test_what_is_larger_than_the_lane_s_part_is_had_from_a_full_bucket() -> None:
    clock = SimulatedClock(0.0)
    asker = Asker(clock, RequestBudget(clock, _RATE, _BURST))
    asker.ask(30, Lane.DATA)
    asker.ask(300, Lane.DATA)
    await _advance(clock, 10.0)
    assert [time for time, *_ in asker.turns] == [0.0, 3.0]


@given(
    requests=st.lists(
        st.tuples(
            st.floats(0.0, 5.0), st.integers(1, 40), st.sampled_from(Lane), st.integers(0, 1), st.floats(0.0, 3.0)
        ),
        min_size=1,
        max_size=60,
    )
)
def test_no_window_of_time_has_more_than_was_allowed(requests: list[tuple[float, int, Lane, int, float]]) -> None:
    """Two budgets on one meter, as two bots have; requests at any time, a pause now and then."""

    async def run() -> list[tuple[float, Lane, float]]:
        clock, meter = SimulatedClock(0.0), LocalMeter()
        budgets = [RequestBudget(clock, _RATE, _BURST, meter) for _ in range(2)]
        asker = Asker(clock, *budgets)
        for wait, units, lane, budget, pause in requests:
            await _advance(clock, clock.now() + wait)
            if pause > 2.5:
                budgets[budget].pause(pause)
            asker.ask(units, lane, budget)
        await _advance(clock, clock.now() + 1000.0)
        await asker.end()
        return asker.turns

    turns = asyncio.run(run())
    assert len(turns) == len(requests)
    for first in range(len(turns)):
        used = 0.0
        for time, _, units in turns[first:]:
            used += units
            assert used <= _RATE * (_BURST + time - turns[first][0]) + 1e-6


def test_two_processes_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "budget.sqlite"
    one, two, other = SharedMeter(path, "api.one"), SharedMeter(path, "api.one"), SharedMeter(path, "api.two")
    assert one.take(100.0, 6.0, 10.0) == 100.0
    assert two.take(100.0, 6.0, 10.0) == 102.0
    assert other.take(100.0, 6.0, 10.0) == 100.0
    assert two.take(102.0, 6.0, 10.0) == 102.0
    one.pause_until(150.0)
    assert two.take(130.0, 1.0, 10.0) == 150.0
    for meter in (one, two, other):
        meter.close()
    again = SharedMeter(path, "api.one")
    assert again.take(140.0, 1.0, 10.0) == 150.0
    again.close()


def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "budget.sqlite"
    path.write_bytes(b"no database at all, but long enough to be read as one" * 50)
    with pytest.raises(DataError, match=r"budget\.sqlite"):
        SharedMeter(path, "api.one")
