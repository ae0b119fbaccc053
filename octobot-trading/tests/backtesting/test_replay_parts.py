# SPDX-License-Identifier: Apache-2.0
"""However a history is cut, stored or spread over exchanges, its replay is the same, and takes the same memory."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import HOUR, SYMBOL, TradingWorld

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.backtesting.replay import Replay
from octobot_trading.enums import OrderType
from octobot_trading.errors import ReplayError
from octobot_trading.history import (
    CandleSeries,
    CandleStore,
    MemoryParts,
    SeriesParts,
    parts,
    resample,
    series_from_arrays,
)
from octobot_trading.history.parts import Columns

_BEGIN = 1_674_777_600.0
_COUNT = 120
_LENGTHS = st.lists(st.integers(0, 30), max_size=20)


def _series(seed: int, count: int = _COUNT, symbol: str = SYMBOL, kept: float = 0.9) -> CandleSeries:
    """Hourly candles of a random walk with gaps."""
    random = np.random.default_rng(seed)
    numbers = np.flatnonzero(random.random(count) < kept)
    close = 100 + np.cumsum(random.normal(size=len(numbers)))
    opened = close + random.normal(size=len(numbers))
    high, low = np.maximum(opened, close) + 1, np.minimum(opened, close) - 1
    times, volume = _BEGIN + HOUR * numbers, np.ones(len(numbers))
    return series_from_arrays(times, opened, high, low, close, volume, symbol=symbol, time_frame="1h")


class Cut(SeriesParts):
    """A series in parts of these lengths, the rest in one."""

    def __init__(self, series: CandleSeries, lengths: list[int]) -> None:
        whole = MemoryParts(series)
        super().__init__(whole.kind, whole.symbol, whole.time_frame, whole.source)
        self._whole = whole
        self._lengths = lengths

    def read(self, first_time: float | None = None) -> Iterator[Columns]:
        rest = next(self._whole.read(first_time), None)
        for length in self._lengths if rest is not None else ():
            yield tuple(column[:length] for column in rest)
            rest = tuple(column[length:] for column in rest)
        if rest is not None:
            yield rest

    def time_before(self, time: float, rows: int) -> float:
        return self._whole.time_before(time, rows)


async def _run(recorded: list[Any], start_time: float | None = None) -> list[Any]:
    """All that is heard and filled while somebody buys and sells."""
    world = TradingWorld()
    await world.manager.initialize()
    world.clock.advance_to(start_time or _BEGIN)
    events: list[Any] = []

    async def trade(time_frame: str, candle: list[float], **_: Any) -> None:
        ring = world.manager.get_symbol_data(SYMBOL).candles("1h").ring
        events.append((world.clock.now(), time_frame, candle, len(ring), ring.column(4).tolist()))
        if time_frame == "4h":
            await world.order("buy", OrderType.LIMIT, "0.001", str(round(candle[3], 2)))
            await world.order("sell", OrderType.MARKET, "0.001")

    world._keeper = lambda _: trade  # type: ignore[method-assign]
    await world.listen("OHLCV")
    await Replay({world.manager: recorded}, start_time).run()
    fills = [(fill.time, fill.price, fill.quantity) for fill in world.manager.trades_manager.fills]
    await world.manager.stop()
    return [*events, *fills]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99), _LENGTHS, _LENGTHS, st.none() | st.integers(0, 4 * _COUNT))
def test_a_cut_history_is_replayed_as_a_whole_one(
    seed: int, cuts: list[int], longer_cuts: list[int], quarters: int | None
) -> None:
    hourly = _series(seed)
    longer = resample(hourly, "4h")
    start = None if quarters is None else _BEGIN + quarters * HOUR / 4
    whole = asyncio.run(_run([hourly, longer], start))
    assert asyncio.run(_run([Cut(hourly, cuts), Cut(longer, longer_cuts)], start)) == whole


@pytest.mark.parametrize("start_time", [None, _BEGIN, _BEGIN + 400 * HOUR, _BEGIN + 9e9])
async def test_a_stored_history_is_replayed_as_one_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start_time: float | None
) -> None:
    monkeypatch.setattr(parts, "PART_ROWS", 50)
    hourly = _series(5, count=600)
    longer = resample(hourly, "4h")
    with CandleStore(tmp_path / "store.sqlite") as store:
        store.import_series(hourly)
        stored = store.parts(hourly.exchange_name, SYMBOL, "1h")
        assert await _run([stored, longer], start_time) == await _run([hourly, longer], start_time)


async def test_parts_that_go_back_in_time_are_an_error() -> None:
    world = TradingWorld()
    await world.manager.initialize()
    hourly = _series(1)

    class Backwards(Cut):
        def read(self, first_time: float | None = None) -> Iterator[Columns]:
            return iter(list(super().read(first_time))[::-1])

    with pytest.raises(ReplayError, match="candles of BTC/USDT go back in time"):
        await Replay({world.manager: [Backwards(hourly, [20])]}).run()
    await world.manager.stop()


async def test_exchanges_of_one_replay_live_in_one_time() -> None:
    worlds = [TradingWorld(), TradingWorld()]
    clock, dispatcher = worlds[0].clock, worlds[0].dispatcher
    worlds[1].exchange.clock = worlds[1].manager.clock = clock
    worlds[1].manager.dispatcher = dispatcher
    heard: list[tuple[float, int, list[float]]] = []
    for number, world in enumerate(worlds):
        await world.manager.initialize()

        async def keep(candle: list[float], number: int = number, **_: Any) -> None:
            heard.append((clock.now(), number, candle))

        world._keeper = lambda _, keep=keep: keep  # type: ignore[method-assign]
        await world.listen("OHLCV")
    series = [_series(1), _series(2)]
    await Replay({world.manager: [own] for world, own in zip(worlds, series, strict=True)}).run()
    assert [time for time, _, _ in heard] == sorted(time for time, _, _ in heard)
    for number, own in enumerate(series):
        assert [candle for _, which, candle in heard if which == number] == np.array(own.columns()).T.tolist()
        last = worlds[number].manager.get_symbol_data(SYMBOL).price
        assert last == own.close[-1]
        await worlds[number].manager.stop()


async def test_exchanges_with_clocks_of_their_own_are_no_replay() -> None:
    managers = [TradingWorld().manager, TradingWorld().manager]
    with pytest.raises(ReplayError, match="share a clock and a dispatcher"):
        Replay({manager: [] for manager in managers})
    with pytest.raises(ReplayError, match="needs an exchange"):
        Replay({})
    assert isinstance(managers[0].clock, SimulatedClock)
    assert isinstance(managers[0].dispatcher, SynchronizedDispatcher)


def _peak_of(store: Path, candles: int) -> float:
    """Peak memory, in MB, of a process that replays so many stored candles."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "replay_stored.py"), str(store), str(candles)],
        capture_output=True,
        text=True,
        check=True,
    )
    replayed, peak = done.stdout.split()
    assert int(replayed) == candles
    return float(peak)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak memory from /proc")
@pytest.mark.parametrize("counts", [(50_000, 200_000), pytest.param((50_000, 5_000_000), marks=pytest.mark.long)])
def test_memory_does_not_grow_with_the_history(tmp_path: Path, counts: tuple[int, int]) -> None:
    few, many = (_peak_of(tmp_path / f"{count}.sqlite", count) for count in counts)
    print(f"peak memory of {counts[0]:,} candles {few:.1f} MB, of {counts[1]:,} {many:.1f} MB")
    # As columns and events 150,000 candles more would take 12 MB, 5 million 400 MB.
    assert many < few + 3
