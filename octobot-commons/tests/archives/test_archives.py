# SPDX-License-Identifier: Apache-2.0
"""Folders and archives hold the same files after any way round."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.archives import check_and_unpack, read_files, write_folder, write_zip
from octobot_commons.errors import EnvironmentFault, UserInputError

NAME = st.text("abcé1_-. ", min_size=1, max_size=6).filter(lambda name: name[-1] not in " .")
FILES = st.dictionaries(st.lists(NAME, min_size=1, max_size=3).map("/".join), st.binary(max_size=300), max_size=6)


def is_one_tree(files: dict[str, bytes]) -> bool:
    return not any(other.startswith(f"{name}/") for name in files for other in files)


@given(files=FILES.filter(is_one_tree))
def test_any_way_round_gives_the_same_files(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    folder = tmp_path_factory.mktemp("round")
    write_folder(files, folder / "one")
    assert read_files(folder / "one") == files
    write_zip(read_files(folder / "one"), folder / "one.zip")
    assert read_files(folder / "one.zip") == files
    assert set(check_and_unpack(folder / "one.zip", folder / "two")) == set(files)
    write_zip(dict(reversed(read_files(folder / "two").items())), folder / "two.zip")
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()


def test_an_archive_s_bytes_are_known_beforehand(tmp_path: Path) -> None:
    write_zip({"b/c.json": b"{}", "a.json": b"[1]"}, tmp_path / "a.zip")
    data = (tmp_path / "a.zip").read_bytes()
    assert hashlib.sha256(data).hexdigest() == "24a898dca37525a20daf21454d7ebbb05d48fc20f48fa718330747f3dac6328e"
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["a.json", "b/c.json"]


def test_what_systems_leave_behind_is_left_out(tmp_path: Path, pack: Callable[..., Path]) -> None:
    names = ("a.json", "__MACOSX/a.json", "__pycache__/a.pyc", "b/.DS_Store", ".git/config", "b/__pycache__.json")
    write_folder(dict.fromkeys(names, b"x"), tmp_path / "folder")
    kept = {"a.json": b"x", "b/__pycache__.json": b"x"}
    assert read_files(tmp_path / "folder") == kept
    assert read_files(pack(*((name, b"x") for name in names))) == kept


def test_folders_of_their_own_and_empty_ones(tmp_path: Path, pack: Callable[..., Path]) -> None:
    assert read_files(pack(("a/", b""), ("a/b", b"x"), ("c/", b""))) == {"a/b": b"x"}
    (tmp_path / "empty" / "in it").mkdir(parents=True)
    assert read_files(tmp_path / "empty") == {}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    for taken in (tmp_path / "file", tmp_path / "folder"):
        taken.mkdir() if taken.name == "folder" else taken.write_bytes(b"")
        for write in (write_folder, write_zip):
            with pytest.raises(UserInputError) as caught:
                write({"a": b""}, taken)
            assert caught.value.file == str(taken)
    write_zip({"a": b""}, tmp_path / "file", overwrite=True)
    assert read_files(tmp_path / "file") == {"a": b""}


def test_a_folder_that_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        write_folder({"a": b"", "a/b": b""}, tmp_path / "folder")
    assert caught.value.file == str(tmp_path / "folder")
    assert not list(tmp_path.iterdir())


KILLED = """
import os, signal, sys
from pathlib import Path
from octobot_commons.archives import write_folder

class Files(dict):
    def items(self):
        yield "a", b"x"
        if sys.argv[2] == "writing":
            os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "naming":
    Path.rename = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
write_folder(Files(), sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("moment", ["writing", "naming"])
def test_a_killed_process_leaves_no_half_written_folder(tmp_path: Path, moment: str) -> None:
    target = tmp_path / "folder"
    done = subprocess.run([sys.executable, "-c", KILLED, target, moment], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not target.exists()
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".folder.")
    write_folder({"a": b"x"}, target)
    assert read_files(target) == {"a": b"x"}


@pytest.mark.skipif(os.name != "posix", reason="rights are the system's own elsewhere")
def test_files_have_the_usual_rights(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        write_folder({"a": b""}, tmp_path / "folder")
        write_zip({"a": b""}, tmp_path / "a.zip")
    finally:
        os.umask(mask)
    rights = {path.name: path.stat().st_mode & 0o777 for path in (*tmp_path.rglob("*"),)}
    assert rights == {"folder": 0o755, "a": 0o644, "a.zip": 0o644}
