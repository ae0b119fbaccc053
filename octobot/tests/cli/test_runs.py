# SPDX-License-Identifier: Apache-2.0
"""`octobot runs` on the runs that `octobot backtest` keeps."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot.runs.code import code_hashes
from octobot_tentacles.trading_modes.daily.mode import DailyTradingMode

_SPAN = ("--start", "2021-01-01", "--end", "2021-03-01")
_TIMINGS = re.compile(r'"timings":\{[^}]*\}')


def _names(octobot: Callable[..., Any]) -> list[str]:
    return [one["id"] for one in json.loads(octobot("runs", "list", "--json").out)]


def test_a_backtest_is_kept_listed_shown_compared_and_deleted(
    octobot: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no run is stored yet" in octobot("runs", "list").out
    assert octobot("runs", "show", "newest").code == 3
    assert not (tmp_path / "home" / "runs.sqlite").exists()
    ran = octobot("backtest", *_SPAN, "--json")
    assert re.fullmatch(r"Run             \w{9}  \(stored in \d+\.\d\d s\)", ran.err.splitlines()[-1])
    octobot("backtest", *_SPAN, "--no-store")
    octobot("backtest", *_SPAN)
    octobot("backtest", *_SPAN, "--seed", "5")
    third, second, first = _names(octobot)
    assert "are the same but for their times" in octobot("runs", "compare", first, second).out
    changed = octobot("runs", "compare", second, third, "--json")
    assert json.loads(changed.out) == [
        {"what": "settings.seed", "first": 0, "second": 5},
        {"what": "seed", "first": 0, "second": 5},
    ]
    content, kept = json.loads(ran.out), json.loads(octobot("runs", "show", first, "--json").out)
    for order in kept["orders"]:
        assert order.pop("causal_record")["trading_mode"] == "DailyTradingMode"
    pairs = (("trades", "fills"), ("orders", "orders"), ("settings", "settings"), ("inputs", "inputs"))
    for mine, stored in (*pairs, ("summary", "figures")):
        assert kept[stored] == content[mine], mine
    assert set(kept["code"]["tentacles"]) > {"DailyTradingMode", "RSIMomentumEvaluator"}
    assert all(len(one["sha256"]) == 64 for part in kept["code"].values() for one in part.values())
    shown = octobot("runs", "show", "newest", "--orders", "--fills").out
    for word in ("Max drawdown", "octobot_tentacles", '"fill_rules": [', "fee_asset", "filled_quantity"):
        assert word in shown
    assert octobot("runs", "list", "--limit", "1", "--profile", "daily_trading").out.splitlines()[1].startswith(third)
    assert "no stored run fits" in octobot("runs", "list", "--kind", "live").out
    assert octobot("runs", "delete", first, "zzzzzzzzz", "--yes").code == 3
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert octobot("runs", "delete", first).code == 130
    assert _names(octobot) == [third, second, first]
    deleted = octobot("runs", "delete", first, "newest", "--yes")
    assert deleted.out.splitlines()[:2] == [f"deleted {first}", f"deleted {third}"]
    assert _names(octobot) == [second]


def test_the_page_is_made_again_while_its_candles_are_there(
    octobot: Callable[..., Any], candles: Callable[..., Path], tmp_path: Path
) -> None:
    file = candles(name="ETH_USDT-1h.csv")
    octobot("backtest", "--data", file, "--time-frame", "1h", "--report", tmp_path / "first")
    again = octobot("runs", "report", "newest", "--output", tmp_path / "again")
    assert again.code == 0, again.err
    first, second = (_TIMINGS.sub("", (tmp_path / name / "report.html").read_text()) for name in ("first", "again"))
    assert first == second
    moved = shutil.move(file, tmp_path / "elsewhere.csv")
    gone = octobot("runs", "report", "newest", "--output", tmp_path / "gone")
    assert gone.code == 3
    for word in ("the 200 candles of ETH/USDT 1h", "not there any more", "no such file", "or import it"):
        assert word in gone.err
    candles({5: f"{1_600_000_000_000 // 3_600_000 * 3_600_000 + 3 * 3_600_000},100,101,99,100.25,3"}, name=file.name)
    assert "holds other candles" in octobot("runs", "report", "newest", "--output", tmp_path / "gone").err
    assert not (tmp_path / "gone").exists()
    octobot("data", "import", moved, "--symbol", "ETH/USDT")
    found = octobot("runs", "report", "newest", "--output", tmp_path / "found")
    assert found.code == 0, found.err
    assert _TIMINGS.sub("", (tmp_path / "found" / "report.html").read_text()) == first


def test_a_changed_tentacle_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "my_only_tentacle.py"
    module.write_text("class Mine:\n    x = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    mine = __import__("my_only_tentacle").Mine
    before = code_hashes([mine])
    module.write_text("class Mine:\n    x = 2\n")
    after = code_hashes([mine])
    for part, name in (("tentacles", "Mine"), ("packages", "my_only_tentacle")):
        assert before[part].pop(name)["sha256"] != after[part].pop(name)["sha256"]
    assert before == after


def test_a_store_that_cannot_be_used_shows_before_the_run(octobot: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "runs.sqlite").write_text("no database" * 100)
    refused = octobot("backtest", *_SPAN)
    assert (refused.code, refused.out) == (3, "")
    assert "the run store is damaged" in refused.err
    assert octobot("backtest", *_SPAN, "--no-store").code == 0


def test_a_backtest_that_fails_is_kept_with_its_error(
    octobot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(self: DailyTradingMode) -> None:
        raise RuntimeError("this mode cannot start")

    monkeypatch.setattr(DailyTradingMode, "initialize", fail)
    failed = octobot("backtest", *_SPAN)
    assert failed.code != 0
    (name,) = _names(octobot)
    assert f"Run             {name}, failed" in failed.err
    shown = octobot("runs", "show", name)
    assert f"{name}, backtest of daily_trading, failed: RuntimeError: this mode cannot start" in shown.out
    assert json.loads(octobot("runs", "show", name, "--json").out)["inputs"][0]["rows"] > 0
    assert octobot("runs", "report", name).code != 0
    assert octobot("runs", "delete", name, "--yes").code == 0
