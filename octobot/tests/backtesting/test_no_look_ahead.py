# SPDX-License-Identifier: Apache-2.0
"""Nothing that happens depends on what comes later: cutting the data leaves all that came before as it was."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot_trading.enums import FillRule
from octobot_trading.history import CandleSeries

_LENGTH = 1500
_CUTS = 12
_CUTS_OF_THE_LONG_RUN = 200


async def _run(path: Path) -> BacktestResult:
    rules = tuple(FillRule)
    return await run_backtest(BacktestRequest("daily_trading", data=(path,), all_notes=True, fill_rules=rules))


def _known_before(result: BacktestResult, cut: float) -> dict[str, Any]:
    """What a run had noted, and ordered and filled in each account, before ``cut``.

    Notes of the cut itself come from what closed then.
    """
    as_asked = ("order_id", "symbol", "side", "type", "quantity", "price", "stop_price", "creation_time", "cause")
    ended = ("status", "filled_quantity", "average_price", "cost", "fees", "closing_time", "reason")
    known: dict[str, Any] = {"notes": [note for note in result.notes["all"] if note["time"] <= cut]}
    for world in result.worlds:
        orders = [
            [order[key] for key in as_asked]
            + ([order[key] for key in ended] if order["closing_time"] and order["closing_time"] < cut else [])
            for order in world.orders
            if order["creation_time"] < cut
        ]
        known[world.fill_rule] = orders, [fill.to_dict() for fill in world.fills if fill.time < cut]
    return known


async def _check_cuts(
    hourly: CandleSeries, write_csv: Callable[[CandleSeries, str], Path], first: int, cuts: int
) -> None:
    times = hourly.open_times
    whole_series = hourly.slice(float(times[first]), float(times[first + _LENGTH]))
    whole = await _run(write_csv(whole_series, "BTC_USDT-1h_whole.csv"))
    assert all(len(world.fills) > 10 for world in whole.worlds)
    assert len(whole.notes["all"]) > _LENGTH
    for count in sorted(random.Random(7).sample(range(60, _LENGTH), cuts)):
        cut_series = whole_series.slice(None, float(whole_series.open_times[count]))
        cut = await _run(write_csv(cut_series, "BTC_USDT-1h_cut.csv"))
        end = float(cut_series.close_times[-1])
        assert _known_before(cut, end) == _known_before(whole, end), f"cut after {count} candles"


@pytest.mark.parametrize("first", [0, 30_000], ids=["from the first candle", "from the middle of a day"])
async def test_cutting_the_data_leaves_the_past_as_it_was(
    first: int, hourly: CandleSeries, write_csv: Callable[[CandleSeries, str], Path]
) -> None:
    await _check_cuts(hourly, write_csv, first, _CUTS)


@pytest.mark.long
@pytest.mark.parametrize("first", [0, 5_000, 35_000, 40_000])
async def test_many_cuts(first: int, hourly: CandleSeries, write_csv: Callable[[CandleSeries, str], Path]) -> None:
    await _check_cuts(hourly, write_csv, first, _CUTS_OF_THE_LONG_RUN)


async def test_changing_what_comes_later_changes_nothing_before(
    hourly: CandleSeries, write_csv: Callable[[CandleSeries, str], Path]
) -> None:
    """A stricter form: the future is there, but it is another one."""
    whole_series = hourly.slice(None, float(hourly.open_times[_LENGTH]))
    half = _LENGTH // 2
    factor = np.where(np.arange(_LENGTH) < half, 1.0, 3.0)
    changed = {name: getattr(whole_series, name) * factor for name in ("open", "high", "low", "close")}
    other_series = _with_columns(whole_series, changed)
    whole = await _run(write_csv(whole_series, "BTC_USDT-1h_one.csv"))
    other = await _run(write_csv(other_series, "BTC_USDT-1h_other.csv"))
    end = float(whole_series.close_times[half - 1])
    assert _known_before(whole, end) == _known_before(other, end)
    assert [fill.to_dict() for fill in whole.fills] != [fill.to_dict() for fill in other.fills]


def _with_columns(series: CandleSeries, columns: dict[str, Any]) -> CandleSeries:
    return replace(series, **columns)
