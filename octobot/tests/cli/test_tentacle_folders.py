# SPDX-License-Identifier: Apache-2.0
"""Tentacles written for OctoBot 2: installed, run, replaced and removed by the command line."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration import installed_profiles

OLD_STYLE = Path(__file__).parents[1] / "tentacle_packages" / "old_style"
NAMES = ["BandPositionEvaluator", "PriceJumpEvaluator", "WaveMomentumEvaluator", "WeightedMeanStrategyEvaluator"]
_SPAN = ("--start", "2021-01-01", "--end", "2021-03-01")


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, Path("reference_tentacles") / file.relative_to(folder))
    return target


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def waves(home: Path) -> str:
    """A profile of these tentacles without settings of its own."""
    folder = home / "profiles" / "waves"
    folder.mkdir(parents=True)
    shutil.copy(installed_profiles()["daily_trading"] / "profile.json", folder)
    active = {"Evaluator": dict.fromkeys(NAMES, True), "Trading": {"DailyTradingMode": True}}
    (folder / "tentacles_config.json").write_text(json.dumps({"tentacle_activation": active}))
    return "waves"


def backtest(octobot: Callable[..., Any], profile: str) -> dict[str, Any]:
    answer = octobot("backtest", "--profile", profile, *_SPAN, "--json", "--no-store")
    assert answer.code == 0, answer.err
    result: dict[str, Any] = json.loads(answer.out)
    return result


def modules_of_users() -> set[str]:
    return {name for name in sys.modules if name.partition(".")[0] in ("tentacles", "octobot_tentacles_manager")}


@pytest.mark.parametrize("is_zip", [False, True], ids=["folder", "zip"])
def test_it_installs_runs_and_uninstalls(
    octobot: Callable[..., Any], home: Path, waves: str, tmp_path: Path, is_zip: bool
) -> None:
    source = zipped(OLD_STYLE, tmp_path / "waves.zip") if is_zip else OLD_STYLE
    installed = octobot("tentacles", "install", source)
    assert installed.code == 0, installed.err
    assert sorted(line.split()[1] for line in installed.out.splitlines()) == [
        "band_position", "price_jump", "series_tools", "wave_momentum", "weighted_mean",
    ]  # fmt: skip
    assert installed.err.splitlines() == [
        "not supported: OldService",
        "not supported: OldTradingMode",
        "asked for and not there: a_module_that_nobody_has",
    ]
    listed = json.loads(octobot("tentacles", "list", "--json", "--profile", waves).out)
    kinds = {row["name"]: (row["kind"], row["version"], row.get("active")) for row in listed["tentacles"]}
    assert [kinds[name] for name in NAMES] == [
        ("TA", "1.0.3", True), ("REAL_TIME", "1.0.0", True), ("TA", "1.2.0", True), ("STRATEGY", "2.0.0", True),
    ]  # fmt: skip
    assert kinds["SeriesTools"][0] == "UTIL"
    assert listed["problems"] == []
    result = backtest(octobot, waves)
    assert {name: len(notes) for name, notes in result["notes"].items()} == {
        "BandPositionEvaluator": 2, "PriceJumpEvaluator": 1, "WaveMomentumEvaluator": 2,
        "WeightedMeanStrategyEvaluator": 1,
    }  # fmt: skip
    assert result["failures"] == {}
    assert len(result["orders"]) > 20
    assert {"period_length": 9, "turns_only": False}.items() <= result["settings"]["configuration"]["tentacles"][
        "WaveMomentumEvaluator"
    ].items()
    assert modules_of_users() == set()
    for name in ("WaveMomentumEvaluator", "band_position", "price_jump", "weighted_mean", "series_tools"):
        assert octobot("tentacles", "remove", name, "--yes").code == 0
    assert [path.name for path in (home / "tentacles").iterdir()] == [".lock"]
    gone = octobot("backtest", "--profile", waves, *_SPAN)
    assert gone.code == 4
    assert "BandPositionEvaluator: unknown tentacle" in gone.err


def test_a_profile_s_own_settings_come_before_the_folder_s(octobot: Callable[..., Any], home: Path, waves: str) -> None:
    octobot("tentacles", "install", OLD_STYLE)
    settings = home / "profiles" / waves / "specific_config"
    settings.mkdir()
    (settings / "WaveMomentumEvaluator.json").write_text('{"period_length": 21}')
    tentacles = backtest(octobot, waves)["settings"]["configuration"]["tentacles"]
    assert tentacles["WaveMomentumEvaluator"]["period_length"] == 21
    assert tentacles["WeightedMeanStrategyEvaluator"]["wave_weight"] == 3.0


def test_a_later_version_replaces_and_an_older_one_only_when_forced(
    octobot: Callable[..., Any], home: Path, tmp_path: Path
) -> None:
    octobot("tentacles", "install", OLD_STYLE)
    again = octobot("tentacles", "install", OLD_STYLE)
    assert again.code == 4
    assert "is there already in 1.0.0, and this is 1.0.0 (--force replaces it)" in again.err
    newer = Path(shutil.copytree(OLD_STYLE / "Evaluator" / "TA" / "wave_momentum", tmp_path / "wave_momentum"))
    (newer / "metadata.json").write_text('{"version": "1.10.0", "tentacles": ["WaveMomentumEvaluator"]}')
    (newer / "extra.txt").write_text("new")
    assert octobot("tentacles", "install", newer).code == 0
    there = home / "tentacles" / "Evaluator" / "TA" / "wave_momentum"
    assert (there / "extra.txt").exists()
    older = octobot("tentacles", "install", OLD_STYLE / "Evaluator" / "TA" / "wave_momentum")
    assert older.code == 4
    assert (there / "extra.txt").exists()
    assert octobot("tentacles", "install", OLD_STYLE / "Evaluator" / "TA" / "wave_momentum", "--force").code == 0
    assert not (there / "extra.txt").exists()


def test_a_user_s_tentacle_replaces_an_installed_one(octobot: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "my_rsi"
    folder.mkdir()
    (folder / "metadata.json").write_text('{"version": "9", "tentacles": ["RSIMomentumEvaluator"], "api": 3}')
    (folder / "my_rsi.py").write_text(
        "from octobot_evaluators.evaluators import TAEvaluator\n\n\nclass RSIMomentumEvaluator(TAEvaluator):\n"
        '    """Mine."""\n'
    )
    assert octobot("tentacles", "install", folder).code == 0
    shown = octobot("tentacles", "show", "RSIMomentumEvaluator")
    assert shown.out.endswith("\n\nMine.\n")


def test_settings_are_shown_with_their_types_and_defaults(octobot: Callable[..., Any]) -> None:
    octobot("tentacles", "install", OLD_STYLE)
    shown = octobot("tentacles", "show", "WaveMomentumEvaluator", "--settings").out
    assert shown.startswith("WaveMomentumEvaluator: TA, ")
    assert "Notes how far the RSI is from its middle." in shown
    rows = [line.split(maxsplit=3) for line in shown.splitlines()[-2:]]
    assert rows == [
        ["period_length", "integer", "14", "Length of the wave."],
        ["turns_only", "boolean", "False", "Only note turns."],
    ]
    schema = json.loads(octobot("tentacles", "show", "SimpleStrategyEvaluator", "--settings", "--json").out)["settings"]
    assert "required_time_frames" in schema["properties"]
    without = json.loads(octobot("tentacles", "show", "WaveMomentumEvaluator", "--json").out)
    assert "settings" not in without
    assert modules_of_users() == set()


def test_a_tentacle_is_switched_on_and_off(octobot: Callable[..., Any], home: Path, waves: str) -> None:
    octobot("tentacles", "install", OLD_STYLE)
    assert octobot("tentacles", "disable", "PriceJumpEvaluator", "--profile", waves).code == 0
    assert "PriceJumpEvaluator" not in backtest(octobot, waves)["notes"]
    assert octobot("tentacles", "enable", "PriceJumpEvaluator", "--profile", waves).code == 0
    assert octobot("tentacles", "enable", "RSIMomentumEvaluator", "--profile", waves).code == 0
    content = json.loads((home / "profiles" / waves / "tentacles_config.json").read_text())
    assert content["tentacle_activation"]["Evaluator"] == {
        **dict.fromkeys(NAMES, True),
        "RSIMomentumEvaluator": True,
    }
    unknown = octobot("tentacles", "disable", "PriceJumpEvaluatr", "--profile", waves)
    assert (unknown.code, "did you mean PriceJumpEvaluator?" in unknown.err) == (4, True)
    shipped = octobot("tentacles", "disable", "RSIMomentumEvaluator", "--profile", "daily_trading")
    assert (shipped.code, "belongs to a package" in shipped.err) == (4, True)


def test_what_cannot_be_used_is_told_of_and_the_rest_works(octobot: Callable[..., Any], home: Path, waves: str) -> None:
    octobot("tentacles", "install", OLD_STYLE)
    broken = home / "tentacles" / "Evaluator" / "TA" / "broken"
    broken.mkdir()
    (broken / "metadata.json").write_text('{"version": 3, "tentacles": ["X"]}')
    listed = octobot("tentacles", "list")
    assert listed.code == 4
    assert "WaveMomentumEvaluator" in listed.out
    assert "metadata.json: version: expected text, got a number" in listed.err
    assert backtest(octobot, waves)["failures"] == {}
    wave = home / "tentacles" / "Evaluator" / "TA" / "wave_momentum" / "wave_momentum.py"
    wave.write_text(wave.read_text().replace("import tulipy", "import tulipi"))
    refused = octobot("backtest", "--profile", waves, *_SPAN)
    assert refused.code == 4
    assert f"{wave}: row 3, WaveMomentumEvaluator" in refused.err
    assert "install tulipi" in refused.err


def test_what_octobot_3_does_not_have_is_named(octobot: Callable[..., Any], home: Path, waves: str) -> None:
    octobot("tentacles", "install", OLD_STYLE)
    wave = home / "tentacles" / "Evaluator" / "TA" / "wave_momentum" / "wave_momentum.py"
    original = wave.read_text()
    for line, said in {
        "from tentacles.Evaluator.Util import SeriesTool": "did you mean SeriesTools?",
        "import tentacles.Trading.Mode": "OctoBot 3 has nothing for tentacles.Trading.Mode",
        "from octobot_tentacles_manager.api import install": "octobot_tentacles_manager.api has no install here",
    }.items():
        wave.write_text(f"{line}\n{original}")
        refused = octobot("backtest", "--profile", waves, *_SPAN)
        assert (refused.code, said in refused.err) == (4, True), refused.err
        assert f"{wave}: row 1, WaveMomentumEvaluator" in refused.err
