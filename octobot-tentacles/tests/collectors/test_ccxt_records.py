# SPDX-License-Identifier: Apache-2.0
"""Trades and funding rates through ccxt, from a server on loopback that speaks Binance's REST protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")

from octobot_commons.errors import DataError, EnvironmentFault
from octobot_tentacles.collectors.ccxt_collector import CCXTCollector
from octobot_trading.collecting import CollectedRecords, CollectorOptions, Retrier, RetryPolicy, collect_records
from octobot_trading.errors import TemporaryFault
from octobot_trading.history import (
    CandleStore,
    FundingSeries,
    RecordSeries,
    TradeSeries,
    read_market_data,
    records_from_arrays,
)
from octobot_trading.history.kinds import FUNDING, TRADES
from octobot_trading.testing.binance import BinanceServer, Fault
from octobot_trading.testing.hurried_clock import HurriedClock

_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
_BEGIN = 1_735_689_600.0
_HOUR = 3600.0
_FAULTS = [fault for fault in Fault if fault not in (Fault.SLOW, Fault.SILENT, Fault.REFUSED)]


def _trades(times: Any, symbol: str = "XRP/ETH") -> TradeSeries:
    """Trades at these seconds after the beginning, numbered from 700 on."""
    numbers = np.arange(len(times))
    return records_from_arrays(
        TradeSeries, _BEGIN + np.asarray(times), 100 + numbers % 7, 1 + numbers % 3, 1 - 2 * (numbers % 2),
        700 + numbers, symbol=symbol, exchange_name="binance",
    )  # fmt: skip


def _funding(count: int, symbol: str = "BTC/USDT:USDT") -> FundingSeries:
    numbers = np.arange(count)
    return records_from_arrays(
        FundingSeries, _BEGIN + 8 * _HOUR * numbers + 0.001 * (numbers % 20), numbers / 1e7,
        symbol=symbol, exchange_name="binance",
    )  # fmt: skip


def _recorded(name: str, symbol: str) -> RecordSeries:
    if not (_DATA / name).exists():
        pytest.skip(f"the recorded data are not at hand: {_DATA / name}")
    (found,) = read_market_data(_DATA / name, symbol=symbol, exchange_name="binance")
    assert isinstance(found, RecordSeries)
    return found


class World:
    """A server, a collector that asks it, and a store."""

    def __init__(
        self, truth: RecordSeries, server: BinanceServer, collector: CCXTCollector, store: CandleStore
    ) -> None:
        self.truth, self.server, self.collector, self.store = truth, server, collector, store
        self.retrier = Retrier(RetryPolicy(attempts=4), HurriedClock())

    async def collect(self, start: float | None = None, end: float | None = None) -> CollectedRecords:
        await self.retrier.call(self.collector.open)
        begin = float(self.truth.times[0]) if start is None else start
        return await collect_records(
            self.collector, self.store, self.truth.kind, self.truth.symbol, begin, end, retrier=self.retrier
        )

    def held(self) -> RecordSeries:
        return self.store.records.load(type(self.truth), "binance", self.truth.symbol)


@asynccontextmanager
async def _world(folder: Path, truth: RecordSeries, timeout_seconds: float = 10.0) -> AsyncIterator[World]:
    clock = HurriedClock(float(truth.times[-1]) + 70)
    trades = [truth] if isinstance(truth, TradeSeries) else []
    funding = [truth] if isinstance(truth, FundingSeries) else []
    async with BinanceServer([], clock, 100_000, trades, funding) as server:
        options = CollectorOptions(server.url, timeout_seconds, {"rateLimit": 1})
        async with CCXTCollector("binance", options) as collector:
            with CandleStore(folder / "store.sqlite") as store:
                yield World(truth, server, collector, store)


async def test_every_recorded_trade_is_collected(tmp_path: Path) -> None:
    truth = _recorded("trades/freqtrade/XRP_ETH-trades.json.gz", "XRP/ETH")
    async with _world(tmp_path, truth) as world:
        done = await world.collect()
        assert done.added == len(truth)
        assert world.held().same_records(truth)
        # The oldest one, a thousand in each page and an empty page.
        assert world.server.requests["aggTrades"] == 1 + -(-len(truth) // 1000) + 1


async def test_every_recorded_funding_rate_is_collected(tmp_path: Path) -> None:
    truth = _recorded("ohlcv/binance-usdm/BTC_USDT-8h-funding_2023-2024.csv.xz", "BTC/USDT:USDT")
    async with _world(tmp_path, truth) as world:
        done = await world.collect()
        assert done.added == len(truth)
        assert world.held().same_records(truth)
        # A hundred in each page, and an empty one for the seconds since the last.
        assert done.requests == -(-len(truth) // 100) + 1
        again = await world.collect()
        assert (again.added, again.requests) == (0, 0)


async def test_the_first_trade_of_a_span_is_found(tmp_path: Path) -> None:
    """Thousands within some seconds, nothing for days, then a few: a span with more than a page has is halved."""
    times = np.concatenate([np.arange(2600) / 1000, [2 * _HOUR, 95 * _HOUR, 95.5 * _HOUR]])
    async with _world(tmp_path, _trades(times)) as world:
        await world.collector.open()
        for start in (-5e7, 0.0, 0.0005, 1.0, 3 * _HOUR, 90 * _HOUR, 98 * _HOUR):
            expected = int(np.searchsorted(times, start))
            found = await world.collector.find_trade("XRP/ETH", _BEGIN + start, _BEGIN + 99 * _HOUR)
            assert found == (700 + expected if expected < len(times) else None)
        assert await world.collector.find_trade("XRP/ETH", _BEGIN - 9, _BEGIN) is None


@pytest.mark.parametrize("kind", ["trades", "funding"])
@pytest.mark.parametrize("fault", _FAULTS)
async def test_each_fault_ends_in_the_truth(tmp_path: Path, fault: Fault, kind: str) -> None:
    truth = _trades(np.arange(1200) / 100) if kind == "trades" else _funding(120)
    async with _world(tmp_path, truth) as world:
        world.server.faults.extend([None, fault])
        await world.collect()
        assert world.held().same_records(truth)


async def test_a_failed_collection_of_trades_goes_on_where_it_was(tmp_path: Path) -> None:
    truth = _trades(np.arange(4500) / 100)
    async with _world(tmp_path, truth) as world:
        world.server.faults.extend([None, None, None, *[Fault.UNAVAILABLE] * 4])
        with pytest.raises(TemporaryFault, match="502"):
            await world.collect()
        assert len(world.held()) == 2000
        world.server.faults.append(Fault.REFUSED)
        with pytest.raises(EnvironmentFault, match="451"):
            await world.collect()
        before = world.server.requests["aggTrades"]
        assert (await world.collect()).added == 2500
        assert world.held().same_records(truth)
        assert world.server.requests["aggTrades"] == before + 4


async def test_what_cannot_be_had_is_named(tmp_path: Path) -> None:
    async with _world(tmp_path, _trades([1.0])) as world:
        await world.collector.open()
        with pytest.raises(DataError, match=r"has no XRP/ET \(did you mean XRP/ETH\?\)"):
            world.collector.check_records("XRP/ET", TRADES)
        with pytest.raises(DataError, match=r"no funding rates of XRP/ETH \(choose a perpetual contract"):
            world.collector.check_records("XRP/ETH", FUNDING)
        world.collector.exchange_name = "kraken"
        with pytest.raises(DataError, match="kraken does not give trades by id"):
            world.collector.check_records("XRP/ETH", TRADES)
