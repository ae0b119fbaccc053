# SPDX-License-Identifier: Apache-2.0
"""`octobot profile`: from a new profile to the same backtest elsewhere."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration import installed_profiles

Run = Callable[..., Any]

_SPAN = ("--start", "2021-01-01", "--end", "2021-03-01", "--no-store")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _result(octobot: Run, profile: str | Path) -> dict[str, Any]:
    ran = octobot("backtest", "--profile", profile, *_SPAN, "--json")
    assert ran.code == 0, ran.err
    result: dict[str, Any] = json.loads(ran.out)
    del result["timings"]
    return result


def test_created_validated_run_exported_and_imported_elsewhere_it_trades_the_same(
    octobot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = octobot("profile", "create", "mine", "--portfolio", "USDT=750.50", "--time-frame", "1h",
                      "--time-frame", "4h", "--risk", "0.8", "--title", "My own")  # fmt: skip
    folder = tmp_path / "home" / "profiles" / "mine"
    assert (created.code, created.out) == (0, f"made {folder}\n"), created.err
    assert octobot("profile", "validate", "mine").out == f"{folder}:\nnothing is wrong\n"
    first = _result(octobot, "mine")
    assert first["settings"]["time_frames"] == ["1h", "4h"]
    assert first["settings"]["configuration"]["trader_simulator"]["starting_portfolio"] == {"USDT": "750.50"}
    assert len(first["trades"]) > 10
    exported = octobot("profile", "export", "mine", "--output", tmp_path / "shared.zip")
    assert (exported.code, exported.out) == (0, f"written {tmp_path / 'shared.zip'}\n")

    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "elsewhere"))
    assert octobot("backtest", "--profile", "mine").code == 4
    imported = octobot("profile", "import", tmp_path / "shared.zip", "--name", "mine")
    elsewhere = tmp_path / "elsewhere" / "profiles" / "mine"
    assert (imported.code, imported.out) == (0, f"imported {elsewhere}\nnothing is wrong\n"), imported.err
    assert _files(elsewhere) == _files(folder)
    assert octobot("profile", "validate", "mine", "--json").code == 0
    assert _result(octobot, "mine") == first
    octobot("profile", "export", "mine", "--output", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "shared.zip").read_bytes()


def test_a_duplicate_of_the_shipped_profile_trades_the_same(octobot: Run) -> None:
    assert octobot("profile", "duplicate", "daily_trading", "copy").code == 0
    shipped, copy = (_result(octobot, name) for name in ("daily_trading", "copy"))
    for result in (shipped, copy):
        del result["settings"]["profile"]
        del result["settings"]["configuration"]["profile"]
        result["summary"].pop("profile", None)
    assert copy == shipped


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A profile as OctoBot 2.x has them: more tentacles than there are here, services, a picture, other keys."""
    folder = tmp_path / "old"
    (folder / "specific_config").mkdir(parents=True)
    shipped = installed_profiles()["daily_trading"]
    content = json.loads((shipped / "profile.json").read_text())
    content["config"]["distribution"] = "default"
    content["config"]["exchanges"]["binance"]["api-key"] = "your-api-key-here"
    content["profile"] |= {"avatar": "default_profile.png", "slug": "old", "read_only": True}
    tentacles = {
        "registered_tentacles": {"OctoBot-Default-Tentacles": "somewhere"},
        "tentacle_activation": {
            "Evaluator": {
                "DoubleMovingAverageTrendEvaluator": True,
                "QuandlFeedback": True,
                "MarketCapEvaluator": False,
                "RSIMomentumEvaluator": True,
                "SimpleStrategyEvaluator": True,
            },
            "Services": {"WebService": True, "TelegramService": False},
            "Trading": {"DailyTradingMode": True},
        },
    }
    (folder / "profile.json").write_text(json.dumps(content, indent=4))
    (folder / "tentacles_config.json").write_text(json.dumps(tentacles, indent=4))
    (folder / "default_profile.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for file in (shipped / "specific_config").iterdir():
        shutil.copy(file, folder / "specific_config")
    trend = json.dumps({"trend_averages": [40, 30, 20, 15, 10]})
    (folder / "specific_config" / "QuandlFeedback.json").write_text(trend)
    return folder


def test_what_a_profile_of_2_x_holds_beyond_ours_is_kept_and_named(octobot: Run, old: Path, tmp_path: Path) -> None:
    imported = octobot("profile", "import", old)
    assert imported.code == 0, imported.err
    folder = tmp_path / "home" / "profiles" / "old"
    assert _files(folder) == _files(old)
    for line in (
        "remark: default_profile.png: nothing reads this file",
        "remark: profile.json: config.distribution: nothing reads this key",
        "remark: profile.json: profile.avatar: nothing reads this key",
    ):
        assert line in imported.out.splitlines(), imported.out
    assert "error: tentacles_config.json: QuandlFeedback: unknown tentacle" in imported.out
    assert "remark: tentacles_config.json: WebService: service is not installed and stays off" in imported.out
    assert "MarketCapEvaluator" not in imported.out
    assert octobot("profile", "validate", "old").code == 4
    config = folder / "tentacles_config.json"
    config.write_text(config.read_text().replace('"QuandlFeedback": true', '"QuandlFeedback": false'))
    validated = octobot("profile", "validate", "old")
    assert validated.code == 0
    assert "remark: specific_config/QuandlFeedback.json: its tentacle is not activated" in validated.out
    assert _result(octobot, "old")["trades"] == _result(octobot, "daily_trading")["trades"]


def test_validation_lists_everything_and_exits_with_4(octobot: Run, profile: Path) -> None:
    (profile / "specific_config" / "RSIMomentumEvaluator.json").write_text(
        '{"periode_length": 1, "short_threshold": 101}'
    )
    (profile / "specific_config" / "SimpleStrategyEvaluator.json").write_text('{"required_time_frames": ["1H"]}')
    content = (profile / "profile.json").read_text()
    (profile / "profile.json").write_text(content.replace("binance", "binanse").replace("0.5", "5"))
    validated = octobot("profile", "validate", profile)
    assert validated.code == 4
    assert validated.err == ""
    lines = validated.out.splitlines()
    for line in (
        "error: profile.json: config.trading.risk: 5 is no usable risk (above 0, at most 1)",
        "error: specific_config/RSIMomentumEvaluator.json: periode_length: RSIMomentumEvaluator has no such setting"
        " (did you mean period_length?)",
        "error: specific_config/RSIMomentumEvaluator.json: short_threshold: 101.0 is above the maximum 100"
        " (from 0 to 100)",
        "error: specific_config/SimpleStrategyEvaluator.json: required_time_frames: '1H' is none of the options"
        " (did you mean 1h?)",
        "warning: profile.json: config.exchanges.binanse: unknown exchange (did you mean binance?)",
    ):
        assert line in lines, validated.out
    assert lines[-1] == "4 errors, 1 warning"
    as_json = json.loads(octobot("profile", "validate", profile, "--json").out)
    assert (as_json["is_valid"], len(as_json["problems"]), as_json["path"]) == (False, 5, str(profile))
    (profile / "profile.json").unlink()
    assert "error: profile.json: no such file" in octobot("profile", "validate", profile).out


def test_a_profile_that_could_not_run_is_not_made(octobot: Run, tmp_path: Path) -> None:
    refused = octobot("profile", "create", "mine", "--symbol", "ETH/BTC", "--time-frame", "1h")
    assert (refused.code, refused.out) == (4, "")
    assert "ETH/BTC cannot be traded with a portfolio of USDT" in refused.err
    assert octobot("profile", "create", "mine", "--evaluator", "RSIMomentum").code == 4
    assert octobot("profile", "create", "a b").code == 2
    assert octobot("profile", "create", "mine", "--portfolio", "USDT=much").code == 2
    assert octobot("profile", "create", "mine", "--portfolio", "USDT=NaN").code == 2
    assert octobot("profile", "create", "mine", "--time-frame", "7h").code == 2
    assert octobot("profile", "create", "daily_trading").code == 2
    assert not [*(tmp_path / "home").rglob("*.json")]
    warned = octobot("profile", "create", "mine", "--exchange", "binanse")
    assert warned.code == 0
    assert "unknown exchange (did you mean binance?)" in warned.err


def test_listed_shown_and_deleted(octobot: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    octobot("profile", "duplicate", "daily_trading", "mine", "--title", "Mine")
    broken = tmp_path / "home" / "profiles" / "broken"
    broken.mkdir()
    (broken / "profile.json").write_text("{")
    listed = octobot("profile", "list").out.splitlines()
    installed = list(installed_profiles())
    assert [line.split()[0] for line in listed] == ["id", *installed, "broken", "mine"]
    assert "cannot be read" in listed[-2]
    rows = {one["id"]: one for one in json.loads(octobot("profile", "list", "--json").out)}
    assert rows["mine"] | {"path": ""} == {
        "id": "mine", "name": "Mine", "path": "", "is_own": True, "trading_modes": ["DailyTradingMode"],
        "symbols": ["BTC/USDT"], "error": None,
    }  # fmt: skip
    assert not rows["daily_trading"]["is_own"]
    assert "is not JSON" in rows["broken"]["error"]

    shown = octobot("profile", "show", "mine").out
    for word in ("Mine (mine)", "binance spot", "BTC/USDT", "1000 USDT", "RSIMomentumEvaluator", "period_length = 14"):
        assert word in shown
    assert json.loads(octobot("profile", "show", "mine", "--json").out)["profile"]["name"] == "Mine"
    assert octobot("profile", "show", "mien").code == 4

    refused = octobot("profile", "delete", "daily_trading", "--yes")
    assert refused.code == 4
    assert "octobot profile duplicate daily_trading NEW" in refused.err
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert octobot("profile", "delete", "mine").code == 130
    assert octobot("profile", "delete", "mine", "--yes").code == 0
    assert octobot("profile", "delete", "broken", "--yes").code == 0
    assert len(octobot("profile", "list").out.splitlines()) == 1 + len(installed)


def test_keys_are_refused_on_the_way_in_and_out(octobot: Run, profile: Path, tmp_path: Path) -> None:
    content = json.loads((profile / "profile.json").read_text())
    content["config"]["exchanges"]["binance"] |= {"api-key": "my-key-1", "api-secret": "my-secret-2"}
    (profile / "profile.json").write_text(json.dumps(content))
    target = tmp_path / "out.zip"
    for command in (("import", profile), ("export", profile, "--output", target)):
        refused = octobot("profile", *command)
        assert refused.code == 4
        assert "config.exchanges.binance.api-key" in refused.err
        assert "my-" not in refused.out + refused.err
        done = octobot("profile", *command, "--remove-keys")
        assert done.code == 0
        assert "removed: profile.json: config.exchanges.binance.api-secret" in done.out
    assert octobot("profile", "validate", profile).code == 4
    with zipfile.ZipFile(target) as archive:
        assert b"my-" not in b"".join(archive.read(name) for name in archive.namelist())


def test_a_hostile_archive_leaves_nothing(octobot: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("profile.json", "{}")
        archive.writestr("../../evil.py", "")
    refused = octobot("profile", "import", tmp_path / "evil.zip")
    assert refused.code == 4
    assert "../../evil.py: it leads outside" in refused.err
    assert not (tmp_path / "home").exists()


def test_schemas(octobot: Run, tmp_path: Path) -> None:
    printed = json.loads(octobot("profile", "schema", "daily_trading").out)
    assert sorted(printed) == [
        "DailyTradingMode", "DoubleMovingAverageTrendEvaluator", "RSIMomentumEvaluator", "SimpleStrategyEvaluator",
    ]  # fmt: skip
    written = octobot("profile", "schema", "daily_trading", "--output", tmp_path / "schemas")
    assert written.code == 0
    for name, schema in printed.items():
        assert json.loads((tmp_path / "schemas" / f"{name}.schema.json").read_text()) == schema
    assert octobot("profile", "schema", "daily_trading", "--output", tmp_path / "schemas").code == 0


def test_the_archives_of_two_processes_are_the_same(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        command = ("profile", "export", "daily_trading", "--output", str(tmp_path / name))
        subprocess.run([sys.executable, "-m", "octobot", *command], check=True, capture_output=True)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


OLD_EVALUATOR = '''
import octobot_commons.enums as enums
import octobot_evaluators.evaluators as evaluators
import octobot_evaluators.util as evaluators_util
import octobot_trading.api as trading_api


class LastMoveEvaluator(evaluators.TAEvaluator):
    def init_user_inputs(self, inputs: dict) -> None:
        self.period = self.UI.user_input("period length", enums.UserInputTypes.INT, 2, inputs, min_val=1, max_val=50)

    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc):
        data = self.get_exchange_symbol_data(exchange, exchange_id, symbol)
        closes = trading_api.get_symbol_close_candles(data, time_frame, limit=self.period + 1)
        self.eval_note = -1.0 if closes[-1] > closes[0] else 1.0
        eval_time = evaluators_util.get_eval_time(full_candle=candle, time_frame=time_frame)
        await self.evaluation_completed(cryptocurrency, symbol, time_frame, eval_time=eval_time)
'''  # fmt: skip


@pytest.fixture
def old_evaluator(tmp_path: Path) -> Path:
    """A folder as OctoBot 2.x has them, in the user's folder; its settings differ from its inputs' defaults."""
    folder = tmp_path / "home" / "tentacles" / "Evaluator" / "TA" / "last_move"
    (folder / "config").mkdir(parents=True)
    metadata = {"version": "1.2.0", "origin_package": "Mine", "tentacles": ["LastMoveEvaluator"],
                "tentacles-requirements": []}  # fmt: skip
    (folder / "metadata.json").write_text(json.dumps(metadata))
    (folder / "__init__.py").write_text("from .last_move import LastMoveEvaluator\n")
    (folder / "last_move.py").write_text(OLD_EVALUATOR)
    (folder / "config" / "LastMoveEvaluator.json").write_text('{"period_length": 7}')
    return folder


def test_a_profile_with_an_evaluator_of_2_x_is_made_checked_and_run(
    octobot: Run, old_evaluator: Path, tmp_path: Path
) -> None:
    made = octobot("profile", "create", "mine", "--evaluator", "LastMoveEvaluator", "--time-frame", "1d")
    assert made.code == 0, made.err
    file = tmp_path / "home" / "profiles" / "mine" / "specific_config" / "LastMoveEvaluator.json"
    assert json.loads(file.read_text()) == {"period_length": 7}
    assert _result(octobot, "mine")["trades"]
    file.write_text('{"period_lenth": 100}')
    validated = octobot("profile", "validate", "mine")
    assert validated.code == 4
    assert "period_lenth: LastMoveEvaluator has no such setting (did you mean period_length?)" in validated.out
    schema = json.loads(octobot("profile", "schema", "mine").out)["LastMoveEvaluator"]["properties"]["period_length"]
    assert (schema["minimum"], schema["maximum"], schema["default"]) == (1, 50, 2)
    # Without settings of its own it has those of its folder, which are checked too.
    file.unlink()
    (old_evaluator / "config" / "LastMoveEvaluator.json").write_text('{"period_length": 51}')
    assert "period_length: 51 is above the maximum 50" in octobot("profile", "validate", "mine").out
