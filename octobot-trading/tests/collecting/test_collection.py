# SPDX-License-Identifier: Apache-2.0
"""A collection brings exactly what the exchange has, asks for nothing twice, and loses nothing when it fails."""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot_commons.clock import SimulatedClock
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.collecting import AbstractCollector, Collected, RetryPolicy, collect_candles
from octobot_trading.collecting.retries import Retrier
from octobot_trading.collecting.spans import count_candles
from octobot_trading.errors import TemporaryFault
from octobot_trading.history import CandleSeries, CandleStore, resample, series_from_arrays, time_grid
from octobot_trading.testing.hurried_clock import HurriedClock

_HOUR = 3600.0
_BEGIN = 1_672_531_200.0  # 2023-01-01
_SYMBOL = "BTC/USDT"
_FRAME = TimeFrames.ONE_HOUR
_COUNT = 200


def _truth(numbers: Sequence[int], symbol: str = _SYMBOL, shift: float = 0.0) -> CandleSeries:
    """Hourly candles, each with numbers of its own, that open ``shift`` seconds after the hour."""
    number = np.array(numbers, dtype=float)
    close = 100 + number % 17
    times = _BEGIN + _HOUR * number + shift
    return series_from_arrays(
        times, close, close + 1, close - 1, close, number, symbol=symbol, time_frame="1h", exchange_name="truth"
    )


class TruthCollector(AbstractCollector):
    """An exchange that has a series. It gives the next candles, or, with ``spans``, those of a page's span only."""

    def __init__(self, truth: CandleSeries, now: float, page: int = 7, spans: bool = False) -> None:
        super().__init__("truth")
        self.truth, self.now, self.page, self.spans = truth, now, page, spans
        self.asked: list[float] = []
        #: What the next requests meet with: a fault, "shuffled", "doubled", "cut short" or nothing.
        self.troubles: list[Exception | str | None] = []

    @classmethod
    def get_exchange_names(cls) -> Sequence[str]:
        return ["truth"]

    def page_candles(self, symbol: str) -> int:
        return self.page

    async def open(self) -> None:
        self.requests += 1

    async def close(self) -> None:
        pass

    def check(self, symbol: str, time_frame: TimeFrames) -> None:
        if symbol != self.truth.symbol or time_frame is not self.truth.time_frame:
            raise DataError(f"truth has no {symbol} {time_frame.value}", field="symbol")

    async def fetch_time(self) -> float:
        return self.now

    async def fetch_candles(
        self, symbol: str, time_frame: TimeFrames, start_time: float, limit: int
    ) -> list[list[float]]:
        self.asked.append(start_time)
        trouble = self.troubles.pop(0) if self.troubles else None
        if isinstance(trouble, Exception):
            raise trouble
        opens = self.truth.open_times
        first = int(np.searchsorted(opens, start_time))
        # The one in construction is told too, with the numbers that it has so far.
        last = min(first + limit, int(np.searchsorted(opens, self.now, side="right")))
        if self.spans:
            last = min(last, int(np.searchsorted(opens, start_time + limit * _HOUR)))
        if trouble == "doubled":
            first = max(0, first - 2)
        rows = [[float(column[row]) for column in self.truth.columns()] for row in range(first, last)]
        for row in rows:
            row[5] = row[5] if row[0] + get_seconds(time_frame) <= self.now else row[5] / 2
        if trouble == "shuffled":
            rows.reverse()
        if trouble == "doubled":
            rows += rows[-1:]
        return rows[:2] if trouble == "cut short" else rows


@contextmanager
def _store() -> Iterator[CandleStore]:
    with tempfile.TemporaryDirectory() as folder, CandleStore(Path(folder) / "store.sqlite") as store:
        yield store


async def _collect(
    collector: TruthCollector, store: CandleStore, start: float = _BEGIN, end: float | None = None, attempts: int = 3
) -> Collected:
    retrier = Retrier(RetryPolicy(attempts=attempts), HurriedClock())
    return await collect_candles(collector, store, _SYMBOL, _FRAME, start, end, retrier=retrier)


def _held(store: CandleStore) -> list[float]:
    return store.load("truth", _SYMBOL, _FRAME).open_times.tolist() if store.catalogue() else []


_NUMBERS = st.sets(st.integers(0, _COUNT - 1), min_size=1).map(sorted)
_TROUBLES = st.lists(
    st.sampled_from([TemporaryFault("down"), TemporaryFault("busy", retry_after_seconds=3.0), None])
    | st.sampled_from(["shuffled", "doubled", "cut short"]),
    max_size=30,
)


_CASES = st.tuples(
    _NUMBERS,
    st.booleans(),
    st.integers(1, 60),
    st.integers(0, 60 * (_COUNT - 20)),
    st.integers(120, 60 * _COUNT),
    st.integers(0, 59),
    _TROUBLES,
)


@settings(max_examples=30, deadline=None)
@given(_CASES)
def test_whatever_happens_the_store_holds_the_truth(case: Any) -> None:
    _hold_to_the_truth(*case)


@pytest.mark.long
@settings(max_examples=2_000, deadline=None)
@given(_CASES)
def test_whatever_happens_the_store_holds_the_truth_for_long(case: Any) -> None:
    _hold_to_the_truth(*case)


def _hold_to_the_truth(
    numbers: list[int],
    spans: bool,
    page: int,
    first_minute: int,
    minutes: int,
    shift_minutes: int,
    troubles: list[Exception | str | None],
) -> None:
    """The span begins and ends at any minute, and so does the exchange's hour."""
    truth = _truth(numbers, shift=60.0 * shift_minutes)
    now = _BEGIN + (_COUNT - 10) * _HOUR + 1234
    start = _BEGIN + 60.0 * first_minute
    end = start + 60.0 * minutes
    if start + _HOUR > now:
        return
    wanted = [time for time in truth.open_times.tolist() if start <= time < end and time + _HOUR <= now]
    collector = TruthCollector(truth, now, page, spans)
    collector.troubles = list(troubles)
    with _store() as store:
        done = None
        # Each failure uses up at least one of the troubles.
        for _ in range(len(troubles) + 1):
            before = _held(store)
            try:
                done = asyncio.run(_collect(collector, store, start, end, attempts=2))
            except TemporaryFault:
                # What was there stays, and nothing is invented.
                assert set(before) <= set(_held(store)) <= set(wanted)
            else:
                break
        assert done is not None
        assert _held(store) == wanted
        if wanted:
            assert store.load("truth", _SYMBOL, _FRAME).same_candles(truth.slice(wanted[0], wanted[-1] + 1))
        assert done.added + done.already_stored == len(wanted)
        places = np.arange(wanted[0], min(end, now - _HOUR + 1), _HOUR) if wanted else []
        assert sum(gap.missing for gap in done.gaps) == len(places) - len(wanted)


async def test_what_is_stored_is_not_asked_for_again() -> None:
    truth = _truth(range(_COUNT))
    collector = TruthCollector(truth, _BEGIN + _COUNT * _HOUR, page=50)
    with _store() as store:
        store.import_series(truth.slice(_BEGIN + 60 * _HOUR, _BEGIN + 100 * _HOUR))
        store.import_series(truth.slice(_BEGIN + 110 * _HOUR, _BEGIN + 190 * _HOUR))
        done = await _collect(collector, store)
        assert (done.added, done.already_stored, done.gaps) == (80, 120, ())
        assert [round((time - _BEGIN) / _HOUR) for time in collector.asked] == [0, 50, 100, 190]
        collector.asked.clear()
        again = await _collect(collector, store)
        assert (again.added, again.already_stored) == (0, 200)
        assert collector.asked == []


async def test_the_candle_in_construction_is_not_stored() -> None:
    truth = _truth(range(10))
    with _store() as store:
        collector = TruthCollector(truth, _BEGIN + 5 * _HOUR + 10)
        await _collect(collector, store)
        assert len(_held(store)) == 5
        collector.now = _BEGIN + 6 * _HOUR
        await _collect(collector, store)
        assert len(_held(store)) == 6


@pytest.mark.parametrize("open_day", range(7))
async def test_weeks_may_open_on_any_day(open_day: int) -> None:
    """As at Kraken, whose weeks open on Thursday: the one that has begun last is in construction on each day."""
    hours = _truth(range(24 * 7 * 6), shift=open_day * 86_400.0)
    opens = hours.open_times[:: 24 * 7]
    weeks = series_from_arrays(
        opens, *(column[:: 24 * 7] for column in hours.columns()[1:]), symbol=_SYMBOL, time_frame="1w"
    )
    for day in range(1, 8):
        collector = TruthCollector(weeks, float(opens[4]) + 86_400 * day)
        with _store() as store:
            retrier = Retrier(RetryPolicy(), HurriedClock())
            done = await collect_candles(
                collector, store, _SYMBOL, TimeFrames.ONE_WEEK, float(opens[0]), retrier=retrier
            )
            assert store.load("truth", _SYMBOL, "1w").same_candles(
                weeks.slice(None, float(opens[5 if day == 7 else 4]))
            )
            assert done.gaps == ()
            asked = len(collector.asked)
            collector.now += 1
            again = await collect_candles(
                collector, store, _SYMBOL, TimeFrames.ONE_WEEK, float(opens[0]), retrier=retrier
            )
            assert (again.added, again.requests, len(collector.asked)) == (0, 0, asked)


@pytest.mark.parametrize("spans", [False, True])
async def test_a_market_that_was_listed_later_is_found(spans: bool) -> None:
    truth = _truth(range(150, _COUNT))
    collector = TruthCollector(truth, _BEGIN + _COUNT * _HOUR, page=20, spans=spans)
    with _store() as store:
        done = await _collect(collector, store)
    assert done.added == 50
    assert done.first_time == truth.open_times[0]
    assert done.gaps == ()
    assert len(collector.asked) == (10 if spans else 3)


async def test_what_comes_before_the_start_is_not_stored() -> None:
    truth = _truth(range(20))
    collector = TruthCollector(truth, _BEGIN + 20 * _HOUR)
    collector.troubles = ["doubled"]
    with _store() as store:
        await _collect(collector, store, _BEGIN + 5 * _HOUR)
        assert _held(store) == truth.open_times[5:].tolist()


async def test_a_start_within_an_hour_and_an_end_within_another_need_no_more_requests() -> None:
    truth = _truth(range(20))
    collector = TruthCollector(truth, _BEGIN + 20 * _HOUR + 1234, page=5)
    with _store() as store:
        first = await _collect(collector, store, _BEGIN + 4.5 * _HOUR)
        assert (first.added, first.requests) == (15, 3)
        again = await _collect(collector, store, _BEGIN + 4.5 * _HOUR)
        assert (again.added, again.requests) == (0, 0)


async def test_an_exchange_without_anything_is_asked_a_bounded_number_of_times() -> None:
    collector = TruthCollector(_truth([500]), _BEGIN + _COUNT * _HOUR, page=20, spans=True)
    with _store() as store:
        done = await _collect(collector, store)
    assert (done.added, done.first_time, done.gaps) == (0, None, ())
    assert len(collector.asked) == 10


async def test_a_failed_collection_keeps_its_pages() -> None:
    truth = _truth(range(_COUNT))
    collector = TruthCollector(truth, _BEGIN + _COUNT * _HOUR, page=50)
    collector.troubles = [None, None, *[TemporaryFault("down")] * 3]
    with _store() as store:
        with pytest.raises(TemporaryFault, match="down"):
            await _collect(collector, store)
        assert len(_held(store)) == 100
        collector.asked.clear()
        assert (await _collect(collector, store)).added == 100
        assert collector.asked[0] == _BEGIN + 100 * _HOUR


async def test_a_cancelled_collection_keeps_its_pages() -> None:
    truth = _truth(range(_COUNT))
    collector = TruthCollector(truth, _BEGIN + _COUNT * _HOUR, page=50)
    answer, waiting = collector.fetch_candles, asyncio.Event()

    async def never_the_third(*args: object) -> list[list[float]]:
        if len(collector.asked) == 2:
            waiting.set()
            await asyncio.Event().wait()
        return await answer(*args)  # type: ignore[arg-type]

    collector.fetch_candles = never_the_third  # type: ignore[method-assign]
    with _store() as store:
        task = asyncio.create_task(_collect(collector, store))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(_held(store)) == 100


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[_BEGIN, 1, 1, 1, 1]], "no rows of six numbers"),
        ([[_BEGIN, 1, 1, 1, 1, "x"]], "no rows of six numbers"),
        ([[_BEGIN, 1, 1, 1, 1, 1], [_BEGIN, 1, 1, 1, 1, 2]], "two candles of 2023-01-01 00:00:00 that differ"),
        ([[_BEGIN, 1, 0.5, 1, 1, 1]], "high"),
        ([[_BEGIN + 1, 1, 1, 1, 1, 1], [_BEGIN + _HOUR, 1, 1, 1, 1, 1]], "1"),
    ],
)
async def test_what_are_no_candles_is_refused_and_nothing_of_it_stored(rows: list[list[float]], message: str) -> None:
    collector = TruthCollector(_truth(range(5)), _BEGIN + 5 * _HOUR)

    async def nonsense(*args: object) -> list[list[float]]:
        return rows

    collector.fetch_candles = nonsense  # type: ignore[method-assign]
    with _store() as store:
        with pytest.raises(DataError, match=message):
            await _collect(collector, store)
        assert store.catalogue() == []


async def test_other_numbers_than_the_stored_ones_are_refused() -> None:
    truth = _truth(range(10))
    with _store() as store:
        await _collect(TruthCollector(truth, _BEGIN + 5 * _HOUR), store)
        before = _held(store)
        daily = TruthCollector(resample(_truth(range(96)), "1d"), _BEGIN + 96 * _HOUR)
        with pytest.raises(DataError, match="truth has no BTC/USDT 1h"):
            await _collect(daily, store)
        assert _held(store) == before


async def test_an_empty_span_is_an_error_that_names_the_start() -> None:
    collector = TruthCollector(_truth(range(5)), _BEGIN + 5 * _HOUR)
    with _store() as store, pytest.raises(DataError, match=r"no candle of 1h opens at 2023-01-01 05:00:00 or later"):
        await _collect(collector, store, _BEGIN + 5 * _HOUR)


async def test_progress_adds_up_to_what_was_asked_for() -> None:
    truth = _truth([*range(30, 60), *range(90, 150)])
    collector = TruthCollector(truth, _BEGIN + _COUNT * _HOUR)
    told: list[int] = []
    with _store() as store:
        store.import_series(truth.slice(_BEGIN + 100 * _HOUR, _BEGIN + 120 * _HOUR))
        retrier = Retrier(RetryPolicy(), HurriedClock())
        await collect_candles(collector, store, _SYMBOL, _FRAME, _BEGIN, retrier=retrier, progress=told.append)
    assert sum(told) == count_candles(_BEGIN, _BEGIN + _COUNT * _HOUR, _FRAME) == _COUNT
    assert min(told) > 0


async def test_months_are_collected_by_the_calendar() -> None:
    hours = _truth(range(24 * 200))
    months = resample(hours, "1M")
    collector = TruthCollector(months, float(time_grid.close_times(months.open_times, TimeFrames.ONE_MONTH)[-1]) + 9, 2)
    with _store() as store:
        retrier = Retrier(RetryPolicy(), HurriedClock())
        done = await collect_candles(collector, store, _SYMBOL, TimeFrames.ONE_MONTH, _BEGIN, retrier=retrier)
        assert done.added == len(months) == 6
        assert store.load("truth", _SYMBOL, "1M").same_candles(months)


async def test_the_week_in_construction_of_an_exchange_that_opens_weeks_on_thursday_is_not_stored() -> None:
    week = 7 * 24 * _HOUR
    thursday = _BEGIN + 4 * 24 * _HOUR
    numbers = np.arange(4.0)
    times, close = thursday + week * numbers, 100 + numbers
    truth = series_from_arrays(
        times, close, close, close, close, close, symbol=_SYMBOL, time_frame="1w", exchange_name="truth"
    )
    # Our week began on Monday, theirs ends on Thursday.
    collector = TruthCollector(truth, thursday + 3 * week + 5 * 24 * _HOUR)
    retrier = Retrier(RetryPolicy(), HurriedClock())
    with _store() as store:
        done = await collect_candles(collector, store, _SYMBOL, TimeFrames.ONE_WEEK, _BEGIN, retrier=retrier)
        assert store.load("truth", _SYMBOL, "1w").open_times.tolist() == times[:3].tolist()
    assert (done.added, done.gaps) == (3, ())


def test_delays_grow_up_to_a_longest_one_and_obey_the_exchange() -> None:
    policy, chance = RetryPolicy(), random.Random(1)
    fault = TemporaryFault("down")
    delays = [policy.delay_seconds(attempt, fault, chance) for attempt in range(1, 12)]
    for attempt, delay in enumerate(delays):
        longest = min(60.0, 2.0**attempt)
        assert 0.75 * longest <= delay <= longest
    assert policy.delay_seconds(1, TemporaryFault("busy", retry_after_seconds=33.0), chance) == 33.0
    assert policy.delay_seconds(1, TemporaryFault("busy", retry_after_seconds=1e9), chance) == 900.0


async def test_a_request_is_made_as_often_as_the_policy_says_and_waits_between() -> None:
    clock, told = HurriedClock(100.0), []
    retrier = Retrier(RetryPolicy(attempts=4), clock, on_retry=lambda *args: told.append(args[1:]))
    numbers = itertools.count()

    async def fails() -> None:
        next(numbers)
        raise TemporaryFault("down")

    with pytest.raises(TemporaryFault):
        await retrier.call(fails)
    assert next(numbers) == 4
    assert [attempt for attempt, _ in told] == [1, 2, 3]
    assert clock.waits == pytest.approx([delay for _, delay in told])
    assert retrier.retries == 3


async def test_a_time_to_be_quiet_is_kept_by_every_request() -> None:
    """One request is told to wait 30 s: another one that begins meanwhile does not even ask."""
    clock, asked = SimulatedClock(1000.0), []
    retrier = Retrier(RetryPolicy(), clock)
    troubles: list[Exception] = [TemporaryFault("busy", retry_after_seconds=30.0)]

    async def request() -> None:
        asked.append(clock.now())
        if troubles:
            raise troubles.pop()

    first = asyncio.create_task(retrier.call(request))
    await _settle()
    second = asyncio.create_task(retrier.call(request))
    await _settle()
    assert asked == [1000.0]
    clock.advance_to(1029.9)
    await _settle()
    assert asked == [1000.0]
    clock.advance_to(1030.0)
    await asyncio.gather(first, second)
    assert asked == [1000.0, 1030.0, 1030.0]


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)
