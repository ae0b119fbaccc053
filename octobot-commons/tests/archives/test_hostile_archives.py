# SPDX-License-Identifier: Apache-2.0
"""Archives and folders that were made to do harm are refused with a reason, and nothing of them is written."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.archives import Limits, check_and_unpack, read_files
from octobot_commons.errors import ArchiveError

Pack = Callable[..., Path]

SMALL = Limits(names=5, depth=3, file_bytes=1_000, total_bytes=2_500, expansion=10, always_expanded=100)


@pytest.fixture(autouse=True)
def nothing_is_written(tmp_path: Path) -> Iterator[None]:
    yield
    assert not (tmp_path / "into").exists()
    assert not list(tmp_path.glob(".*"))


def refusal(source: Path, limits: Limits = Limits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(ArchiveError) as caught:
        check_and_unpack(source, source.parent / "into", limits)
    assert str(source) in str(caught.value)
    assert caught.value.remedy
    assert caught.value.message.isprintable()
    return f"{caught.value.field}: {caught.value.message}"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.py", "leads outside"),
        ("a/../../evil.py", "leads outside"),
        ("a/..", "leads outside"),
        ("/etc/evil", "absolute path"),
        ("C:evil", "absolute path"),
        ("c:/evil", "absolute path"),
        ("//host/share/evil", "absolute path"),
        ("\\\\host\\share", "'\\\\'"),
        ("..\\evil.py", "'\\\\'"),
        ("a\\evil.py", "'\\\\'"),
        ("evil\0.py", "two names"),
        ("evil\n.py", "'\\n'"),
        ("file:stream", "':'"),
        ("a//b", "empty part"),
        ("./a", "empty part"),
        ("", "empty part"),
        ("CON", "no file name on Windows"),
        ("a/nul.txt", "no file name on Windows"),
        ("com1.json", "no file name on Windows"),
        ("evil.", "must not end with '.'"),
        ("evil ", "must not end with ' '"),
        ("what?", "'?'"),
        ("a" * 256, "at most 255 bytes"),
        ("é" * 128, "at most 255 bytes"),
        ("a/" * 8 + "a", "8 folders deep"),
    ],
)
def test_names(pack: Pack, name: str, reason: str) -> None:
    assert reason in refusal(pack(("good", b""), (name, b"x")))


def test_a_refused_name_cannot_write_to_the_terminal(pack: Pack) -> None:
    assert "\x1b" not in refusal(pack(("\x1b[2Jevil", b"x")))


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("a.json", "A.JSON"), "same file as 'a.json'"),
        (("A/b", "a/c"), "same file as 'A'"),
        (("straße", "STRASSE"), "same file"),
        (("caf\u00e9", "cafe\u0301"), "same file"),
        (("a", "a/b"), "both a file and a folder"),
        (("a", "a/"), "both a file and a folder"),
    ],
)
def test_names_that_are_one_file_somewhere(pack: Pack, names: tuple[str, ...], reason: str) -> None:
    assert reason in refusal(pack(*((name, b"") for name in names)))


def test_a_file_that_is_there_twice(pack: Pack) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        source = pack(("a", b"1"), ("a", b"2"))
    assert "there twice" in refusal(source)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (stat.S_IFLNK, "symbolic link"),
        (stat.S_IFIFO, "neither a file nor a folder"),
        (stat.S_IFCHR, "neither a file nor a folder"),
        (stat.S_IFBLK, "neither a file nor a folder"),
        (stat.S_IFSOCK, "neither a file nor a folder"),
        (stat.S_IFDIR, "neither a file nor a folder"),
    ],
)
def test_what_is_no_file(pack: Pack, kind: int, reason: str) -> None:
    assert reason in refusal(pack(("evil", b"/etc/passwd"), external_attr=(kind | 0o777) << 16))


def test_a_folder_with_a_content(pack: Pack) -> None:
    assert "folder with a content" in refusal(pack(("evil/", b"x")))


def test_methods_whose_memory_the_archive_chooses(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "packed.zip"
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("a", b"x" * 100)
        assert "unusual way" in refusal(path)


def test_encrypted_files(pack: Pack) -> None:
    path = pack(("a", b"x"))
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 8
    data[at : at + 2] = struct.pack("<H", 0x1)
    path.write_bytes(data)
    assert refusal(path) == "a: it is encrypted"


def test_too_much(pack: Pack) -> None:
    noise = os.urandom
    assert "more than 1,000 bytes" in refusal(pack(("a", noise(1_001))), SMALL)
    three = [(name, noise(900)) for name in "abc"]
    assert "more than 2,500 bytes together" in refusal(pack(*three), SMALL)
    assert "more than 5 files" in refusal(pack(*((str(number), b"") for number in range(6))), SMALL)
    assert "expands to more than 10 times" in refusal(pack(("a", b"0" * 1_000)), SMALL)
    assert "3 folders deep" in refusal(pack(("a/b/c/d", b"")), SMALL)


def test_a_bomb_that_understates_its_size(pack: Pack) -> None:
    path = pack(("bomb", b"\0" * 50_000_000))
    assert path.stat().st_size < 100_000
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<L", 10)
    path.write_bytes(data)
    assert "cannot be unpacked" in refusal(path)
    # Honest about it, it is a bomb.
    assert "more than 8,388,608 bytes" in refusal(pack(("bomb", b"\0" * 50_000_000)))


def test_a_file_shorter_than_it_says(pack: Pack) -> None:
    path = pack(("a", b"x" * 50))
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<L", 60)
    path.write_bytes(data)
    assert "cannot be unpacked" in refusal(path)


def test_a_directory_of_millions_is_not_even_read(tmp_path: Path) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    entries = entry * 200_000
    path = tmp_path / "packed.zip"
    for claimed in (len(entries), 0xFFFFFFFF):
        path.write_bytes(entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, claimed, 0, 0))
        assert "directory is too large" in refusal(path)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 200_000, 200_000, len(entries), 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(entries), 1)
    path.write_bytes(entries + end64 + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 46, 0, 0))
    assert "directory is too large" in refusal(path)


def test_what_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "packed.zip"
    assert "no such folder or zip archive" in refusal(path)
    for content in (b"", b"no archive", b"PK\x05\x06"):
        path.write_bytes(content)
        assert "cannot be unpacked" in refusal(path)
    with path.open("wb") as file:
        file.truncate(2 * SMALL.total_bytes)
    assert "bytes or more" in refusal(path, SMALL)


def test_truncated_at_any_byte(pack: Pack) -> None:
    path = pack(("a.json", b"{}" * 40), ("b/c.json", b"[]"))
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        refusal(path)


@given(st.data())
def test_damaged_at_any_byte_it_is_refused_or_stays_within_its_limits(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b"{}" * 40)
        archive.writestr("b/c.json", b"[]")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        files = read_files(path)
    except ArchiveError:
        return
    assert sum(map(len, files.values())) <= 82


posix = pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")


@posix
@pytest.mark.parametrize("target", ["/etc/passwd", "profile.json", ".", "nowhere"])
def test_links_in_folders(tmp_path: Path, target: str) -> None:
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "profile.json").write_text("{}")
    (source / "inner" / "link").symlink_to(target)
    assert refusal(source) == "inner/link: it is a symbolic link"


@posix
def test_what_is_no_file_in_folders(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    os.mkfifo(source / "pipe")
    assert refusal(source) == "pipe: it is neither a file nor a folder"


@posix
def test_names_in_folders_that_other_systems_do_not_know(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name, reason in ((b"a\\b", "'\\\\'"), (b"\xff", "Unicode text"), (b"aux.json", "Windows")):
        file = Path(os.fsdecode(os.fsencode(source) + b"/" + name))
        file.write_bytes(b"")
        assert reason in refusal(source)
        file.unlink()


def test_too_much_in_folders(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "a" / "b" / "c").mkdir(parents=True)
    (source / "a" / "b" / "c" / "d").write_bytes(b"")
    assert "3 folders deep" in refusal(source, SMALL)
    (source / "a" / "b" / "c" / "d").unlink()
    (source / "large").write_bytes(b"x" * 1_001)
    assert "large: it has more than 1,000 bytes" in refusal(source, SMALL)
    (source / "large").unlink()
    for number in range(3):
        (source / str(number)).write_bytes(b"x" * 900)
    assert "more than 5 files and folders" in refusal(source, SMALL)
    (source / "a" / "b" / "c").rmdir()
    assert "together" in refusal(source, SMALL)
