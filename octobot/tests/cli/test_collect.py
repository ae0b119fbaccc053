# SPDX-License-Identifier: Apache-2.0
"""`octobot data collect` against a server on loopback that speaks Binance's REST protocol."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from octobot.cli.data.collected import counted
from octobot_commons.clock import SimulatedClock
from octobot_commons.errors import DataError, TentacleLoadError
from octobot_commons.tentacles_management import TentacleRegistry
from octobot_trading.collecting import AbstractCollector, CollectorOptions
from octobot_trading.history import CandleSeries, CandleStore, TradeSeries, records_from_arrays, series_from_arrays
from octobot_trading.testing.binance import BinanceServer, Fault

_BEGIN = 1_735_689_600.0  # 2025-01-01
_COUNT = 5000
_ARGUMENTS = ("data", "collect", "binance", "BTC/USDT", "--time-frame", "1m", "--start", "2025-01-01")


def _truth(symbol: str) -> CandleSeries:
    close = 10_000 + np.cumsum(np.random.default_rng(3).normal(size=_COUNT)).round(2)
    times = _BEGIN + 60.0 * np.arange(_COUNT)
    return series_from_arrays(
        times, close, close + 1, close - 1, close, np.ones(_COUNT), symbol=symbol, time_frame="1m",
        exchange_name="binance",
    )  # fmt: skip


class Exchange:
    """The server on a thread and an event loop of its own, as the command runs one."""

    def __init__(self, truth: CandleSeries | None = None, trades: Sequence[TradeSeries] = ()) -> None:
        self.truth = truth or _truth("BTC/USDT")
        clock = SimulatedClock(_BEGIN + 60 * _COUNT + 5)
        self.server = BinanceServer([self.truth, _truth("ETH/USDT")], clock, trades=trades)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Exchange:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.__aenter__(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.server.__aexit__(None, None, None), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange() as made:
        yield made


def _stored(home: Path) -> CandleSeries:
    with CandleStore(home / "candles.sqlite") as store:
        return store.load("binance", "BTC/USDT", "1m")


def test_a_collection_is_stored_and_then_only_brought_up_to_date(
    octobot: Callable[..., Any], exchange: Exchange, tmp_path: Path
) -> None:
    done = octobot(*_ARGUMENTS, "ETH/USDT", "--api-url", exchange.server.url)
    assert done.code == 0, done.err
    *lines, summary = done.out.splitlines()
    assert sorted(lines) == [
        f"binance {name}/USDT 1m: 5,000 candles stored, 0 there before, 5 requests" for name in ("BTC", "ETH")
    ]
    # The markets, the time for each series, and the pages.
    assert re.fullmatch(r"10,000 candles stored in \d+\.\d s, 13 requests; store: .*candles\.sqlite", summary)
    assert exchange.server.requests["klines"] == 10
    assert _stored(tmp_path / "home").same_candles(exchange.truth)
    exchange.server.starts.clear()
    again = octobot(*_ARGUMENTS, "--api-url", exchange.server.url)
    assert "0 candles stored, 5,000 there before" in again.out
    assert [start for start in exchange.server.starts if start is not None] == []
    listed = octobot("data", "list")
    assert "collected from binance" in listed.out


def test_a_killed_collection_goes_on_where_it_was(
    octobot: Callable[..., Any], exchange: Exchange, tmp_path: Path
) -> None:
    """Killed with SIGKILL while it waits for its fourth page."""
    exchange.server.faults.extend([None, None, None, Fault.SILENT])
    home = tmp_path / "home"
    environment = os.environ | {"OCTOBOT_HOME": str(home)}
    command = [sys.executable, "-m", "octobot", *_ARGUMENTS, "--api-url", exchange.server.url]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        assert exchange.server.held.wait(60), "it never asked for its fourth page"
        running.send_signal(signal.SIGKILL)
        assert running.wait(10) == -signal.SIGKILL
    assert len(_stored(home)) == 3000
    exchange.server.starts.clear()
    done = octobot(*_ARGUMENTS, "--api-url", exchange.server.url)
    assert done.code == 0, done.err
    assert "2,000 candles stored, 3,000 there before" in done.out
    assert exchange.server.starts[0] == round((_BEGIN + 60 * 3000) * 1000)
    assert _stored(home).same_candles(exchange.truth)


def test_an_interrupted_collection_says_how_to_go_on(exchange: Exchange, tmp_path: Path) -> None:
    exchange.server.faults.extend([None, Fault.SILENT])
    environment = os.environ | {"OCTOBOT_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "octobot", *_ARGUMENTS, "--api-url", exchange.server.url]
    # Whoever runs these tests in the background may have SIGINT ignored, which a child would inherit.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:
            assert exchange.server.held.wait(60)
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=30)
    finally:
        signal.signal(signal.SIGINT, before)
    assert running.returncode == 130
    assert "what came before is stored: the same command goes on from there" in said
    assert "Traceback" not in said
    assert len(_stored(tmp_path / "home")) == 1000


def test_an_exchange_that_is_away_exits_with_the_code_of_the_outside_world(octobot: Callable[..., Any]) -> None:
    failed = octobot(*_ARGUMENTS, "--api-url", "http://127.0.0.1:9", "--attempts", "1")
    assert failed.code == 5
    assert "ExchangeNotAvailable" in failed.err
    assert "the same command goes on" in failed.err


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({2: "binanse"}, "no collector knows the exchange 'binanse' (did you mean binance?)"),
        ({3: "BTC/USD"}, "binance has no BTC/USD (did you mean BTC/USDT?)"),
        ({5: "3h"}, "binance gives no candles of 3h"),
        ({7: "2026-01-01"}, "choose an earlier start"),
    ],
)
def test_what_cannot_be_had_is_named(
    octobot: Callable[..., Any], exchange: Exchange, changed: dict[int, str], message: str
) -> None:
    arguments = [changed.get(place, argument) for place, argument in enumerate(_ARGUMENTS)]
    refused = octobot(*arguments, "--api-url", exchange.server.url)
    assert refused.code == 3
    assert message in refused.err


def test_what_the_exchange_does_not_have_is_told(octobot: Callable[..., Any], tmp_path: Path) -> None:
    halts = [(100, 120), (400, 401), (900, 960), (2000, 2010)]
    whole = _truth("BTC/USDT")
    keep = np.ones(_COUNT, dtype=bool)
    keep[:50] = False
    for first, last in halts:
        keep[first:last] = False
    truth = series_from_arrays(
        *(column[keep] for column in whole.columns()), symbol="BTC/USDT", time_frame="1m", exchange_name="binance"
    )
    with Exchange(truth) as exchange:
        done = octobot(*_ARGUMENTS, "--api-url", exchange.server.url)
    assert done.out.splitlines()[1:-1] == [
        "  the exchange's first one is of 2025-01-01 00:50",
        "  4 gaps: 91 candles that the exchange does not have",
        "    2025-01-01 01:40:00 to 2025-01-01 02:00:00: 20",
        "    2025-01-01 06:40:00 to 2025-01-01 06:41:00: 1",
        "    2025-01-01 15:00:00 to 2025-01-01 16:00:00: 60",
        "    ... all of them: `octobot data check --json`",
    ]
    assert _stored(tmp_path / "home").same_candles(truth)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--start", "2025-01-01"], "--time-frame needs one, like 1h"),
        (["--start", "2025-01-01", "--kind", "trades", "--time-frame", "1h"], "is for candles, trades have none"),
    ],
)
def test_candles_have_a_time_frame_and_nothing_else_has(
    octobot: Callable[..., Any], arguments: list[str], message: str
) -> None:
    refused = octobot("data", "collect", "binance", "BTC/USDT", *arguments)
    assert refused.code == 2
    assert message in refused.err


def test_trades_are_collected(octobot: Callable[..., Any], tmp_path: Path) -> None:
    numbers = np.arange(1500)
    trades = records_from_arrays(
        TradeSeries, _BEGIN + numbers, 100 + numbers % 7, 1 + numbers % 3, 1 - 2 * (numbers % 2), numbers,
        symbol="BTC/USDT", exchange_name="binance",
    )  # fmt: skip
    arguments = ("data", "collect", "binance", "BTC/USDT", "--kind", "trades", "--start", "2025-01-01")
    with Exchange(trades=[trades]) as exchange:
        done = octobot(*arguments, "--api-url", exchange.server.url)
    assert done.code == 0, done.err
    line, summary = done.out.splitlines()
    # The oldest one to begin with, two pages, and one that shows that there are no more.
    assert line == "binance BTC/USDT: 1,500 trades stored, 4 requests"
    assert summary.startswith("1,500 trades stored in ")
    with CandleStore(tmp_path / "home" / "candles.sqlite") as store:
        assert store.records.load(TradeSeries, "binance", "BTC/USDT").same_records(trades)


class _Kind:
    """What is known of an installed collector."""

    def __init__(self, loaded: type[AbstractCollector] | Exception) -> None:
        self._loaded = loaded

    def load(self) -> type[AbstractCollector]:
        if isinstance(self._loaded, Exception):
            raise self._loaded
        return self._loaded


def test_one_is_told_as_one() -> None:
    assert [counted(number, "gap") for number in (1, 2, 1500)] == ["1 gap", "2 gaps", "1,500 gaps"]


def test_a_broken_collector_is_in_the_way_of_its_own_exchanges_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from octobot.cli.data.collecting import make_collector

    ccxt = TentacleRegistry.discover().load("CCXTCollector")
    assert issubclass(ccxt, AbstractCollector)
    broken = _Kind(TentacleLoadError("cannot be imported", field="BrokenCollector"))
    kinds = [broken, _Kind(ccxt)]
    monkeypatch.setattr(TentacleRegistry, "by_kind", lambda self, kind: kinds)
    assert make_collector("binance", CollectorOptions()).exchange_name == "binance"
    with pytest.raises(DataError, match=r"did you mean binance\?"):
        make_collector("binanse", CollectorOptions())
    with pytest.raises(TentacleLoadError, match="BrokenCollector"):
        make_collector("zzz", CollectorOptions())
    kinds.remove(broken)
    with pytest.raises(DataError, match="no collector knows the exchange 'zzz'"):
        make_collector("zzz", CollectorOptions())


def test_the_commands_do_not_load_what_talks_to_exchanges() -> None:
    """It takes most of a second."""
    code = (
        "import sys, octobot.cli.data, octobot_trading.api; print([m for m in sys.modules if m in ('ccxt', 'aiohttp')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
