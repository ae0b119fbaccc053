# SPDX-License-Identifier: Apache-2.0
"""How much history evaluators need, measured against what is known of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from octobot.backtesting import BacktestRequest
from octobot.shipped import BTC_USDT_1H
from octobot.verify import Need, WarmupOptions, WarmupReport, verify_warmup
from octobot.verify.text import warmup_rows
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import export_series, read_candles

#: From 2024-02-01 on no candle is missing.
_FIRST = 1_706_745_600.0
_SHIPPED = ["RSIMomentumEvaluator", "DoubleMovingAverageTrendEvaluator"]


@pytest.fixture(scope="module")
def report(
    make_profile: Callable[..., Path],
    causality_tentacles: dict[str, list[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> WarmupReport:
    series = read_candles(BTC_USDT_1H)[0]
    file = tmp_path_factory.mktemp("hours") / "BTC_USDT-1h.csv"
    export_series([series.slice(_FIRST, None)], file)
    settings = {"DeclaresTooFew": {"required_candles_count": 10}, "NeedsTwenty": {"required_candles_count": 19}}
    profile = make_profile([*causality_tentacles["needing"], *_SHIPPED], settings)
    request = BacktestRequest(str(profile), (file,), time_frames=(TimeFrames.ONE_HOUR,))
    return asyncio.run(verify_warmup(request, WarmupOptions(tolerance=0.0, starts=1)))


def _need(report: WarmupReport, name: str) -> Need:
    (need,) = [one for one in report.needs if one.tentacle == name]
    return need


@pytest.mark.parametrize(
    ("name", "candles", "declared", "is_enough"),
    [
        ("NeedsTwenty", 19, 19, True),
        ("DeclaresTooFew", 19, 10, False),
        ("NeedsNothing", 1, None, True),
    ],
)
def test_what_history_is_needed(
    name: str, candles: int, declared: int | None, is_enough: bool, report: WarmupReport
) -> None:
    need = _need(report, name)
    assert (need.candles, need.told, need.declared, need.is_enough) == (candles, 0, declared, is_enough)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("RSIMomentumEvaluator", 200, 290), ("DoubleMovingAverageTrendEvaluator", 40, 48)],
)
def test_the_shipped_ones_need_what_they_read_as_far_as_it_shows(
    name: str, least: int, most: int, report: WarmupReport
) -> None:
    """They read 14 * 20 + 10 + 1 and 5 * 10 - 1 closes, the new one among them; the oldest of them may not matter."""
    candles = _need(report, name).candles
    assert candles is not None
    assert least <= candles <= most


def test_who_remembers_what_it_was_told_must_be_told(report: WarmupReport) -> None:
    need = _need(report, "MustBeTold")
    assert need.candles is None
    assert need.told is not None
    assert 20 < need.told < 60
    assert _need(report, "CountsItsCandles").candles is None
    assert _need(report, "CountsItsCandles").told is None
    assert not _need(report, "CountsItsCandles").is_enough


def test_the_report_says_whether_all_is_enough(report: WarmupReport) -> None:
    assert report.loaded == 1000
    assert not report.is_enough
    assert _need(report, "SimpleStrategyEvaluator").kind == "STRATEGIES"
    assert {one.available for one in report.needs} == {round((report.starts[0] - _FIRST) / 3600)}


def test_the_table_says_what_is_wrong(report: WarmupReport) -> None:
    rows = {row[0]: row[1:] for row in warmup_rows(report)}
    assert rows["NeedsTwenty"] == ("BTC/USDT", "1h", "19", "19", "")
    assert rows["DeclaresTooFew"] == ("BTC/USDT", "1h", "19", "10", "more than is declared")
    assert rows["MustBeTold"][-1] == "it must be told of them one by one; loading them is not enough"
    assert rows["CountsItsCandles"][-1] == "its notes never agree, whatever is loaded (up to 1000)"


async def test_data_without_room_are_refused(make_profile: Callable[..., Path], market: dict[str, Path]) -> None:
    with pytest.raises(DataError, match="too few candles of BTC/USDT to start anywhere in them"):
        await verify_warmup(BacktestRequest(str(make_profile([])), (market["bitcoin"],)))
