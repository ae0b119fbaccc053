# SPDX-License-Identifier: Apache-2.0
"""A backtest in which a tentacle looks ahead ends with an error that names it; most of what is later is nowhere."""

from __future__ import annotations

import gc
import linecache
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, CoroutineType, FrameType, FunctionType, GeneratorType, ModuleType
from typing import Any

import numpy as np
import pytest

from octobot.backtesting import BacktestRequest, run_backtest
from octobot.backtesting.plan import make_plan
from octobot.backtesting.run import run_plan
from octobot.pipeline import Pipeline
from octobot_commons.causality import Horizon, lifted
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import LookAheadError
from octobot_trading import api
from octobot_trading.exchange_channel import get_chan
from octobot_trading.history import CandleSeries

Ask = Callable[..., BacktestRequest]


@pytest.fixture
def ask(market: dict[str, Path], make_profile: Callable[..., Path], causality_tentacles: object) -> Ask:
    """A backtest of one evaluator with a file in its settings."""

    def request(name: str, file: str = "bitcoin") -> BacktestRequest:
        profile = make_profile([name], {name: {"data_file": str(market[file])}} if file else {})
        frames = (TimeFrames.ONE_HOUR, TimeFrames.FOUR_HOURS)
        return BacktestRequest(str(profile), (market["bitcoin"],), time_frames=frames)

    return request


@pytest.mark.parametrize(
    ("name", "file", "line"),
    [
        ("OpensItsDataFile", "bitcoin", "open(self.data_file)"),
        ("FitsOnItsDataFile", "bitcoin", "np.loadtxt"),
        ("ReadsCandlesOfItsFile", "bitcoin", "read_candles(self.data_file)"),
        ("CentredWindowOfCopy", "copy", "read_market_data(self.data_file)"),
        ("FitsOnShippedSeries", "", "read_candles(BTC_USDT_1H)"),
        ("LoadsFromStore", "store", "store.load("),
        ("LoadsAheadFromStore", "store", "store.load("),
        ("ReadsPartsOfStore", "store", "store.parts("),
        ("SearchesAllObjects", "", "gc.get_objects()"),
    ],
)
async def test_who_reads_ahead_is_named_with_the_line(name: str, file: str, line: str, ask: Ask) -> None:
    with pytest.raises(LookAheadError) as caught:
        await run_backtest(ask(name, file))
    error = caught.value
    assert error.field == name
    assert error.file is not None
    assert error.row is not None
    assert line in linecache.getline(error.file, error.row)


async def test_a_run_ends_where_somebody_looks_ahead_also_when_that_is_swallowed(ask: Ask) -> None:
    """An evaluator's failure stays its own otherwise, so that this one would end unnoticed."""
    counted: list[int] = []
    plan = make_plan(ask("LoadsAheadFromStore", "store"))
    with pytest.raises(LookAheadError):
        await run_plan(plan, counted.append)
    assert 0 < sum(counted) < 10


@pytest.mark.parametrize(("name", "file"), [("LearnsFromOlderData", "older"), ("AsksTheStoreForThePast", "store")])
async def test_what_is_known_may_be_read(name: str, file: str, ask: Ask) -> None:
    result = await run_backtest(ask(name, file))
    assert result.notes[name]
    assert result.failures == {}


async def test_who_leaves_the_clock_ahead_ends_the_run(ask: Ask) -> None:
    with pytest.raises(LookAheadError, match="somebody has moved the clock of this backtest ahead"):
        await run_backtest(ask("AdvancesTheClock", ""))


class _Visitor:
    """Looks at a run from the inside once some candles have closed."""

    def __init__(self, visit: Callable[[Pipeline, float], None], candles: int) -> None:
        self._visit = visit
        self.left = candles
        self.error: BaseException | None = None

    def make_horizon(self, now: Callable[[], float], files: Iterable[str]) -> Horizon:
        return Horizon(now, files)

    async def begin(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        await get_chan("OHLCV", pipeline.exchange_manager.id).new_consumer(self._on_candle, time_frame="1h")

    async def history_is_evaluated(self) -> None:
        pass

    async def _on_candle(self, **_: Any) -> None:
        self.left -= 1
        if not self.left:
            try:
                with lifted():
                    self._visit(self._pipeline, self._pipeline.exchange_manager.clock.now())
            except BaseException as error:  # noqa: BLE001 - a failing consumer would only be logged
                self.error = error


async def _visit(request: BacktestRequest, visit: Callable[[Pipeline, float], None], candles: int = 99) -> None:
    visitor = _Visitor(visit, candles)
    await run_plan(make_plan(request), observer=visitor)
    assert visitor.left <= 0
    if visitor.error is not None:
        raise visitor.error


async def test_nothing_later_can_be_reached_from_an_evaluator(ask: Ask, bitcoin: CandleSeries) -> None:
    """Of everything that is referred to from it, but for frames: those of the replay are on the same stack."""
    seen: list[int] = []

    def visit(pipeline: Pipeline, now: float) -> None:
        later = bitcoin.slice(now, None)
        future = np.unique(np.concatenate([later.open[1:], later.high, later.low, later.close, later.volume]))
        past = bitcoin.slice(None, now)
        future = np.setdiff1d(future, np.concatenate(past.columns()))
        assert len(future) > 100
        for evaluator in pipeline.evaluators:
            found = list(_reachable(evaluator))
            seen.append(len(found))
            assert not [one for one in found if _holds_any_of(future, one)]
            assert any(_holds_any_of(past.close[-1:], one) for one in found), "what is known is there"

    await _visit(ask("LastChange", ""), visit)
    assert min(seen) > 1000


async def test_the_walk_finds_what_is_there(ask: Ask, bitcoin: CandleSeries) -> None:
    def visit(pipeline: Pipeline, now: float) -> None:
        evaluator: Any = pipeline.evaluators[0]
        evaluator.hidden = {"somewhere": [lambda: bitcoin.close[100:]]}
        evaluator.view = memoryview(bitcoin.close)[200:]
        found = [one for one in _reachable(evaluator) if _holds_any_of(bitcoin.close[-1:], one)]
        assert len(found) >= 2

    await _visit(ask("LastChange", ""), visit)


def _holds_any_of(values: np.ndarray, one: Any) -> bool:
    if isinstance(one, float):
        return bool((values == one).any())
    if isinstance(one, (np.ndarray, memoryview)):
        array = np.asarray(one)
        return array.dtype == np.float64 and bool(np.isin(values, array).any())
    return False


_NOT_FOLLOWED = (ModuleType, type, FrameType, CodeType, CoroutineType, GeneratorType, str, bytes)


def _reachable(start: Any) -> Iterator[Any]:
    """All that an object refers to, also through closures, but not through modules."""
    seen = {id(vars(module)) for module in list(sys.modules.values()) if hasattr(module, "__dict__")}
    waiting = [start]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, (*_NOT_FOLLOWED, _Visitor)):
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, FunctionType):
            waiting += [cell.cell_contents for cell in one.__closure__ or ()]
            waiting += one.__defaults__ or ()
        else:
            waiting += gc.get_referents(one)
        if isinstance(one, np.ndarray) and one.base is not None:
            waiting.append(one.base)


async def test_rings_hold_what_has_closed_and_arrays_are_nobody_elses(ask: Ask, bitcoin: CandleSeries) -> None:
    def visit(pipeline: Pipeline, now: float) -> None:
        data = pipeline.exchange_manager.get_symbol_data("BTC/USDT")
        known = bitcoin.slice(None, now)
        assert api.get_symbol_time_candles(data, "1h", include_in_construction=True)[-1] == now - 3600
        assert data.candles("4h").ring.construction() is not None
        assert data.candles("4h").ring.construction()[4] == known.close[-1]
        closes = api.get_symbol_close_candles(data, "1h")
        assert closes.base is None
        assert closes.tolist() == known.close.tolist()
        closes[:] = 0.0
        assert api.get_symbol_close_candles(data, "1h").tolist() == known.close.tolist()

    await _visit(ask("LastChange", ""), visit)
