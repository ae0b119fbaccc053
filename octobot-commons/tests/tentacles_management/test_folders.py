# SPDX-License-Identifier: Apache-2.0
"""The user's tentacles folder: what is found in it, and what is said of the rest; nothing is imported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from folder_files import GOOD, SOURCE, was_imported, write_folder

from octobot_commons.errors import TentacleFolderError, TentacleLoadError
from octobot_commons.tentacles_management import AbstractTentacle, TentacleKind, TentacleRegistry
from octobot_commons.tentacles_management.folders import TentacleFolder, find_folders, walk

OURS = {**GOOD, "api": 3}


def test_folders_are_found_wherever_they_stand(tmp_path: Path) -> None:
    for place in ("Evaluator/TA/one", "two", "a/b/Evaluator/RealTime/three", ".hidden/four", "__pycache__/five"):
        write_folder(tmp_path / place)
    write_folder(tmp_path / "two" / "inner")  # part of two
    (tmp_path / "empty" / "metadata.json").mkdir(parents=True)
    (tmp_path / "file.txt").touch()
    assert [(path.relative_to(tmp_path).as_posix(), place) for path, place in walk(tmp_path)] == [
        ("Evaluator/TA/one", ("Evaluator", "TA")),
        ("a/b/Evaluator/RealTime/three", ("a", "b", "Evaluator", "RealTime")),
        ("two", ()),
    ]
    assert find_folders(tmp_path / "not there") == ([], [])


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_links_that_lead_back_up_come_to_an_end(tmp_path: Path) -> None:
    write_folder(tmp_path / "Evaluator" / "TA" / "mine")
    for name in ("a", "b", "c"):
        (tmp_path / "Evaluator" / name).symlink_to(tmp_path, target_is_directory=True)
    folders, problems = find_folders(tmp_path)
    assert problems == []
    assert {folder.path.resolve() for folder in folders} == {tmp_path.resolve() / "Evaluator" / "TA" / "mine"}


@pytest.mark.parametrize(
    ("place", "bases", "kind"),
    [
        ("Evaluator/TA", "Anything", TentacleKind.TA),
        ("evaluator/realtime", "Anything", TentacleKind.REAL_TIME),
        ("x/Evaluator/Strategies", "TAEvaluator", TentacleKind.STRATEGY),
        ("Evaluator/Util", "object", TentacleKind.UTIL),
        ("", "evaluators.RealTimeEvaluator", TentacleKind.REAL_TIME),
        ("TA", "StrategyEvaluator", TentacleKind.STRATEGY),
        ("Other/Place", "trading_modes.AbstractTradingMode", TentacleKind.TRADING_MODE),
        ("", "Anything", None),
    ],
)
def test_its_place_tells_the_kind_else_its_bases(
    tmp_path: Path, place: str, bases: str, kind: TentacleKind | None
) -> None:
    path = write_folder(tmp_path / place / "mine", OURS, mine=f"class Mine({bases}): pass\n")
    folder = TentacleFolder(path, tuple(filter(None, place.split("/"))))
    assert folder.kind is kind
    assert folder.is_supported is (kind is not None)


def test_of_octobot_2_some_kinds_are_supported(tmp_path: Path) -> None:
    bases = {
        "TAEvaluator": True,
        "RealTimeEvaluator": True,
        "StrategyEvaluator": True,
        "SocialEvaluator": False,
        "ScriptedEvaluator": False,
        "AbstractTradingMode": False,
        "Service": False,
    }
    for base, is_supported in bases.items():
        for api in (2, 3):
            path = write_folder(tmp_path / f"{base}{api}", {**GOOD, "api": api}, mine=f"class Mine({base}): pass\n")
            assert TentacleFolder(path, ()).is_supported is (is_supported or api == 3)


def test_what_a_folder_does_not_hold_is_refused(tmp_path: Path) -> None:
    lacks = write_folder(tmp_path / "lacks", {**GOOD, "tentacles": ["Mine", "Yours"]})
    with pytest.raises(TentacleFolderError, match=r"tentacles: no file defines Yours \(its files define Mine\)"):
        TentacleFolder(lacks, ()).check()
    empty = write_folder(tmp_path / "empty")
    (empty / "mine.py").unlink()
    with pytest.raises(TentacleFolderError, match="it has no Python file"):
        TentacleFolder(empty, ()).check()
    strange = write_folder(tmp_path / "strange", mine="class Mine: pass\n")
    with pytest.raises(TentacleFolderError, match="nothing tells what kind of tentacle it is"):
        TentacleFolder(strange, ()).check()
    TentacleFolder(write_folder(tmp_path / "good"), ()).check()


def test_broken_folders_are_told_of_and_the_others_work(tmp_path: Path) -> None:
    write_folder(tmp_path / "Evaluator" / "TA" / "good")
    write_folder(tmp_path / "a_number", {**GOOD, "version": 1})
    write_folder(tmp_path / "no_json", b"{")
    write_folder(tmp_path / "no_text", b"\xff")
    write_folder(tmp_path / "no_python", mine="class Mine(:\n")
    write_folder(tmp_path / "no_kind", mine="class Mine: pass\n")
    write_folder(tmp_path / "Trading" / "Mode" / "old_mode", {**GOOD, "tentacles": ["OldMode"]})
    write_folder(tmp_path / "Services" / "Notifiers_bases" / "old", {**GOOD, "tentacles": ["OldNotifier"]})
    registry = TentacleRegistry.discover(tmp_path)
    assert registry.info("Mine").version == "1.2.0"
    assert registry.info("Mine").kind is TentacleKind.TA
    assert [folder.name for folder in registry.folders] == ["good"]
    told = "\n".join(map(str, registry.problems))
    for part in (
        "a_number/metadata.json: version: expected text, got a number",
        "no_json/metadata.json: row 1: is not JSON",
        "no_text/metadata.json: is not UTF-8 text",
        "no_python/mine.py: row 1: is no Python",
        "no_kind: cannot run here: Mine",
        "old_mode: cannot run here: OldMode (of OctoBot 2 only evaluators and strategies do)",
        "old: cannot run here: OldNotifier",
    ):
        assert part in told.replace(os.sep, "/")
    assert len(registry.problems) == 7
    assert not was_imported(tmp_path)


def test_looking_imports_nothing_and_loading_does(tmp_path: Path) -> None:
    source = SOURCE.replace("class", "from octobot_commons.tentacles_management import AbstractTentacle\nclass")
    source = source.replace("TAEvaluator", "AbstractTentacle")
    folder = write_folder(tmp_path / "Evaluator" / "TA" / "mine", OURS, mine=source)
    (folder / "config").mkdir()
    (folder / "config" / "Mine.json").write_text("{}")
    registry = TentacleRegistry.discover(tmp_path)
    info = registry.info("Mine")
    assert (info.kind, info.version, info.source) == (TentacleKind.TA, "1.2.0", f"{folder} 1.2.0")
    assert info.describe() == "Says nothing."
    assert info.default_settings() == folder / "config" / "Mine.json"
    assert [one.name for one in registry.by_kind("TA") if one is info] == ["Mine"]
    assert not was_imported(tmp_path)
    loaded = info.load()
    assert was_imported(tmp_path)
    assert issubclass(loaded, AbstractTentacle)
    assert loaded is registry.load("Mine")
    assert not [*folder.glob("__pycache__")]
    (folder / "resources").mkdir()
    (folder / "resources" / "Mine.md").write_text("# Mine\n\nMore.\n")
    assert info.describe() == "# Mine\n\nMore."


def test_a_class_that_is_gone_or_is_no_tentacle_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "Evaluator" / "TA" / "mine", {**GOOD, "tentacles": ["Mine", "Gone"]},
                          mine="class Mine: pass\n")  # fmt: skip
    registry = TentacleRegistry.discover(tmp_path)
    with pytest.raises(TentacleLoadError, match="Mine is no tentacle class") as caught:
        registry.load("Mine")
    assert caught.value.file == str(folder / "mine.py")
    with pytest.raises(TentacleLoadError, match="Gone"):
        registry.load("Gone")


def test_of_two_folders_with_one_tentacle_the_later_counts_with_a_notice(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_folder(tmp_path / "Evaluator" / "TA" / "a", {**GOOD, "version": "1"})
    write_folder(tmp_path / "Evaluator" / "TA" / "b", {**GOOD, "version": "2"})
    assert TentacleRegistry.discover(tmp_path).info("Mine").version == "2"
    assert "Mine of Evaluator/TA/b replaces the one of Evaluator/TA/a" in caplog.text
