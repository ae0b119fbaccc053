# SPDX-License-Identifier: Apache-2.0
"""Collected trades and funding rates are exactly those of the exchange, or an error says why not."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.collecting import (
    AbstractRecordCollector,
    CollectedRecords,
    Retrier,
    RetryPolicy,
    collect_record_series,
    collect_records,
)
from octobot_trading.errors import TemporaryFault
from octobot_trading.history import CandleStore, FundingSeries, RecordSeries, TradeSeries, records_from_arrays
from octobot_trading.history.kinds import FUNDING, TRADES, RecordKind
from octobot_trading.testing.hurried_clock import HurriedClock

_BEGIN, _HOUR, _SPAN = 1_672_531_200.0, 3600.0, 40.0
_SYMBOL = "BTC/USDT"


def _trades(milliseconds: Sequence[int], ids: Sequence[int]) -> TradeSeries:
    """Trades at these times, several of which may be equal."""
    times = _BEGIN + np.array(milliseconds) / 1000
    ids = np.array(ids)
    return records_from_arrays(
        TradeSeries, times, 100.0 + ids % 7, 1.0 + ids % 5, np.where(ids % 2, 1, -1), ids,
        symbol=_SYMBOL, exchange_name="truth",
    )  # fmt: skip


def _funding(hours: Sequence[int]) -> FundingSeries:
    """A rate at each of these hours, some milliseconds late, as exchanges are."""
    hours_ = np.array(hours)
    return records_from_arrays(
        FundingSeries, _BEGIN + _HOUR * hours_ + 0.001 * (hours_ % 9), 1e-6 * hours_,
        symbol=_SYMBOL, exchange_name="truth",
    )  # fmt: skip


class TruthCollector(AbstractRecordCollector):
    """An exchange that has one series of records."""

    def __init__(self, truth: RecordSeries, now: float, page: int = 5, spans: bool = False) -> None:
        super().__init__("truth")
        self.truth, self.now, self.page, self.spans = truth, now, page, spans
        self.asked: list[float] = []
        self.troubles: list[Exception | str | None] = []

    @classmethod
    def get_exchange_names(cls) -> Sequence[str]:
        return ["truth"]

    def page_candles(self, symbol: str) -> int:
        return self.page

    async def open(self) -> None:
        self.requests += 1

    async def close(self) -> None:
        self.asked.clear()

    def check(self, symbol: str, time_frame: TimeFrames) -> None:
        raise DataError("truth has no candles")

    async def fetch_candles(self, *_: Any) -> list[list[float]]:
        raise DataError("truth has no candles")

    async def fetch_time(self) -> float:
        return self.now

    def check_records(self, symbol: str, kind: RecordKind) -> None:
        if symbol != self.truth.symbol or kind is not self.truth.kind:
            raise DataError(f"truth has no {kind.plural} of {symbol}", field="symbol")

    def page_records(self, symbol: str, kind: RecordKind) -> int:
        return self.page

    async def fetch_funding(self, symbol: str, start_time: float, limit: int) -> list[list[float]]:
        times = self.truth.times
        first = int(np.searchsorted(times, start_time))
        last = min(first + limit, self._known())
        if self.spans:
            last = min(last, int(np.searchsorted(times, start_time + limit * _HOUR)))
        return self._rows(start_time, first, last)

    async def find_trade(self, symbol: str, start_time: float, end_time: float) -> int | None:
        first = int(np.searchsorted(self.truth.times, start_time))
        found = first < self._known() and self.truth.times[first] < end_time
        return int(self.truth.columns[4][first]) if found else None

    async def fetch_trades(self, symbol: str, first_id: int, limit: int) -> list[list[float]]:
        first = int(np.searchsorted(self.truth.columns[4], first_id))
        return self._rows(first_id, first, min(first + limit, self._known()))

    def _known(self) -> int:
        return int(np.searchsorted(self.truth.times, self.now))

    def _rows(self, asked: float, first: int, last: int) -> list[list[float]]:
        self.asked.append(asked)
        trouble = self.troubles.pop(0) if self.troubles else None
        if isinstance(trouble, Exception):
            raise trouble
        if trouble == "doubled":
            first = max(0, first - 2)
        rows = [[float(column[row]) for column in self.truth.columns] for row in range(first, last)]
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
    collector: TruthCollector, store: CandleStore, start: float = _BEGIN, end: float | None = None
) -> CollectedRecords:
    retrier = Retrier(RetryPolicy(attempts=2), HurriedClock())
    return await collect_records(collector, store, collector.truth.kind, _SYMBOL, start, end, retrier=retrier)


def _held(store: CandleStore, kind: type[Any]) -> Any:
    return store.records.load(kind, "truth", _SYMBOL) if store.records.catalogue() else None


_TROUBLES = st.lists(
    st.sampled_from([TemporaryFault("down"), TemporaryFault("busy", retry_after_seconds=3.0), None])
    | st.sampled_from(["shuffled", "doubled", "cut short"]),
    max_size=20,
)
_TRADED = st.lists(st.integers(0, 60), min_size=1, max_size=80).map(sorted)


@settings(max_examples=40, deadline=None)
@given(_TRADED, st.integers(1, 9), st.lists(st.integers(1, 61), min_size=1, max_size=4).map(sorted), _TROUBLES)
def test_trades_are_complete_however_often_they_are_brought_up_to_date(
    traded: list[int], page: int, ends: list[int], troubles: list[Exception | str | None]
) -> None:
    """Many trades have one time, and a page ends between them."""
    truth = _trades(traded, range(3, 3 + len(traded)))
    collector = TruthCollector(truth, _BEGIN + 1, page)
    collector.troubles = list(troubles)
    with _store() as store:
        for end in ends:
            wanted = truth.slice(None, _BEGIN + end / 1000)
            for _ in range(len(troubles) + 1):
                try:
                    asyncio.run(_collect(collector, store, end=_BEGIN + end / 1000))
                except TemporaryFault:
                    held = _held(store, TradeSeries)
                    # What is there is a beginning of the truth.
                    assert held is None or held.same_records(_beginning(truth, len(held)))
                else:
                    break
            held = _held(store, TradeSeries)
            assert (held is None and not len(wanted)) or held.same_records(wanted)


def _beginning(truth: TradeSeries, count: int) -> TradeSeries:
    columns = tuple(column[:count] for column in truth.columns)
    return records_from_arrays(TradeSeries, *columns, symbol=_SYMBOL, exchange_name="truth")


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.integers(0, 199), min_size=1).map(sorted),
    st.booleans(),
    st.integers(1, 30),
    st.integers(0, 150),
    st.integers(1, 100),
    _TROUBLES,
)
def test_funding_rates_are_complete(
    hours: list[int], spans: bool, page: int, first: int, length: int, troubles: list[Exception | str | None]
) -> None:
    truth = _funding(hours)
    start, end = _BEGIN + first * _HOUR, _BEGIN + (first + length) * _HOUR
    wanted = truth.slice(start, end)
    collector = TruthCollector(truth, _BEGIN + 180 * _HOUR, page, spans)
    collector.troubles = list(troubles)
    wanted = truth.slice(start, min(end, collector.now))
    with _store() as store:
        for _ in range(len(troubles) + 1):
            try:
                asyncio.run(_collect(collector, store, start, end))
            except TemporaryFault:
                held = _held(store, FundingSeries)
                assert held is None or set(held.times) <= set(wanted.times)
            else:
                break
        held = _held(store, FundingSeries)
        assert (held is None and not len(wanted)) or held.same_records(wanted)


async def test_stored_trades_are_not_asked_for_again() -> None:
    truth = _trades(range(40), range(40))
    collector = TruthCollector(truth, _BEGIN + 1, 10)
    with _store() as store:
        assert (await _collect(collector, store, end=_BEGIN + 0.025)).added == 25
        collector.asked.clear()
        assert (await _collect(collector, store)).added == 15
        assert collector.asked == [25, 35, 40]
        # Also from a start before the first trade, which the exchange confirms.
        assert (await _collect(collector, store, _BEGIN - 3600)).added == 0
        # What ends before the stored ones do needs no request for trades.
        collector.asked.clear()
        assert (await _collect(collector, store, end=_BEGIN + 0.005)).added == 0
        assert collector.asked == []


async def test_a_collection_that_would_leave_a_hole_between_trades_is_refused() -> None:
    truth = _trades(range(40), range(40))
    collector = TruthCollector(truth, _BEGIN + 1, 10)
    with _store() as store:
        await _collect(collector, store, _BEGIN + 0.01, _BEGIN + 0.02)
        before = _held(store, TradeSeries)
        with pytest.raises(DataError, match=r"the stored ones begin at 2023-01-01 00:00:00.010.*remove them"):
            await _collect(collector, store, _BEGIN)
        with pytest.raises(DataError, match=r"the stored ones end at 2023-01-01 00:00:00.019.*start where they end"):
            await _collect(collector, store, _BEGIN + 0.03)
        assert _held(store, TradeSeries).same_records(before)


async def test_trades_without_ids_are_not_added_to() -> None:
    plain = records_from_arrays(TradeSeries, [_BEGIN], [1.0], [1.0], [1], [-1], symbol=_SYMBOL, exchange_name="truth")
    with _store() as store:
        store.records.import_series(plain)
        with pytest.raises(DataError, match="the stored ones have no ids"):
            await _collect(TruthCollector(_trades(range(9), range(9)), _BEGIN + 1), store)


async def test_a_hole_between_funding_rates_is_asked_for_again() -> None:
    truth = _funding(range(0, 160, 8))
    collector = TruthCollector(truth, _BEGIN + 161 * _HOUR, 50)
    with _store() as store:
        for part in (truth.slice(None, _BEGIN + 50 * _HOUR), truth.slice(_BEGIN + 100 * _HOUR)):
            store.records.import_series(part)
        assert (await _collect(collector, store)).added == len(truth) - 7 - 7
        assert _held(store, FundingSeries).same_records(truth)
        assert [round((time - _BEGIN) / _HOUR) for time in collector.asked] == [56, 152]


@pytest.mark.parametrize("kind", [TRADES, FUNDING])
async def test_what_are_no_records_is_refused(kind: RecordKind) -> None:
    truth = _trades(range(5), range(5)) if kind is TRADES else _funding(range(5))
    collector = TruthCollector(truth, _BEGIN + 5 * _HOUR)

    async def nonsense(*_: Any) -> Any:
        return [[_BEGIN, 1]] if kind is TRADES else [[_BEGIN, "x"]]

    collector.fetch_trades = collector.fetch_funding = nonsense  # type: ignore[method-assign]
    with _store() as store:
        with pytest.raises(DataError, match=rf"truth BTC/USDT {kind.plural}: no rows of {len(kind.fields)} numbers"):
            await _collect(collector, store)
        assert store.records.catalogue() == []


async def test_an_empty_span_is_an_error() -> None:
    collector = TruthCollector(_funding(range(5)), _BEGIN)
    with _store() as store, pytest.raises(DataError, match="choose an earlier start"):
        await _collect(collector, store, _BEGIN)


async def test_progress_adds_up_to_the_hours_of_the_span() -> None:
    for truth in (_funding(range(0, 40, 8)), _trades(range(5), range(5))):
        told: list[int] = []
        with _store() as store:
            retrier = Retrier(RetryPolicy(), HurriedClock())
            done = await collect_record_series(
                TruthCollector(truth, _BEGIN + _SPAN * _HOUR + 9), store, truth.kind, [_SYMBOL, _SYMBOL], _BEGIN,
                retrier=retrier, progress=told.append,
            )  # fmt: skip
        assert sum(told) == _SPAN
        assert [one.added for one in done] == [5]
