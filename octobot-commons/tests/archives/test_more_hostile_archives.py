# SPDX-License-Identifier: Apache-2.0
"""Attacks on whoever looks at names, rights and places, and on whoever believes a directory."""

from __future__ import annotations

import os
import random
import socket
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import chdir, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.archives import Limits, check_and_unpack
from octobot_commons.errors import ArchiveError

Pack = Callable[..., Path]
SMALL = Limits(names=20, depth=4, file_bytes=3_000, total_bytes=4_000, expansion=10, always_expanded=2_000)


@pytest.fixture(autouse=True)
def neighbourhood(tmp_path: Path) -> Iterator[None]:
    """What stands beside the folder that is unpacked into stays as it is."""
    (tmp_path / "secret").write_text("kept")
    yield
    assert (tmp_path / "secret").read_text() == "kept"
    assert not (tmp_path / "into").exists()
    assert not list(tmp_path.glob(".*"))


def refusal(source: Path, limits: Limits = SMALL) -> str:
    with pytest.raises(ArchiveError) as caught:
        check_and_unpack(source, source.parent / "into", limits)
    assert caught.value.remedy
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("evil\u202eyp.exe", "a name must be shown as it is"),
        ("zero\u200bwidth.py", "a name must be shown as it is"),
        ("no\u00a0break.py", "a name must be shown as it is"),
        ("line\u2028break", "a name must be shown as it is"),
        ("aux .txt", "aux .txt is no file name on Windows"),
        ("COM\u00b9", "COM\u00b9 is no file name on Windows"),
        ("inner.zip", "it is an archive itself"),
        ("a/Inner.TAR.gz", "it is an archive itself"),
        ("package.whl", "it is an archive itself"),
        ("a/b/../../../secret", "it leads outside"),
        ("/", "it is an absolute path"),
        ("./../secret", "it leads outside"),
        ("a\x7fb", "a name must not contain '\\x7f'"),
    ],
)
def test_names(pack: Pack, name: str, reason: str) -> None:
    assert refusal(pack(("good.py", b""), (name, b"" if name.endswith("/") else b"x"))) == reason


def test_a_name_that_is_no_utf_8(pack: Pack) -> None:
    path = pack(("\u00e9.py", b""))
    path.write_bytes(path.read_bytes().replace("\u00e9.py".encode(), b"\xff\xfe.py"))
    assert "utf-8" in refusal(path)


def test_another_name_in_an_extra_field(pack: Pack) -> None:
    """Some programs take the name from there."""
    name = b"../secret"
    field = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, 0) + name
    path = pack(("good.py", b"x"), extra=field)
    with suppress(ArchiveError):
        written = check_and_unpack(path, path.parent / "seen" / "into", SMALL)
        assert written == ("good.py",)


def test_a_link_that_a_later_entry_would_go_through(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "packed.zip"
    link = zipfile.ZipInfo("sub")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "..")
        archive.writestr("sub/secret", "changed")
    assert refusal(path) == "it is a symbolic link"


def test_rights_are_not_taken_over(pack: Pack, tmp_path: Path) -> None:
    path = pack(("tool.py", b"1"), external_attr=(stat.S_IFREG | stat.S_ISUID | stat.S_ISGID | 0o777) << 16)
    check_and_unpack(path, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere" / "tool.py").stat().st_mode & 0o7111


def test_names_that_share_their_bytes(tmp_path: Path) -> None:
    """Each entry of the directory is the same kilobyte again, so that a thousand of them take no room."""
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("part00", random.Random(0).randbytes(900))
    content = path.read_bytes()
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    entry = content[start:end]
    entries = b"".join(entry.replace(b"part00", b"part%02d" % index) for index in range(9))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, len(entries), start, 0)
    path.write_bytes(content[:start] + entries + tail)
    assert refusal(path)


def test_sources_that_are_no_files(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refusal(pipe) == "no such folder or zip archive"


# Folders


def _hard_link(folder: Path) -> str:
    os.link(folder.parent / "secret", folder / "mine.py")
    return "it has another name"


def _linked_folder(folder: Path) -> str:
    (folder / "sub").symlink_to(folder.parent, target_is_directory=True)
    return "it is a symbolic link"


def _loop(folder: Path) -> str:
    (folder / "sub").symlink_to(folder, target_is_directory=True)
    return "it is a symbolic link"


def _socket(folder: Path) -> str:
    # From inside, as a socket's path is short.
    with chdir(folder), socket.socket(socket.AF_UNIX) as made:
        made.bind("sock")
    return "it is neither a file nor a folder"


def _sparse(folder: Path) -> str:
    with (folder / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    return "it has more than 3,000 bytes"


def _bottomless(folder: Path) -> str:
    deepest = folder
    for _ in range(60):
        deepest /= "deep"
    deepest.mkdir(parents=True)
    return "it lies more than 4 folders deep"


def _many(folder: Path) -> str:
    for index in range(21):
        (folder / f"{index}.py").touch()
    return "it holds more than 20 files and folders"


def _bidirectional(folder: Path) -> str:
    (folder / "evil\u202eyp.exe").touch()
    return "a name must be shown as it is"


@pytest.mark.skipif(os.name != "posix", reason="these cannot be made here")
@pytest.mark.parametrize(
    "spoil", [_hard_link, _linked_folder, _loop, _socket, _sparse, _bottomless, _many, _bidirectional]
)
def test_folders(tmp_path: Path, spoil: Callable[[Path], str]) -> None:
    source = tmp_path / "source"
    source.mkdir()
    reason = spoil(source)
    assert refusal(source) == reason


# Whatever the names are

_PART = st.one_of(
    st.sampled_from(["..", ".", "", "a", "A", "con", "C:", "secret", " ", "b.", "\u00e9", "e\u0301", "~", "-rf", "\\"]),
    st.text(st.characters(codec="utf-8"), max_size=6),
)
_NAMES = st.lists(
    st.lists(_PART, min_size=1, max_size=6).map("/".join) | st.text(st.characters(codec="utf-8"), max_size=12),
    min_size=1,
    max_size=4,
)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(_NAMES)
def test_whatever_the_names_are(names: list[str]) -> None:
    """All of it is inside, under the names it has, or nothing is written."""
    with TemporaryDirectory() as folder:
        root = Path(folder, "a", "b", "root")
        root.mkdir(parents=True)
        with zipfile.ZipFile(root / "packed.zip", "w") as archive:
            for name in names:
                info = zipfile.ZipInfo("x")
                info.filename = info.orig_filename = name
                archive.writestr(info, "" if name.endswith("/") else "evil")
        try:
            written = check_and_unpack(root / "packed.zip", root / "into")
        except ArchiveError:
            written = ()
            assert not (root / "into").exists()
        found = {path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file()}
        assert found == {"a/b/root/packed.zip", *(f"a/b/root/into/{name}" for name in written)}
        assert {*written} <= {*names}
