# SPDX-License-Identifier: Apache-2.0
"""The ccxt collector against a server on loopback that speaks Binance's REST protocol."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, EnvironmentFault
from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry
from octobot_tentacles.collectors.ccxt_collector import CCXTCollector
from octobot_trading.collecting import (
    Collected,
    CollectorOptions,
    Retrier,
    RetryPolicy,
    collect_candles,
    collect_series,
)
from octobot_trading.errors import TemporaryFault
from octobot_trading.history import CandleSeries, CandleStore, read_candles, resample, series_from_arrays
from octobot_trading.testing.binance import BinanceServer, Fault
from octobot_trading.testing.hurried_clock import HurriedClock

_RECORDED = (
    Path(__file__).resolve().parents[4]
    / "shared"
    / "data"
    / "ohlcv"
    / "binance-spot"
    / "BTC_USDT-1m_2025-05_2025-08.csv.xz"
)
_BEGIN = 1_735_689_600.0
_MINUTE = TimeFrames.ONE_MINUTE


def _made_up(count: int = 4000) -> CandleSeries:
    """Minutes with a halt."""
    draw = np.random.default_rng(2)
    numbers = np.array([number for number in range(count) if not 1500 <= number < 1520], dtype=float)
    close = 10_000 + np.cumsum(draw.normal(size=len(numbers))).round(2)
    return series_from_arrays(
        _BEGIN + 60 * numbers, close, close + 1, close - 1, close, draw.random(len(numbers)).round(5),
        symbol="BTC/USDT", time_frame="1m", exchange_name="binance",
    )  # fmt: skip


class World:
    """A server, a collector that asks it, and a store."""

    def __init__(
        self,
        truth: CandleSeries,
        clock: HurriedClock,
        server: BinanceServer,
        collector: CCXTCollector,
        store: CandleStore,
    ) -> None:
        self.truth, self.clock, self.server, self.collector, self.store = truth, clock, server, collector, store
        self.retrier = Retrier(RetryPolicy(attempts=4), clock)

    async def collect(self, time_frame: TimeFrames = _MINUTE, **options: Any) -> Collected:
        await self.retrier.call(self.collector.open)
        start = options.pop("start", float(self.truth.open_times[0]))
        return await collect_candles(
            self.collector, self.store, "BTC/USDT", time_frame, start, retrier=self.retrier, **options
        )

    async def collect_all(self, on_done: Callable[[Collected], None] | None = None) -> list[Collected]:
        """Both time frames at a time."""
        await self.retrier.call(self.collector.open)
        series = [("BTC/USDT", _MINUTE), ("BTC/USDT", TimeFrames.ONE_HOUR)]
        start = float(self.truth.open_times[0])
        return await collect_series(self.collector, self.store, series, start, retrier=self.retrier, on_done=on_done)

    def assert_all_there(self) -> None:
        assert self.store.load("binance", "BTC/USDT", "1m").same_candles(self.truth)


@asynccontextmanager
async def _world(folder: Path, truth: CandleSeries | None = None, **options: Any) -> AsyncIterator[World]:
    truth = truth or _made_up()
    # One time for both: while a client waits, the exchange's minute passes.
    clock = HurriedClock(float(truth.open_times[-1]) + 70)
    limit = options.pop("weight_limit", 6000)
    async with BinanceServer([truth, resample(truth, "1h")], clock, limit) as server:
        settings = CollectorOptions(server.url, options.pop("timeout_seconds", 10.0), {"rateLimit": 1, **options})
        async with CCXTCollector("binance", settings) as collector:
            with CandleStore(folder / "store.sqlite") as store:
                yield World(truth, clock, server, collector, store)


async def test_every_recorded_candle_is_collected(tmp_path: Path) -> None:
    if not _RECORDED.exists():
        pytest.skip(f"the recorded candles are not at hand: {_RECORDED}")
    (recorded,) = read_candles(_RECORDED, symbol="BTC/USDT", exchange_name="binance")
    truth = recorded.slice(None, float(recorded.open_times[30_000]))
    async with _world(tmp_path, truth) as world:
        done = await world.collect()
        assert (done.added, done.gaps) == (30_000, ())
        # A thousand each, and none of them asked for twice.
        assert world.server.requests["klines"] == 30
        assert len(set(world.server.starts)) == 30
        world.assert_all_there()
        hourly = await world.collect(TimeFrames.ONE_HOUR)
        assert world.store.load("binance", "BTC/USDT", "1h").same_candles(resample(truth, "1h"))
        assert hourly.added == 500


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault not in (Fault.SLOW, Fault.REFUSED)])
async def test_each_fault_ends_in_the_truth(tmp_path: Path, fault: Fault) -> None:
    async with _world(tmp_path, timeout_seconds=0.3 if fault is Fault.SILENT else 10.0) as world:
        world.server.faults.extend([None, fault])
        done = await world.collect()
        world.assert_all_there()
        assert sum(gap.missing for gap in done.gaps) == 20
        retried = fault.value < Fault.SHUFFLED.value and fault is not Fault.CLOSED
        # aiohttp itself repeats a request on a kept connection that was closed.
        assert world.retrier.retries == (1 if retried else 0)
        if fault is Fault.BUSY:
            assert world.clock.waits == [7.0]


async def test_a_refusal_is_not_tried_again(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        world.server.faults.extend([None, Fault.REFUSED])
        with pytest.raises(EnvironmentFault, match=r"451 .*it may not serve the country of this address") as caught:
            await world.collect()
        assert not isinstance(caught.value, TemporaryFault)
        assert world.retrier.retries == 0
        assert world.store.contents()[0].records == 1000


async def test_a_time_out_does_not_wait_as_long_as_the_answer_before_it_said(tmp_path: Path) -> None:
    """The headers of an answer are that request's only."""
    async with _world(tmp_path, timeout_seconds=0.3) as world:
        world.server.faults.extend([Fault.BUSY, Fault.SILENT])
        await world.collect()
        world.assert_all_there()
        obeyed, backed_off = world.clock.waits
        assert obeyed == 7.0
        assert 1.5 <= backed_off <= 2.0


async def test_a_slow_answer_holds_up_its_own_series_only(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        world.server.faults.append(Fault.SLOW)
        hourly, told = asyncio.Event(), []

        def note(done: Collected) -> None:
            told.append(done.time_frame)
            hourly.set()

        collecting = asyncio.create_task(world.collect_all(on_done=note))
        async with asyncio.timeout(20):
            await hourly.wait()
            assert len(told) == 1
            # Its next pages were waiting behind the one that is held.
            assert len(world.store.contents()) == 1
            world.server.release()
            await collecting
        assert sorted(told, key=str) == [TimeFrames.ONE_HOUR, _MINUTE]
        world.assert_all_there()


def _is_part(part: CandleSeries, whole: CandleSeries) -> bool:
    places = np.searchsorted(whole.open_times, part.open_times)
    if places[-1] >= len(whole):
        return False
    return all(np.array_equal(mine, all_[places]) for mine, all_ in zip(part.columns(), whole.columns(), strict=True))


async def _hold_to_the_truth(folder: Path, draw: random.Random) -> None:
    faults = [fault for fault in Fault if fault not in (Fault.SILENT, Fault.SLOW)]
    async with _world(folder) as world:
        truths = {"1m": world.truth, "1h": resample(world.truth, "1h")}
        world.server.faults.extend(draw.choices([None, *faults], k=draw.randint(1, 14)))
        for _ in range(len(world.server.faults) + 1):
            try:
                await world.collect_all()
            except EnvironmentFault:
                for item in world.store.contents():
                    held = world.store.load_item(item)
                    assert isinstance(held, CandleSeries)
                    assert _is_part(held, truths[held.time_frame.value])
            else:
                break
        world.assert_all_there()
        assert world.store.load("binance", "BTC/USDT", "1h").same_candles(truths["1h"])
        assert world.server.weights.bans == 0


async def test_faults_in_any_order_end_in_the_truth_or_in_an_error(tmp_path: Path) -> None:
    draw = random.Random(5)
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        await _hold_to_the_truth(tmp_path / str(number), draw)


@pytest.mark.long
async def test_faults_in_any_order_end_in_the_truth_or_in_an_error_for_long(tmp_path: Path) -> None:
    draw = random.Random(6)
    for number in range(60):
        (tmp_path / str(number)).mkdir()
        await _hold_to_the_truth(tmp_path / str(number), draw)


async def test_series_that_wait_for_the_minute_are_not_banned(tmp_path: Path) -> None:
    """Each minute has room for a few requests: what is refused waits, and so does every other series."""
    async with _world(tmp_path, weight_limit=25) as world:
        await world.collect_all()
        world.assert_all_there()
        assert world.server.weights.bans == 0
        assert world.server.weights.most_used <= 25 + 2 * 2
        assert world.clock.waits


async def test_an_exchange_that_stays_away_is_given_up_and_gone_on_with(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        world.server.faults.extend([None, None, *[Fault.UNAVAILABLE] * 4])
        with pytest.raises(TemporaryFault, match="502"):
            await world.collect()
        assert world.store.contents()[0].records == 2000
        world.server.starts.clear()
        done = await world.collect()
        world.assert_all_there()
        # The halt is asked for again, what is stored is not.
        first_missing = round((_BEGIN + 2020 * 60) * 1000)
        assert [start for start in world.server.starts if start] == [
            round((_BEGIN + 1500 * 60) * 1000), first_missing, first_missing + 60_000_000
        ]  # fmt: skip
        assert done.already_stored == 2000


async def test_a_minute_whose_weight_is_used_up_is_waited_for(tmp_path: Path) -> None:
    """A limit with room for the list of markets, the time and one page: the others are told to wait for the minute."""
    async with _world(tmp_path, weight_limit=23) as world:
        await world.collect()
        world.assert_all_there()
        (waited,) = world.clock.waits
        assert 50 - 1 <= waited <= 50 + 1
        assert world.server.weights.most_used == 25


async def test_what_the_exchange_does_not_have_is_named(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        await world.collector.open()
        with pytest.raises(DataError, match=r"binance has no BTC/USDC \(did you mean BTC/USDT\?\)"):
            world.collector.check("BTC/USDC", _MINUTE)
        with pytest.raises(DataError, match=r"binance gives no candles of 3h .*it gives 1s, 1m, 3m"):
            world.collector.check("BTC/USDT", TimeFrames.THREE_HOURS)
    with pytest.raises(DataError, match=r"ccxt knows no exchange 'binanse' \(did you mean binance\?\)"):
        CCXTCollector("binanse")


async def test_an_exchange_that_cannot_be_reached_is_a_temporary_fault() -> None:
    # Port 9 of loopback: nobody listens there.
    async with CCXTCollector("binance", CollectorOptions("http://127.0.0.1:9", 0.5)) as collector:
        with pytest.raises(TemporaryFault, match="ExchangeNotAvailable"):
            await collector.open()


async def test_a_request_without_an_answer_does_not_wait_as_an_earlier_answer_said() -> None:
    async with CCXTCollector("binance", CollectorOptions("http://127.0.0.1:9", 0.5)) as collector:
        collector._exchange.last_response_headers = {"Retry-After": "60"}
        with pytest.raises(TemporaryFault) as raised:
            await collector.open()
    assert raised.value.retry_after_seconds is None


async def test_a_time_of_the_exchange_is_in_seconds(tmp_path: Path) -> None:
    async with _world(tmp_path) as world:
        assert await world.collector.fetch_time() == pytest.approx(float(world.truth.open_times[-1]) + 70, abs=0.001)


def test_ccxt_keeps_the_rate_of_the_exchange_and_pages_are_within_its_limit() -> None:
    collector = CCXTCollector("binance")
    assert collector._exchange.enableRateLimit
    # Gemini does not say how much it gives at once.
    for name, symbol, page in (("binance", "BTC/USDT", 1000), ("kraken", "BTC/EUR", 720), ("gemini", "BTC/USD", 500)):
        collector = CCXTCollector(name)
        collector._exchange.markets = {symbol: {"symbol": symbol, "type": "spot", "spot": True, "subType": None}}
        assert collector.page_candles(symbol) == page


def test_the_collector_is_found_as_a_tentacle() -> None:
    info = TentacleRegistry.discover().info("CCXTCollector")
    assert info.kind is TentacleKind.COLLECTOR
    assert {"binance", "kraken", "okx"} <= set(CCXTCollector.get_exchange_names())


def test_a_missing_ccxt_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in ("ccxt", "ccxt.async_support"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(EnvironmentFault, match=r"pip install 'octobot-trading\[ccxt\]'"):
        CCXTCollector("binance")
