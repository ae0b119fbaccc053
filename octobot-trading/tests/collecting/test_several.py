# SPDX-License-Identifier: Apache-2.0
"""Several series are collected at a time, and fail together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.collecting import AbstractCollector, Collected, Retrier, RetryPolicy, collect_series
from octobot_trading.errors import TemporaryFault
from octobot_trading.history import CandleStore
from octobot_trading.testing.hurried_clock import HurriedClock

_HOUR, _COUNT, _PAGE = 3600.0, 40, 10
_NAMES = [f"{base}/USDT" for base in ("BTC", "ETH", "ADA", "XRP", "LTC", "DOT")]
_SERIES = [(name, TimeFrames.ONE_HOUR) for name in _NAMES]


class MeetingCollector(AbstractCollector):
    """An exchange that answers once ``meeting`` requests wait for it, or all that can."""

    def __init__(self, meeting: int = 1) -> None:
        super().__init__("meeting")
        self._meeting = meeting
        self._waiting: list[asyncio.Future[None]] = []
        #: The most requests that waited at a time.
        self.together = 0
        self.asked: list[tuple[str, int]] = []
        self.troubles: dict[tuple[str, int], Exception] = {}

    @classmethod
    def get_exchange_names(cls) -> Sequence[str]:
        return ["meeting"]

    def page_candles(self, symbol: str) -> int:
        return _PAGE

    async def open(self) -> None:
        self.requests += 1

    async def close(self) -> None:
        self._waiting.clear()

    def check(self, symbol: str, time_frame: TimeFrames) -> None:
        if symbol not in _NAMES:
            raise DataError(f"meeting has no {symbol}", field="symbol")

    async def fetch_time(self) -> float:
        return _COUNT * _HOUR

    async def fetch_candles(
        self, symbol: str, time_frame: TimeFrames, start_time: float, limit: int
    ) -> list[list[float]]:
        first = round(start_time / _HOUR)
        self.asked.append((symbol, first))
        await self._meet()
        if (symbol, first) in self.troubles:
            raise self.troubles[symbol, first]
        return [[number * _HOUR, 1, 2, 1, 1, number] for number in range(first, min(first + limit, _COUNT))]

    async def _meet(self) -> None:
        met: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(met)
        self.together = max(self.together, len(self._waiting))
        if len(self._waiting) >= self._meeting:
            for one in self._waiting:
                one.set_result(None)
            self._waiting = []
        await met


async def _collect(
    collector: MeetingCollector, store: CandleStore, at_once: int, done: list[Collected] | None = None
) -> list[Collected]:
    told = [] if done is None else done
    return await collect_series(
        collector, store, _SERIES, 0.0,
        retrier=Retrier(RetryPolicy(attempts=2), HurriedClock()), on_done=told.append, at_once=at_once,
    )  # fmt: skip


def _held(store: CandleStore) -> dict[str, int]:
    return {one.symbol: one.candles for one in store.catalogue()}


@pytest.mark.parametrize("at_once", [1, 2, 3, 6])
async def test_as_many_series_as_asked_for_are_collected_at_a_time(tmp_path: Path, at_once: int) -> None:
    # That many requests have to wait together, or none is ever answered.
    collector, told = MeetingCollector(at_once), []
    with CandleStore(tmp_path / "store.sqlite") as store:
        async with asyncio.timeout(20):
            done = await _collect(collector, store, at_once, told)
        assert collector.together == at_once
        assert [one.symbol for one in done] == _NAMES
        assert sorted(one.symbol for one in told) == sorted(_NAMES)
        assert _held(store) == dict.fromkeys(_NAMES, _COUNT)
        for name in _NAMES:
            volumes = store.load("meeting", name, "1h").volume
            assert np.array_equal(volumes, np.arange(_COUNT))
    assert sorted(collector.asked) == sorted((name, first) for name in _NAMES for first in range(0, _COUNT, _PAGE))
    assert [one.requests for one in done] == [_COUNT // _PAGE] * len(_NAMES)


async def test_the_first_failure_stops_all_and_every_page_is_kept(tmp_path: Path) -> None:
    collector, told = MeetingCollector(2), []
    why = OSError("cable")
    fault = TemporaryFault("down")
    fault.__cause__ = why
    collector.troubles[_NAMES[1], 10] = fault
    with CandleStore(tmp_path / "store.sqlite") as store:
        with pytest.raises(TemporaryFault, match="down") as caught:
            async with asyncio.timeout(20):
                await _collect(collector, store, 2, told)
        assert caught.value.__cause__ is why
        held = _held(store)
        assert held[_NAMES[1]] == 10
        assert held[_NAMES[0]] in (20, 30)
        assert set(held) == set(_NAMES[:2])
        assert told == []
        collector = MeetingCollector()
        await _collect(collector, store, 2)
        assert _held(store) == dict.fromkeys(_NAMES, _COUNT)
        assert (_NAMES[0], 0) not in collector.asked


async def test_nothing_is_asked_for_where_one_of_them_does_not_exist(tmp_path: Path) -> None:
    collector = MeetingCollector()
    with CandleStore(tmp_path / "store.sqlite") as store:
        with pytest.raises(DataError, match="meeting has no DOGE/USDT"):
            await collect_series(
                collector, store, [*_SERIES, ("DOGE/USDT", TimeFrames.ONE_HOUR)], 0.0,
                retrier=Retrier(RetryPolicy(), HurriedClock()),
            )  # fmt: skip
        assert collector.asked == []
        assert store.catalogue() == []
