# SPDX-License-Identifier: Apache-2.0
"""Files of ours: made, brought to the newest version, told from others and from damaged ones, whole or not changed."""

from __future__ import annotations

import sqlite3
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from octobot_commons.errors import DataError, EnvironmentFault
from octobot_commons.sqlite_file import SqliteFormat, open_sqlite_file, transaction, translated_faults

_FIRST = ("CREATE TABLE note (text TEXT NOT NULL)", "INSERT INTO note VALUES ('made')")
_SECOND = ("ALTER TABLE note ADD COLUMN time REAL", "UPDATE note SET time = 1.5")
OLD = SqliteFormat(0x54455354, (_FIRST,), "note store", "move it away", "name another file")
NEW = replace(OLD, steps=(_FIRST, _SECOND))


def _rows(path: Path, file_format: SqliteFormat) -> list[tuple[object, ...]]:
    connection = open_sqlite_file(path, file_format)
    try:
        return connection.execute("SELECT * FROM note ORDER BY rowid").fetchall()
    finally:
        connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "notes.sqlite"


@pytest.mark.parametrize("write_ahead", [False, True])
def test_a_new_file_is_whole_and_its_owners_alone(path: Path, write_ahead: bool) -> None:
    assert _rows(path, replace(NEW, write_ahead=write_ahead)) == [("made", 1.5)]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_older_file_is_brought_to_the_newest_version_with_what_it_holds(path: Path) -> None:
    connection = open_sqlite_file(path, OLD)
    connection.execute("INSERT INTO note VALUES ('mine')")
    connection.close()
    assert _rows(path, NEW) == [("made", 1.5), ("mine", 1.5)]
    assert _rows(path, NEW) == [("made", 1.5), ("mine", 1.5)]


def test_a_step_that_fails_leaves_the_older_file_as_it_was(path: Path) -> None:
    assert _rows(path, OLD) == [("made",)]
    failing = replace(NEW, steps=(_FIRST, (*_SECOND, "INSERT INTO nowhere VALUES (1)")))
    with pytest.raises(EnvironmentFault, match="no such table: nowhere"):
        open_sqlite_file(path, failing)
    assert _rows(path, OLD) == [("made",)]


def test_a_file_of_a_newer_version_is_refused_and_not_touched(path: Path) -> None:
    _rows(path, NEW)
    before = path.read_bytes()
    with pytest.raises(DataError, match=r"has version 2, this program reads version 1 \(install a newer OctoBot, or"):
        open_sqlite_file(path, OLD)
    assert path.read_bytes() == before


@pytest.mark.parametrize("application_id", [0, 0x12345678])
def test_another_programs_database_is_refused_and_not_touched(tmp_path: Path, application_id: int) -> None:
    path = tmp_path / "theirs.sqlite"
    with sqlite3.connect(path) as theirs:
        theirs.execute(f"PRAGMA application_id = {application_id}")
        theirs.execute("CREATE TABLE bookmark (url TEXT)")
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(DataError, match="another program's database") as refused:
        open_sqlite_file(path, NEW)
    assert "name another file" in str(refused.value)
    assert path.read_bytes() == before


def test_what_is_no_database_is_damaged_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "text.sqlite"
    path.write_text("no database" * 100)
    with pytest.raises(DataError, match="the note store is damaged"):
        open_sqlite_file(path, NEW)
    assert path.read_text() == "no database" * 100


def test_a_damaged_page_is_told_from_a_full_disk(path: Path) -> None:
    connection = open_sqlite_file(path, NEW)
    with transaction(connection):
        connection.executemany("INSERT INTO note VALUES (?, 1.0)", [("x" * 500,)] * 200)
    connection.close()
    damaged = bytearray(path.read_bytes())
    damaged[8192:32768] = b"\xff" * (32768 - 8192)
    path.write_bytes(damaged)
    connection = open_sqlite_file(path, NEW)
    with pytest.raises(DataError, match="damaged"), translated_faults(path, NEW):
        connection.execute("SELECT * FROM note").fetchall()
    connection.close()


def test_a_folder_in_its_place_is_the_outside_worlds_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be opened"):
        open_sqlite_file(tmp_path, NEW)


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    connection = open_sqlite_file(path, NEW)

    def forget(and_fail: bool) -> None:
        with transaction(connection):
            connection.execute("DELETE FROM note")
            if and_fail:
                raise RuntimeError

    with pytest.raises(RuntimeError):
        forget(and_fail=True)
    assert _rows(path, NEW) == [("made", 1.5)]
    forget(and_fail=False)
    assert _rows(path, NEW) == []
    connection.close()


def test_a_writer_that_does_not_end_is_told_after_the_wait(path: Path) -> None:
    first, second = (open_sqlite_file(path, replace(NEW, busy_seconds=0.01)) for _ in range(2))
    refused = pytest.raises(EnvironmentFault, match="cannot be used: database is locked")
    with transaction(first), refused, translated_faults(path, NEW), transaction(second):
        pass
    with transaction(second):
        second.execute("INSERT INTO note VALUES ('later', 2.0)")
    for connection in (first, second):
        connection.close()


@pytest.mark.parametrize("write_ahead", [False, True])
def test_many_open_a_new_file_at_once_and_one_makes_it(path: Path, write_ahead: bool) -> None:
    file_format = replace(NEW, write_ahead=write_ahead)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: _rows(path, file_format), range(32)))
    assert found == [[("made", 1.5)]] * 32
