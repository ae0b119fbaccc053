# SPDX-License-Identifier: Apache-2.0
"""What each command does when all is well."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot import __version__
from octobot.cli.progress import candle_progress

_SPAN = ("--start", "2021-01-01", "--end", "2021-03-01")


def test_backtest_prints_the_summary_and_writes_the_page(octobot: Callable[..., Any], tmp_path: Path) -> None:
    answer = octobot("backtest", *_SPAN, "--report", tmp_path / "page")
    assert answer.code == 0, answer.err
    for word in ("Backtest of BTC/USDT", "Buy and hold", "Max drawdown", "Sharpe", "Fees paid", "Exposure", "Win rate"):
        assert word in answer.out
    page = tmp_path / "page" / "report.html"
    assert str(page) in answer.out
    assert "<html" in page.read_text(encoding="utf-8")[:200]
    assert "candles, " in answer.err, "progress goes to the error output, in lines where there is no terminal"


def test_json_is_all_that_is_printed(octobot: Callable[..., Any]) -> None:
    answer = octobot("backtest", *_SPAN, "--json", "--seed", "5")
    content = json.loads(answer.out)
    assert list(content) == [
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
    assert isinstance(content["trades"], list)
    assert isinstance(content["orders"], list)
    assert content["trades"]
    assert content["settings"]["seed"] == 5
    last = content["notes"]["RSIMomentumEvaluator"]
    assert sorted(note["time_frame"] for note in last) == ["1d", "1h", "4h"]
    assert {note["symbol"] for note in last} == {"BTC/USDT"}


def test_a_band_is_printed_and_stands_in_the_summary(octobot: Callable[..., Any], tmp_path: Path) -> None:
    answer = octobot("backtest", *_SPAN, "--fill-rule", "band", "--report", tmp_path)
    assert answer.code == 0, answer.err
    labels = [line[:16].strip() for line in answer.out.splitlines() if line[:16].strip()]
    assert labels[labels.index("Band") :][1:4] == ["pessimistic", "neutral", "optimistic"]
    assert "ambiguous candle" in answer.out
    assert "jumped over" in answer.out
    content = json.loads(octobot("backtest", *_SPAN, "--fill-rule", "band", "--json").out)
    band, alone = content["summary"]["band"], {}
    for rule in ("pessimistic", "neutral", "optimistic"):
        alone[rule] = json.loads(octobot("backtest", *_SPAN, "--fill-rule", rule, "--json").out)
        assert alone[rule]["settings"]["fill_rules"] == [rule]
    assert [world["fill_rule"] for world in band["worlds"]] == list(alone)
    assert band["worlds"] == [result["summary"]["band"]["worlds"][0] for result in alone.values()]
    values = [float(result["summary"]["performance"]["end_value"]) for result in alone.values()]
    assert (float(band["lowest_value"]), float(band["highest_value"])) == (min(values), max(values))
    assert content["trades"] == alone["pessimistic"]["trades"]


def test_all_notes_are_a_list_by_time(octobot: Callable[..., Any]) -> None:
    content = json.loads(octobot("backtest", *_SPAN, "--json", "--all-notes").out)
    times = [note["time"] for note in content["notes"]]
    assert times == sorted(times)
    assert len(times) > 2 * 59 * 24


def test_import_then_list_then_backtest_by_symbol(octobot: Callable[..., Any], candles: Callable[..., Path]) -> None:
    path = candles(name="ETH_USDT-1h.csv")
    done = octobot("data", "import", path)
    assert done.code == 0, done.err
    assert "200 candles stored, 0 there before" in done.out
    assert "0 candles stored, 200 there before" in octobot("data", "import", path).out
    listed = octobot("data", "list").out
    assert "ETH/USDT" in listed
    assert "  200  " in listed
    ran = octobot("backtest", "--symbol", "ETH/USDT", "--time-frame", "1h")
    assert ran.code == 0, ran.err
    assert "Backtest of ETH/USDT" in ran.out


def test_other_kinds_than_candles_are_told_by_their_layout(
    octobot: Callable[..., Any], candles: Callable[..., Path], tmp_path: Path
) -> None:
    files = {
        "kraken_ETH_USDT-trades.csv": "1600000000,350.5,0.25\n1600000000,350.5,0.25\n1600000060,351,1\n",
        "kraken_ETH_USDT-8h-funding.csv": "timestamp,funding_rate\n0,0.0001\n28800,0.0002\n86400,0.0001\n",
        "kraken_ETH_USDT-1h-mark.csv": "timestamp,open,high,low,close\n0,1,2,1,2\n3600,2,2,1,1\n3600,2,2,1,1\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = octobot("data", "import", candles(name="ETH_USDT-1h.csv"), *(tmp_path / name for name in files))
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].endswith("200 candles stored, 0 there before")
    assert lines[2:9] == [
        "kraken ETH/USDT: 3 trades stored, 0 there before",
        "  0 duplicates",
        "  1 trades equal others and are kept: without ids they may be different ones",
        "kraken ETH/USDT: 3 funding rates stored, 0 there before",
        "  1 gaps (1 funding rates missing), 0 duplicates",
        "kraken ETH/USDT 1h: 2 mark prices stored, 0 there before",
        "  0 gaps (0 mark prices missing), 1 duplicates",
    ]
    again = octobot("data", "import", *(tmp_path / name for name in files)).out
    assert "0 trades stored, 3 there before" in again
    listed = octobot("data", "list").out.splitlines()
    assert [line.split()[:5] for line in listed[1:]] == [
        ["kraken", "ETH/USDT", "funding", "-", "3"],
        ["kraken", "ETH/USDT", "mark", "1h", "2"],
        ["kraken", "ETH/USDT", "trades", "-", "3"],
        ["local", "ETH/USDT", "candles", "1h", "200"],
    ]
    assert listed[1].split()[9] == "1", "one is missing"


def test_a_faulty_trade_is_refused_with_its_row(octobot: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "BTC_USDT-trades.csv"
    path.write_text("1600000000,350.5,0.25\n1600000001,-1,0.25\n")
    refused = octobot("data", "import", path)
    assert refused.code == 3
    assert "row 2" in refused.err
    assert "price -1 is not a number above zero" in refused.err


def test_candles_of_the_exchange_go_before_candles_of_nowhere(
    octobot: Callable[..., Any], candles: Callable[..., Path]
) -> None:
    path = candles(name="ETH_USDT-1h.csv")
    octobot("data", "import", path)
    octobot("data", "import", path, "--exchange", "binance")
    content = json.loads(octobot("backtest", "--symbol", "ETH/USDT", "--time-frame", "1h", "--json").out)
    assert [one["exchange_name"] for one in content["inputs"]] == ["binance"]


def test_a_symbol_names_a_file_that_does_not_tell_its_own(
    octobot: Callable[..., Any], candles: Callable[..., Path]
) -> None:
    path = candles(name="recorded.csv")
    refused = octobot("backtest", "--data", path, "--time-frame", "1h")
    assert refused.code == 3
    assert "does not tell the symbol" in refused.err
    ran = octobot("backtest", "--data", path, "--symbol", "ETH/USDT", "--time-frame", "1h")
    assert ran.code == 0, ran.err
    assert "Backtest of ETH/USDT 1h" in ran.out


def test_several_symbols_at_once(octobot: Callable[..., Any], candles: Callable[..., Path]) -> None:
    files = [argument for name in ("ETH", "BTC") for argument in ("--data", candles(name=f"{name}_USDT-1h.csv"))]
    content = json.loads(octobot("backtest", *files, "--time-frame", "1h", "--json").out)
    assert content["settings"]["symbols"] == ["ETH/USDT", "BTC/USDT"]
    assert {order["symbol"] for order in content["orders"]} <= {"ETH/USDT", "BTC/USDT"}


def test_tentacles_list(octobot: Callable[..., Any]) -> None:
    out = octobot("tentacles", "list").out
    for word in (
        "RSIMomentumEvaluator",
        "SimpleStrategyEvaluator",
        "DailyTradingMode",
        "octobot-tentacles",
        "daily_trading",
    ):
        assert word in out


@pytest.mark.parametrize("command", [[], ["backtest"], ["data"], ["data", "import"], ["tentacles"]])
def test_every_command_explains_itself(octobot: Callable[..., Any], command: list[str]) -> None:
    answer = octobot(*command, "--help")
    assert answer.code == 0
    assert "Usage: octobot" in answer.out


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "octobot", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == f"octobot, version {__version__}"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_with_rate_and_time_left_on_a_terminal() -> None:
    stream = _Terminal()
    with candle_progress(1000, stream) as progress:
        progress(1000)
        progress(0)
    assert "100%" in stream.getvalue()
    assert " candles/s]" in stream.getvalue()
    assert "<00:00" in stream.getvalue()


def test_a_bar_starts_no_thread() -> None:
    """With another thread alive nobody can say that a consumer waits for ever."""
    before = threading.active_count()
    with candle_progress(1000, _Terminal()) as progress:
        progress(1000)
        assert threading.active_count() == before


def test_progress_is_at_most_ten_lines_elsewhere() -> None:
    stream = io.StringIO()
    with candle_progress(1000, stream) as progress:
        for _ in range(1000):
            progress(1)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[-1].startswith("1,000 of 1,000 candles, ")
    assert lines[-1].endswith("0 s left")
