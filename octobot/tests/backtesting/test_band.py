# SPDX-License-Identifier: Apache-2.0
"""Three fill rules in one run: each account as if it were alone, on the same notes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot.report import compute_summary, format_summary, write_report
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, UserInputError
from octobot_trading.enums import FillRule

_YEAR = BacktestRequest("daily_trading", start_time=1609459200.0, end_time=1625097600.0, all_notes=True)


def _parts(result: BacktestResult) -> tuple[Any, ...]:
    return result.orders, [fill.to_dict() for fill in result.fills], result.final_portfolio


@pytest.mark.parametrize("rules", [tuple(FillRule), tuple(reversed(FillRule))])
async def test_each_account_is_as_if_it_were_alone(rules: tuple[FillRule, ...]) -> None:
    together = await run_backtest(replace(_YEAR, fill_rules=rules))
    for world in together.worlds:
        alone = await run_backtest(replace(_YEAR, fill_rules=(world.fill_rule,)))
        assert alone.notes == together.notes
        assert _parts(alone) == _parts(together.of_world(world))
        assert (alone.worlds[0].ambiguous_candles, alone.worlds[0].gap_through_stops) == (
            world.ambiguous_candles,
            world.gap_through_stops,
        )
    assert _parts(together) == _parts(together.of_world(together.worlds[0]))
    results = [_parts(together.of_world(world)) for world in together.worlds]
    assert any(one != other for one, other in itertools.pairwise(results)), (
        "the rules must have had something to decide"
    )


async def test_the_report_shows_the_band(tmp_path: Path) -> None:
    result = await run_backtest(replace(_YEAR, fill_rules=tuple(FillRule)))
    summary = compute_summary(result)
    assert summary.band is not None
    values = [world.end_value for world in summary.band.worlds]
    assert (summary.band.lowest_value, summary.band.highest_value) == (min(values), max(values))
    assert summary.band.worlds[0].end_value == summary.performance.end_value
    text = format_summary(summary, result)
    assert "Band " in text
    for world in summary.band.worlds:
        assert f"  {world.fill_rule}" in text
    page = write_report(result, summary, tmp_path).read_text()
    assert '"fill_rule":"optimistic"' in page.replace(" ", "")


async def test_the_path_needs_shorter_candles(recorded: Callable[[str], Path]) -> None:
    hourly = BacktestRequest(
        "daily_trading",
        (recorded("binance-spot/BTC_USDT-1h_2023.csv.xz"), recorded("binance-spot/BTC_USDT-15m_2023.csv.xz")),
        time_frames=(TimeFrames.ONE_HOUR,),
        start_time=1680307200.0,
        end_time=1688169600.0,
        all_notes=True,
    )
    plain = await run_backtest(hourly)
    path = await run_backtest(replace(hourly, path=True))
    assert path.notes == plain.notes
    assert [order["creation_time"] for order in path.orders][:20] == [order["creation_time"] for order in plain.orders][
        :20
    ]
    quarters = {fill.time % 3600 for fill in path.fills}
    assert quarters > {0.0}, "orders are filled by the quarter of an hour"
    with pytest.raises(DataError, match="no time frame shorter than 1h"):
        await run_backtest(replace(hourly, data=hourly.data[:1], path=True))


def test_a_rule_is_asked_for_once() -> None:
    with pytest.raises(UserInputError, match="fill rules"):
        replace(_YEAR, fill_rules=(FillRule.NEUTRAL, FillRule.NEUTRAL))
