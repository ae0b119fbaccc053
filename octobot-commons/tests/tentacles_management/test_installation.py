# SPDX-License-Identifier: Apache-2.0
"""What is installed is there whole; what must not be is refused with its reason and leaves nothing behind."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.errors import OctoBotError, TentacleFolderError, UnknownTentacleError
from octobot_commons.tentacles_management import TentacleKind
from octobot_commons.tentacles_management import installation as module
from octobot_commons.tentacles_management.installation import find_installed, install, remove

_SOURCE = "class {name}(TAEvaluator):\n    pass\n"
_SIDE_EFFECT = "import pathlib, sys\npathlib.Path({file!r}).write_text('ran')\n" + _SOURCE
Files = dict[str, bytes | str]


def tentacle(name: str = "MyTrend", place: str = "Evaluator/TA/my_trend", **metadata: Any) -> Files:
    """The files of one tentacle."""
    content = {"version": "1.0", "tentacles": [name], **metadata}
    return {f"{place}/metadata.json": json.dumps(content), f"{place}/my_trend.py": _SOURCE.format(name=name)}


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def in_folder(path: Path, files: Files) -> Path:
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "home" / "tentacles"


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_zip_and_a_folder_install_the_same(tmp_path: Path, root: Path) -> None:
    files: Files = {**tentacle(), "Evaluator/TA/my_trend/config/MyTrend.json": "{}", "README.md": "of the package"}
    install(zipped(tmp_path / "one.zip", files), root=root)
    there = everything(root)
    assert sorted(there) == [
        ".lock",
        "Evaluator/TA/my_trend/config/MyTrend.json",
        "Evaluator/TA/my_trend/metadata.json",
        "Evaluator/TA/my_trend/my_trend.py",
    ]
    other = tmp_path / "other"
    install(in_folder(tmp_path / "two", files), root=other)
    assert everything(other) == there
    assert find_installed("MyTrend", root).kind is TentacleKind.TA


@pytest.mark.parametrize(
    ("base", "kind"),
    [("TAEvaluator", TentacleKind.TA), ("evaluators.RealTimeEvaluator", TentacleKind.REAL_TIME),
     ("a.b.StrategyEvaluator", TentacleKind.STRATEGY)],
)  # fmt: skip
def test_where_no_folder_tells_the_base_class_does(tmp_path: Path, root: Path, base: str, kind: TentacleKind) -> None:
    files: Files = {
        "metadata.json": '{"version": "1", "tentacles": ["Mine"]}',
        "mine.py": f"class Base({base}):\n    pass\n\n\nclass Mine(Base):\n    pass\n",
    }
    (folder,) = install(in_folder(tmp_path / "mine", files), root=root).installed
    assert (folder.kind, folder.name) == (kind, "mine")


_COMMENT = b"#" + random.Random(1).randbytes(1 << 20).hex().encode()
_HUGE = b"\0" * (9 << 20)
HOSTILE: dict[str, tuple[Files, str]] = {
    "leads out": ({**tentacle(), "../outside.py": "x"}, "leads outside"),
    "leads out from inside": ({**tentacle(), "Evaluator/TA/my_trend/../../../../outside.py": "x"}, "leads outside"),
    "absolute": ({**tentacle(), "/tmp/outside.py": "x"}, "absolute path"),
    "a drive": ({**tentacle(), "C:/outside.py": "x"}, "absolute path"),
    "backslashes": ({**tentacle(), "Evaluator\\..\\outside.py": "x"}, "must not contain"),
    "a device": ({**tentacle(), "Evaluator/TA/my_trend/NUL.py": "x"}, "no file name on Windows"),
    "twins": ({**tentacle(), "Evaluator/TA/my_trend/MY_TREND.py": "x"}, "the same file as"),
    "a bomb": ({**tentacle(), "Evaluator/TA/my_trend/data.bin": _HUGE}, "more than"),
    "many files": ({**tentacle(), **{f"Evaluator/TA/my_trend/{i}.txt": "" for i in range(1100)}}, "files and folders"),
    "too deep": ({**tentacle(), "/".join("abcdefghijkl"): "x"}, "deep"),
    "no metadata": ({"Evaluator/TA/my_trend/my_trend.py": "x = 1"}, "holds no metadata.json"),
    "metadata no JSON": ({**tentacle(), "Evaluator/TA/my_trend/metadata.json": "{,"}, "is not JSON"),
    "metadata no object": ({**tentacle(), "Evaluator/TA/my_trend/metadata.json": "[]"}, "must hold a JSON object"),
    "metadata no text": ({**tentacle(), "Evaluator/TA/my_trend/metadata.json": b"\xff\xfe"}, "is not UTF-8"),
    "metadata too deep": (
        {**tentacle(), "Evaluator/TA/my_trend/metadata.json": "[" * 30_000 + "]" * 30_000}, "without end"),
    "metadata too large": ({**tentacle(), "Evaluator/TA/my_trend/metadata.json": " " * 70_000 + "{}"}, "is larger"),
    "metadata twice the same key": (
        {**tentacle(), "Evaluator/TA/my_trend/metadata.json": '{"version": "1", "version": "2"}'}, "given twice"),
    "version a number": (tentacle(version=1.0), "version: expected text, got a number"),
    "version missing": (
        {**tentacle(), "Evaluator/TA/my_trend/metadata.json": '{"tentacles": ["A"]}'}, "'version' is missing"),
    "version no version": (tentacle(version="../../x"), "is no version"),
    "tentacles a text": (tentacle(tentacles="MyTrend"), "tentacles: expected a list, got text"),
    "tentacles of numbers": (tentacle(tentacles=[1]), "tentacles[0]: expected text, got a number"),
    "tentacles none": (tentacle(tentacles=[]), "names no class"),
    "tentacles no names": (tentacle(tentacles=["os.system('x')"]), "is no class name"),
    "tentacles twice": (tentacle(tentacles=["MyTrend", "MyTrend"]), "names a class twice"),
    "tentacles not there": (tentacle(tentacles=["MyTrend", "Other"]), "no file defines Other"),
    "requirements a text": (tentacle(**{"tentacles-requirements": "x"}), "tentacles-requirements: expected"),
    "api unknown": (tentacle(api=4), "is no version of the tentacle API"),
    "origin a list": (tentacle(origin_package=[]), "origin_package: expected text"),
    "no Python": ({**tentacle(), "Evaluator/TA/my_trend/other.py": "def ("}, "other.py: row 1: is no Python"),
    "a NUL in Python": ({**tentacle(), "Evaluator/TA/my_trend/other.py": b"x = 1\0"}, "is no"),
    "Python too deep": ({**tentacle(), "Evaluator/TA/my_trend/other.py": "(" * 5000 + ")" * 5000}, "is no"),
    "Python too large": ({**tentacle(), "Evaluator/TA/my_trend/other.py": _COMMENT}, "is larger"),
    "no kind": (
        {"my_trend/metadata.json": '{"version": "1", "tentacles": ["A"], "api": 3}', "my_trend/a.py": "class A: pass"},
        "nothing tells what kind"),
    "no name of a module": (tentacle(place="Evaluator/TA/my-trend"), "is no name for a folder"),
    "two of one name": ({**tentacle(), **tentacle("Other", "other/Evaluator/TA/my_trend")}, "two folders named"),
    "a class in two folders": ({**tentacle(), **tentacle(place="Evaluator/TA/again")}, "is already in"),
    "only what cannot run": (tentacle(place="Services/Services_bases/my_trend"), "cannot run here: MyTrend"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_packages_are_refused_and_leave_nothing(tmp_path: Path, root: Path, name: str) -> None:
    files, reason = HOSTILE[name]
    install(in_folder(tmp_path / "there", tentacle("Earlier", "Evaluator/TA/earlier")), root=root)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock"}
    package = zipped(tmp_path / "hostile.zip", files)
    with pytest.raises(OctoBotError) as refused:
        install(package, root=root)
    assert reason in str(refused.value)
    assert "hostile.zip" in str(refused.value)
    package.unlink()
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock"}
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert {path for path in changed if path not in (tmp_path, root)} == set()


def test_links_are_refused(tmp_path: Path, root: Path) -> None:
    folder = in_folder(tmp_path / "linked", tentacle())
    (folder / "Evaluator" / "TA" / "my_trend" / "secrets.py").symlink_to("/etc/passwd")
    with pytest.raises(OctoBotError, match="link"):
        install(folder, root=root)
    info = zipfile.ZipInfo("Evaluator/TA/my_trend/secrets.py")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    package = zipped(tmp_path / "linked.zip", tentacle())
    with zipfile.ZipFile(package, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(OctoBotError, match="link"):
        install(package, root=root)
    assert list(everything(root)) == [".lock"]


def test_nothing_of_a_package_is_run(tmp_path: Path, root: Path) -> None:
    mark = tmp_path / "ran"
    ran = _SIDE_EFFECT.format(file=str(mark), name="MyTrend")
    files: Files = {
        **tentacle(),
        "Evaluator/TA/my_trend/my_trend.py": ran,
        "Evaluator/TA/my_trend/__init__.py": ran,
        "Evaluator/TA/my_trend/conftest.py": ran,
        "Evaluator/TA/my_trend/sitecustomize.py": ran,
        "Evaluator/TA/__init__.py": ran,
        "setup.py": ran,
    }
    before = set(sys.modules)
    (folder,) = install(zipped(tmp_path / "running.zip", files), root=root).installed
    assert folder.classes["MyTrend"].module == "my_trend"
    remove(find_installed("MyTrend", root), root)
    assert not mark.exists()
    assert not {name for name in set(sys.modules) - before if "my_trend" in name}


def test_all_folders_of_a_package_or_none(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = {**tentacle("A", "Evaluator/TA/a"), **tentacle("B", "Evaluator/TA/b")}
    install(in_folder(tmp_path / "old", old), root=root)
    before = everything(root)
    new = {**tentacle("A", "Evaluator/TA/a", version="2"), **tentacle("B", "Evaluator/TA/b", version="2")}
    real, renamed = Path.rename, []

    def fail_at_the_last(self: Path, target: Path) -> Path:
        renamed.append(target)
        if len(renamed) == 4:
            raise OSError(28, "no space left")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fail_at_the_last)
    with pytest.raises(OctoBotError, match="no space left"):
        install(in_folder(tmp_path / "new", new), root=root)
    assert everything(root) == before


_KILLED = """
import os, pathlib, signal, sys
from octobot_commons.tentacles_management.installation import install
real, count = pathlib.Path.rename, 0
def rename(self, target):
    global count
    count += 1
    done = None if count == int(sys.argv[3]) and sys.argv[4] == "before" else real(self, target)
    if count == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return done
pathlib.Path.rename = rename
install(pathlib.Path(sys.argv[1]), root=pathlib.Path(sys.argv[2]))
"""


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", [2, 3])
def test_killed_at_any_step_one_whole_version_is_there(tmp_path: Path, root: Path, at: int, when: str) -> None:
    """The first rename is that of the unpacked package, the second takes the old one away, the third brings the new."""
    install(in_folder(tmp_path / "old", tentacle()), root=root)
    old = everything(root)
    package = in_folder(tmp_path / "new", tentacle(version="2"))
    script = textwrap.dedent(_KILLED)
    killed = subprocess.run([sys.executable, "-c", script, package, root, str(at), when], check=False)
    assert killed.returncode == -signal.SIGKILL
    other = in_folder(tmp_path / "other", tentacle("Other", "Evaluator/TA/other"))
    install(other, root=root)
    remove(find_installed("Other", root), root)
    is_new = find_installed("MyTrend", root).metadata.version == "2"
    assert is_new is (at == 3 and when == "after")
    if not is_new:
        assert everything(root) == old
    assert sorted(everything(root)) == sorted(old)


def test_versions_are_compared_as_numbers(tmp_path: Path, root: Path) -> None:
    def put(version: str) -> Callable[[], object]:
        folder = in_folder(tmp_path / version, tentacle(version=version))
        return lambda: install(folder, root=root)

    put("1.9")()
    for older in ("1.9", "1.8.7", "1.09", "1.9-beta"):
        with pytest.raises(TentacleFolderError, match=r"is there already in 1\.9"):
            put(older)()
    put("1.10")()
    assert find_installed("my_trend", root).metadata.version == "1.10"


def test_what_is_not_there_cannot_be_removed(tmp_path: Path, root: Path) -> None:
    install(in_folder(tmp_path / "old", tentacle()), root=root)
    with pytest.raises(UnknownTentacleError, match="did you mean MyTrend"):
        find_installed("MyTrent", root)
    remove(find_installed("my_trend", root), root)
    assert list(everything(root)) == [".lock"]
    assert [path.name for path in root.iterdir()] == [".lock"]


def test_a_kind_that_no_folder_can_hold_is_refused(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = {kind: place for kind, place in module.FOLDER_OF_KIND.items() if kind is not TentacleKind.TA}
    monkeypatch.setattr(module, "FOLDER_OF_KIND", places)
    with pytest.raises(TentacleFolderError, match="a TA cannot be dropped in"):
        install(in_folder(tmp_path / "old", tentacle()), root=root)
