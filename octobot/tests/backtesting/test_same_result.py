# SPDX-License-Identifier: Apache-2.0
"""The same request gives the same result, and so does the same market recorded in shorter candles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot.cli.backtest import json_result
from octobot.report import compute_curves, compute_summary
from octobot_commons.enums import TimeFrames
from octobot_trading.history import read_candles, resample

_END_OF_5M_FILE = 1703980800.0  # 2023-12-31 00:00 UTC


async def test_the_repr_of_a_result_does_not_grow_with_the_run() -> None:
    request = BacktestRequest("daily_trading", start_time=1577836800.0, end_time=1583020800.0, all_notes=True)
    result = await run_backtest(request)
    assert len(result.orders) > 10
    assert len(repr(result)) < len(repr(result.settings)) + 1_500


async def _hourly_run(path: Path) -> BacktestResult:
    request = BacktestRequest(
        "daily_trading", (path,), time_frames=(TimeFrames.ONE_HOUR,), end_time=_END_OF_5M_FILE, all_notes=True
    )
    return await run_backtest(request)


def _json(result: BacktestResult) -> dict[str, str]:
    content = json_result(result, compute_summary(result))
    return {key: json.dumps(value) for key, value in content.items()}


async def test_two_runs_differ_in_timings_only() -> None:
    request = BacktestRequest("daily_trading", start_time=1577836800.0, end_time=1583020800.0)
    first, second = [_json(await run_backtest(request)) for _ in range(2)]
    assert list(first) == [
        "summary",
        "trades",
        "orders",
        "notes",
        "failures",
        "refusals",
        "settings",
        "inputs",
        "timings",
    ]
    first.pop("timings")
    second.pop("timings")
    assert first == second
    assert len(json.loads(first["trades"])) > 5
    assert set(json.loads(first["notes"])) == {
        "DoubleMovingAverageTrendEvaluator",
        "RSIMomentumEvaluator",
        "SimpleStrategyEvaluator",
    }


async def test_hourly_candles_from_5m_give_what_the_hourly_file_gives(recorded: Callable[[str], Path]) -> None:
    five_minutes = recorded("binance-spot/BTC_USDT-5m_2023.csv.xz")
    one_hour = recorded("binance-spot/BTC_USDT-1h_2023.csv.xz")

    file_series = read_candles(one_hour)[0].slice(None, _END_OF_5M_FILE)
    derived = resample(read_candles(five_minutes)[0], TimeFrames.ONE_HOUR)
    for name in ("open_times", "open", "high", "low", "close"):
        assert np.array_equal(getattr(derived, name), getattr(file_series, name)), name
    np.testing.assert_allclose(derived.volume, file_series.volume, rtol=1e-9, atol=0)

    from_five, from_hour = await _hourly_run(five_minutes), await _hourly_run(one_hour)
    assert len(from_hour.fills) > 50
    assert from_five.notes == from_hour.notes
    assert from_five.orders == from_hour.orders
    assert from_five.fills == from_hour.fills
    assert np.array_equal(compute_curves(from_five).equity, compute_curves(from_hour).equity)
    assert from_five.final_portfolio == from_hour.final_portfolio


async def test_the_final_portfolio_is_what_the_fills_explain() -> None:
    result = await run_backtest(BacktestRequest("daily_trading", start_time=1609459200.0, end_time=1640995200.0))
    assert compute_summary(result).portfolio_differences == {}
    assert len(result.fills) > 50


async def test_history_before_the_start_is_known_but_not_traded() -> None:
    start = 1640995200.0
    result = await run_backtest(BacktestRequest("daily_trading", start_time=start, end_time=1643673600.0))
    assert min(order["creation_time"] for order in result.orders) >= start
    assert result.candles["BTC/USDT"].open_times[0] == start
    assert result.fills
