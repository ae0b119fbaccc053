# SPDX-License-Identifier: Apache-2.0
"""`octobot verify`: what it prints and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot.shipped import BTC_USDT_1H
from octobot_trading.history import export_series, read_candles

_CHEAT = """
from octobot_evaluators.evaluators import TAEvaluator
class Cheat(TAEvaluator):
    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, again):
        rows = open({file!r}).readlines() if {reads} else []
        self.eval_note = candle[4] / 1e6 + len(rows)
        await self.evaluation_completed(cryptocurrency, symbol, time_frame{more})
"""


@pytest.fixture
def hours(tmp_path: Path) -> Path:
    series = read_candles(BTC_USDT_1H)[0]
    file = tmp_path / "BTC_USDT-1h.csv"
    export_series([series.slice(float(series.open_times[20_000]), float(series.open_times[20_500]))], file)
    return file


@pytest.fixture
def cheat(
    tmp_path: Path, profile: Path, hours: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[Path, Path]]:
    """The profile with an evaluator beside its own; returns it and the evaluator's file."""

    def make(name: str, *, reads: bool = False, more: str = "") -> tuple[Path, Path]:
        module = tmp_path / f"{name}.py"
        module.write_text(_CHEAT.format(file=str(hours), reads=reads, more=more))
        package = tmp_path / f"{name}-0.1.dist-info"
        package.mkdir()
        (package / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
        (package / "entry_points.txt").write_text(f"[octobot.tentacles]\nCheat = {name}:Cheat\n")
        monkeypatch.syspath_prepend(tmp_path)
        activation = profile / "tentacles_config.json"
        content = json.loads(activation.read_text())
        content["tentacle_activation"]["Evaluator"]["Cheat"] = True
        activation.write_text(json.dumps(content))
        return profile, module

    return make


def test_nothing_is_found_of_the_shipped_profile(octobot: Callable[..., Any], hours: Path) -> None:
    answer = octobot("verify", "lookahead", "daily_trading", "--data", hours, "--time-frame", "1h", "--json")
    assert answer.code == 0, answer.err
    report = json.loads(answer.out)
    assert report["findings"] == report["affected"] == []
    assert report["runs"] == 9
    assert {one["is_close"] for one in report["cuts"]} == {True, False}
    assert report["notes"]["RSIMomentumEvaluator"] == 500


def test_who_reads_ahead_is_named_in_a_backtest_and_by_a_verification(
    octobot: Callable[..., Any], hours: Path, cheat: Callable[..., tuple[Path, Path]]
) -> None:
    profile, module = cheat("cheat_that_reads", reads=True)
    market = ("--data", hours, "--time-frame", "1h")
    backtest = octobot("backtest", "--profile", profile, *market, "--no-store")
    assert backtest.code == 4
    assert f"{module}: row 5, Cheat: opens {hours}, which this backtest replays" in backtest.err
    answer = octobot("verify", "lookahead", profile, *market)
    assert answer.code == 6
    assert "Cheat reads what is not known yet" in answer.out
    assert f"{module}, line 5" in answer.out
    assert "1 findings: 9 runs of daily_trading" in answer.out


def test_a_finding_tells_time_and_both_values(
    octobot: Callable[..., Any], hours: Path, cheat: Callable[..., tuple[Path, Path]]
) -> None:
    profile, _ = cheat("cheat_that_dates", more=", eval_time=candle[0] + 7200")
    answer = octobot("verify", "lookahead", profile, "--data", hours, "--time-frame", "1h", "--json")
    assert answer.code == 6
    (finding,) = json.loads(answer.out)["findings"]
    assert (finding["kind"], finding["tentacle"]) == ("dated ahead", "Cheat")
    assert (finding["symbol"], finding["time_frame"]) == ("BTC/USDT", "1h")
    assert finding["found"] == finding["expected"] + 3600 == finding["time"] + 3600


def test_warmup_ends_with_whether_all_is_enough(octobot: Callable[..., Any], hours: Path) -> None:
    asked = ("verify", "warmup", "daily_trading", "--data", hours, "--time-frame", "1h", "--starts", "1")
    answer = octobot(*asked, "--tolerance", "2")
    assert answer.code == 0, answer.out
    assert "DoubleMovingAverageTrendEvaluator  BTC/USDT  1h" in answer.out
    assert "1000 candles of each time frame are loaded" in answer.out


def test_what_cannot_be_run_is_refused(octobot: Callable[..., Any], hours: Path) -> None:
    assert octobot("verify", "lookahead", "no_such_profile").code == 4
    assert octobot("verify", "lookahead", "daily_trading", "--data", hours.with_name("none.csv")).code == 3
    assert octobot("verify", "warmup", "daily_trading", "--data", hours, "--end", "2019-12-05").code == 3
