# SPDX-License-Identifier: Apache-2.0
"""Bad input: a message with file, row or field and remedy, a documented exit code, no traceback, nothing written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot.cli.failures import ExitCode


def _refused(answer: Any, code: ExitCode, *words: str) -> None:
    assert answer.code == code, answer.err
    assert answer.out == ""
    assert "Traceback" not in answer.err
    for word in words:
        assert word in answer.err


_HOUR = 3_600_000
#: The first candle of the `candles` fixture.
_START = 1_600_000_000_000 // _HOUR * _HOUR


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({50: f"{_START + 48 * _HOUR},100,101,99,nan,3"}, ("row 50", "close")),
        ({50: f"{_START + 48 * _HOUR},100,101,-99,100,3"}, ("row 50", "low")),
        ({50: f"{_START + 48 * _HOUR},100,98,99,100,3"}, ("row 50", "high")),
        ({50: f"{_START + 48 * _HOUR},100,101,99,abc,3"}, ("row 50", "abc")),
        ({50: f"{_START + 48 * _HOUR},100,101"}, ("row 50",)),
        ({50: f"{_START + 10 * _HOUR},100,101,99,100,3"}, ("row 50",)),
        ({50: f"{_START + 47 * _HOUR},100,102,99,100,3"}, ("row 50", "row 49")),
        ({50: f"{_START + 48 * _HOUR + 60_000},100,101,99,100,3"}, ("row 50",)),
    ],
    ids=["NaN", "negative", "high < low", "no number", "short row", "unsorted", "conflicting duplicate", "off grid"],
)
def test_unusable_rows(
    changes: dict[int, str], words: tuple[str, ...], octobot: Callable[..., Any], candles: Callable[..., Path]
) -> None:
    path = candles(changes)
    _refused(octobot("backtest", "--data", path, "--time-frame", "1h"), ExitCode.DATA, str(path), *words)
    _refused(octobot("data", "import", path), ExitCode.DATA, str(path), *words)


def test_files_that_are_no_candles(octobot: Callable[..., Any], candles: Callable[..., Path], tmp_path: Path) -> None:
    _refused(octobot("backtest", "--data", tmp_path / "none.csv"), ExitCode.DATA, "none.csv")
    wrong = candles(header="when,price", name="BTC_USDT-wrong.csv")
    _refused(octobot("backtest", "--data", wrong), ExitCode.DATA, str(wrong))
    junk = tmp_path / "BTC_USDT-1h.csv.xz"
    junk.write_bytes(b"\x00\x01\x02 no xz at all")
    _refused(octobot("backtest", "--data", junk), ExitCode.DATA, str(junk))


def test_a_failed_import_stores_nothing(octobot: Callable[..., Any], candles: Callable[..., Path]) -> None:
    good = candles(name="ETH_USDT-1h.csv")
    bad = candles({50: "x,1,1,1,1,1"}, name="BTC_USDT-1h.csv")
    _refused(octobot("data", "import", good, bad), ExitCode.DATA, "row 50")
    assert "nothing is stored" in octobot("data", "list").out


def test_gaps_duplicates_and_empty_candles_are_counted_and_shown(
    octobot: Callable[..., Any], candles: Callable[..., Path]
) -> None:
    path = candles(
        {60: "-", 61: "-", 80: f"{_START + 77 * _HOUR},100,101,99,100.5,3", 90: f"{_START + 88 * _HOUR},1,1,1,1,0"}
    )
    answer = octobot("backtest", "--data", path, "--time-frame", "1h")
    assert answer.code == 0, answer.err
    # Row 80 repeats row 79, and the candle that it replaced is missing too.
    assert "2 gaps (3 candles missing), 1 duplicate" in answer.out
    assert "1 without volume" in answer.out
    listed = json.loads(octobot("backtest", "--data", path, "--time-frame", "1h", "--json").out)["inputs"][0]
    assert (listed["missing"], listed["duplicates"], listed["zero_volume"], listed["rows"]) == (3, 1, 1, 197)


def test_names_that_nothing_has(octobot: Callable[..., Any], candles: Callable[..., Path], profile: Path) -> None:
    _refused(octobot("backtest", "--profile", "daily_tradin"), ExitCode.CONFIGURATION, "did you mean daily_trading?")
    path = candles()
    _refused(octobot("backtest", "--data", path, "--symbol", "BTC/USDC"), ExitCode.DATA, "BTC/USDC", "BTC/USDT")
    _refused(octobot("backtest", "--symbol", "ETH/USDT"), ExitCode.DATA, "ETH/USDT", "octobot data import")
    _refused(octobot("backtest", "--symbol", "BTCUSDT"), ExitCode.USAGE, "BTCUSDT")
    _refused(octobot("backtest", "--time-frame", "1hour"), ExitCode.USAGE, "1hour")
    _refused(octobot("backtst"), ExitCode.USAGE, "backtst")

    other = candles(name="ETH_BTC-1h.csv")
    _refused(octobot("backtest", "--data", other), ExitCode.USAGE, "ETH/BTC", "USDT", "starting-portfolio")

    config = profile / "tentacles_config.json"
    config.write_text(config.read_text().replace("RSIMomentumEvaluator", "RSIMomentumEvaluatr"))
    _refused(
        octobot("backtest", "--profile", profile),
        ExitCode.CONFIGURATION,
        str(config),
        "RSIMomentumEvaluatr",
        "did you mean RSIMomentumEvaluator?",
    )


def test_unknown_settings(octobot: Callable[..., Any], profile: Path) -> None:
    settings = profile / "specific_config" / "RSIMomentumEvaluator.json"
    settings.write_text('{"periode_length": 14}')
    _refused(
        octobot("backtest", "--profile", profile),
        ExitCode.CONFIGURATION,
        str(settings),
        "periode_length",
        "did you mean period_length?",
    )
    settings.write_text('{"period_length": "long"}')
    _refused(octobot("backtest", "--profile", profile), ExitCode.CONFIGURATION, str(settings), "period_length")
    settings.write_text("{")
    _refused(octobot("backtest", "--profile", profile), ExitCode.CONFIGURATION, str(settings))


def test_spans(octobot: Callable[..., Any], tmp_path: Path) -> None:
    span = ("--start", "2021-01-02", "--end", "2021-01-01")
    _refused(octobot("backtest", *span), ExitCode.USAGE, "start", "--start")
    _refused(octobot("backtest", "--start", "2031-01-01"), ExitCode.DATA, "--start")
    _refused(octobot("backtest", "--start", "yesterday"), ExitCode.USAGE, "yesterday", "2023-01-31")


def test_time_frames_that_the_data_cannot_give(octobot: Callable[..., Any], candles: Callable[..., Path]) -> None:
    path = candles()
    _refused(octobot("backtest", "--data", path, "--time-frame", "5m"), ExitCode.DATA, "5m", "1h", str(path))


def test_a_report_that_cannot_be_written_leaves_nothing(
    octobot: Callable[..., Any], candles: Callable[..., Path], tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    answer = octobot("backtest", "--data", candles(), "--time-frame", "1h", "--report", blocked)
    assert answer.code in (ExitCode.USAGE, ExitCode.ENVIRONMENT)
    assert "Traceback" not in answer.err
    assert blocked.read_text() == "not a folder"
