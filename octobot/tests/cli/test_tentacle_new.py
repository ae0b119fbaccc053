# SPDX-License-Identifier: Apache-2.0
"""From `octobot tentacles new` to a zip that somebody else installs."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration import installed_profiles
from octobot_commons.services import FeedEvent, FeedEventStore
from octobot_commons.tentacles_management.creating import NEW_KINDS

#: For a profile: the kind's own place is taken by the new one.
_OTHERS = {"ta": "RSIMomentumEvaluator", "strategy": "SimpleStrategyEvaluator", "trading-mode": "DailyTradingMode"}
_PLACES = {
    "ta": "Evaluator/TA",
    "realtime": "Evaluator/RealTime",
    "social": "Evaluator/Social",
    "strategy": "Evaluator/Strategies",
    "trading-mode": "Trading/Mode",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def profile_of(home: Path, *names: str) -> str:
    folder = home / "profiles" / "mine"
    folder.mkdir(parents=True)
    shutil.copy(installed_profiles()["daily_trading"] / "profile.json", folder)
    (folder / "tentacles_config.json").write_text(json.dumps({"tentacle_activation": dict.fromkeys(names, True)}))
    return "mine"


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def recorded_moods(file: Path) -> Path:
    with FeedEventStore(file) as store:
        for day in range(20):
            told = {"cryptocurrency": "Bitcoin", "mood": 1 - day % 3}
            store.append("MyFirstRSIFeed", FeedEvent(1_677_715_200.0 + day * 86_400, "Bitcoin", told))
    return file


def test_every_kind_is_tried_here() -> None:
    assert {*NEW_KINDS} == {*_PLACES}


@pytest.mark.parametrize("kind", list(NEW_KINDS))
def test_a_new_tentacle_is_tested_run_packed_and_installed_elsewhere(
    octobot: Callable[..., Any], home: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / "tentacles" / _PLACES[kind] / "my_first_rsi"
    created = octobot("tentacles", "new", kind, "MyFirstRSI")
    assert (created.code, str(folder) in created.out) == (0, True), created.err
    made = content_of(folder)
    assert sorted(made) == [
        "config/MyFirstRSI.json", "metadata.json", "my_first_rsi.py", "resources/MyFirstRSI.md",
        "tests/test_my_first_rsi.py",
    ]  # fmt: skip

    tested = octobot("tentacles", "test", "MyFirstRSI", "-q", "-W", "error")
    assert tested.code == 0  # what pytest says is among what this test prints
    assert content_of(folder) == made  # no caches

    profile = profile_of(home, *{**_OTHERS, kind: "MyFirstRSI"}.values())
    span = ["--start", "2023-03-01", "--end", "2023-04-01"]
    if kind == "social":
        span += ["--feeds", str(recorded_moods(tmp_path / "feeds"))]
    run = octobot("backtest", "--profile", profile, *span, "--json", "--no-store")
    assert run.code == 0, run.err
    result = json.loads(run.out)
    assert result["failures"] == {}
    assert result["orders"]
    # The defaults in the code are those in the file, and the page names all of them.
    settings = json.loads(made["config/MyFirstRSI.json"])
    assert settings == result["settings"]["configuration"]["tentacles"]["MyFirstRSI"]
    (folder / "config" / "MyFirstRSI.json").write_text("{}")
    plain = json.loads(octobot("backtest", "--profile", profile, *span, "--json", "--no-store").out)
    defaults = plain["settings"]["configuration"]["tentacles"]["MyFirstRSI"]
    of_all_strategies = "required_time_frames"
    assert {**defaults, of_all_strategies: 0} == {**settings, of_all_strategies: 0}
    (folder / "config" / "MyFirstRSI.json").write_bytes(made["config/MyFirstRSI.json"])
    page = made["resources/MyFirstRSI.md"].decode()
    assert [key for key in settings if f"`{key}`" not in page] == []

    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    assert octobot("tentacles", "pack", "my_first_rsi", "--output", first).code == 0
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "elsewhere"))
    assert octobot("tentacles", "install", first).code == 0
    assert content_of(tmp_path / "elsewhere" / "tentacles" / _PLACES[kind] / "my_first_rsi") == made
    assert octobot("tentacles", "pack", "MyFirstRSI", "--output", second).code == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_test_that_fails_is_found(octobot: Callable[..., Any], home: Path) -> None:
    octobot("tentacles", "new", "ta", "Mine")
    folder = home / "tentacles" / "Evaluator" / "TA" / "mine"
    source = folder / "mine.py"
    source.write_text(source.read_text().replace("return 0.0", "return 1.0"))
    command = [sys.executable, "-m", "octobot", "tentacles", "test", "mine", "-q", "-k", "distance"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "assert 1.0 == 0.0" in done.stdout) == (6, True), done.stdout
    none = octobot("tentacles", "test", "Mine", "-q", "-k", "nothing")
    assert (none.code, "holds no tests (write one" in none.err) == (4, True)
    shutil.rmtree(folder / "tests")
    assert "holds no tests" in octobot("tentacles", "test", "Mine").err
    unknown = octobot("tentacles", "test", "Mien")
    assert (unknown.code, "did you mean" in unknown.err) == (4, True)


def test_without_pytest_it_says_so(octobot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    octobot("tentacles", "new", "ta", "Mine")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    answer = octobot("tentacles", "test", "Mine")
    assert (answer.code, answer.err) == (5, "octobot: pytest is not installed (pip install pytest)\n")


def test_a_configuration_further_up_is_not_the_tentacle_s(octobot: Callable[..., Any], tmp_path: Path) -> None:
    octobot("tentacles", "new", "ta", "Mine")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    assert octobot("tentacles", "test", "Mine", "-q", "-k", "distance").code == 0


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("my_trend", "no name of a class (call it MyTrend)"),
        ("my trend", "no name of a class (call it MyTrend)"),
        ("3", "no name of a class (begin with a capital letter, like MyTrend)"),
        ("Über", "no name of a class"),
        ("../Evil", "no name of a class (call it Evil)"),
        ("A\nimport os", "no name of a class"),
        ("None", "no name of a class"),
        ("RSIMomentumEvaluator", "there is a tentacle RSIMomentumEvaluator already (choose another name)"),
        ("TAEvaluator", "TAEvaluator is the name of something that it uses (choose another name, like MyTAEvaluator)"),
        ("Any", "Any is the name of something that it uses"),
    ],
)
def test_names_that_cannot_be_used(octobot: Callable[..., Any], home: Path, name: str, reason: str) -> None:
    answer = octobot("tentacles", "new", "ta", name)
    assert (answer.code, reason in answer.err) == (2, True), answer.err
    assert not home.exists()


def test_a_name_is_taken_once(octobot: Callable[..., Any]) -> None:
    assert octobot("tentacles", "new", "ta", "Mine").code == 0
    assert "there is a tentacle Mine already" in octobot("tentacles", "new", "strategy", "Mine").err
    other_case = octobot("tentacles", "new", "ta", "MINE")
    assert (other_case.code, "mine is there already" in other_case.err) == (4, True)
    assert octobot("tentacles", "new", "ta", "Import").code == 0  # a module must not be called import
    assert octobot("tentacles", "new", "nothing", "Other").code == 2


def test_a_folder_that_nobody_could_install_is_not_packed(
    octobot: Callable[..., Any], home: Path, tmp_path: Path
) -> None:
    octobot("tentacles", "new", "ta", "Mine")
    folder = home / "tentacles" / "Evaluator" / "TA" / "mine"
    (folder / ".secret").write_text("a password")
    target = tmp_path / "mine.zip"
    assert octobot("tentacles", "pack", "Mine", "--output", target).code == 0
    assert b"password" not in target.read_bytes()
    again = octobot("tentacles", "pack", "Mine", "--output", target)
    assert (again.code, "it exists already" in again.err) == (2, True)
    before = target.read_bytes()
    (folder / "mine.py").write_text("class Mine(:\n")
    broken = octobot("tentacles", "pack", "Mine", "--output", target, "--force")
    assert "mine.py: row 1: is no Python" in broken.err
    assert broken.code == 4
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.glob("*.zip")] == ["mine.zip"]


def test_what_is_written_is_typed_and_documented(octobot: Callable[..., Any], home: Path) -> None:
    for index, kind in enumerate(NEW_KINDS):
        octobot("tentacles", "new", kind, f"Mine{index}")
    files = [path for path in (home / "tentacles").rglob("*.py") if path.parent.name != "tests"]
    assert len(files) == len(NEW_KINDS)
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.returns is not None
                assert all(argument.annotation or argument.arg in ("self", "cls") for argument in node.args.args)
            if isinstance(node, ast.ClassDef):
                assert ast.get_docstring(node)


@pytest.mark.long
def test_what_is_written_passes_the_strictest_checker(octobot: Callable[..., Any], home: Path) -> None:
    pytest.importorskip("mypy")
    for index, kind in enumerate(NEW_KINDS):
        octobot("tentacles", "new", kind, f"Mine{index}")
    files = [str(path) for path in (home / "tentacles").rglob("*.py") if path.parent.name != "tests"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *files], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_looking_at_a_tentacle_does_not_run_it(octobot: Callable[..., Any], home: Path, tmp_path: Path) -> None:
    for index, kind in enumerate(NEW_KINDS):
        octobot("tentacles", "new", kind, f"Mine{index}")
    for source in (home / "tentacles").rglob("mine*.py"):
        source.write_text(f"raise SystemExit('imported')\n{source.read_text()}")
        (page,) = (source.parent / "resources").glob("*.md")
        page.unlink()
    profile = profile_of(home, "Mine0", "SimpleStrategyEvaluator", "DailyTradingMode")
    for command in (["list"], ["list", "--json", "--profile", profile], ["enable", "Mine1", "--profile", profile]):
        assert octobot("tentacles", *command).code == 0
    for index in range(len(NEW_KINDS)):
        name = f"Mine{index}"
        shown = octobot("tentacles", "show", name)
        assert (shown.code, name in shown.out) == (0, True), shown.err
        assert octobot("tentacles", "pack", name, "--output", tmp_path / f"{name}.zip").code == 0
        assert octobot("tentacles", "remove", name, "--yes").code == 0
        assert octobot("tentacles", "install", tmp_path / f"{name}.zip").code == 0
