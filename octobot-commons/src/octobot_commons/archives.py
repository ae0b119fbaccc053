# SPDX-License-Identifier: Apache-2.0
"""Zips and folders that come from elsewhere: checked, then copied, and nothing of them is run.

A name may say anything, a declared size may lie, and a few kilobytes may unpack to a terabyte. So names are checked
before anything is written, and what is written is counted while it is.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from octobot_commons.errors import ArchiveError, EnvironmentFault

_CHUNK = 1 << 16
_FORBIDDEN = frozenset('<>:"|?*\\')
#: Windows gives these names to devices, whatever their suffix.
_DEVICES = frozenset(
    [
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10)),
    ]
)
_ENCRYPTED = 0x1
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may hold: bytes altogether and of one file, files and folders, folders in each other, and how
    many times its own size it may unpack to (small files aside)."""

    total: int = 64 << 20
    file: int = 16 << 20
    entries: int = 5_000
    depth: int = 12
    ratio: int = 200
    #: Up to so many bytes the ratio is nobody's business.
    ratio_from: int = 1 << 20
    name: int = 200


class _Entry:
    """A file (``open``) or a folder of an archive; ``name`` has "/" between its parts."""

    def __init__(self, name: str, open_: Callable[[], IO[bytes]] | None) -> None:
        self.name = name
        self.open = open_


def unpack(source: Path, into: Path, limits: ArchiveLimits | None = None) -> None:
    """Copy a zip's or a folder's content into the existing, empty folder ``into``; files get ordinary rights.

    Hidden version control and Python's caches are left out.

    Raises:
        ArchiveError: it is neither, or not whole, or holds what must not be: names the entry and why. What was copied
            until then is of no use.
        EnvironmentFault: it cannot be read, or ``into`` not be written.
    """
    limits = limits or ArchiveLimits()
    try:
        if source.is_dir():
            _write(_checked(_folder_entries(source, limits), source, limits), into, source, limits)
        elif not source.exists():
            raise ArchiveError("no such file or folder", file=source, remedy="give the path of a folder or of a zip")
        else:
            _unpack_zip(source, into, limits)
    except OSError as error:
        raise EnvironmentFault(
            f"it cannot be copied: {error.strerror or error}", file=error.filename or source
        ) from error


def _unpack_zip(source: Path, into: Path, limits: ArchiveLimits) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            written = _write(_checked(_zip_entries(archive, source, limits), source, limits), into, source, limits)
            size = source.stat().st_size
            if written > max(limits.ratio_from, size * limits.ratio):
                raise _too_dense(source, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, RuntimeError) as error:
        raise ArchiveError(f"is no usable zip: {error}", file=source, remedy="get it again") from error


def _zip_entries(archive: zipfile.ZipFile, source: Path, limits: ArchiveLimits) -> list[_Entry]:
    infos = archive.infolist()
    if len(infos) > limits.entries:
        raise _too_many(source, limits)
    if sum(info.file_size for info in infos) > max(limits.ratio_from, source.stat().st_size * limits.ratio):
        raise _too_dense(source, limits)
    entries = []
    for info in infos:
        # zipfile itself cuts a name at a NUL and turns the system's separators: what stands there is what counts.
        name = info.orig_filename
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            what = "a symbolic link" if kind == stat.S_IFLNK else "neither a file nor a folder"
            raise ArchiveError(f"is {what}", file=source, field=name, remedy="pack files and folders only")
        if info.flag_bits & _ENCRYPTED:
            raise ArchiveError("is encrypted", file=source, field=name, remedy="pack it without a password")
        if info.compress_type not in _COMPRESSIONS:
            message = f"is compressed by method {info.compress_type}"
            raise ArchiveError(message, file=source, field=name, remedy="pack it with deflate")
        is_folder = name.endswith("/")
        if info.file_size > limits.file:
            raise _too_large(source, name, limits)
        entries.append(_Entry(name.removesuffix("/"), None if is_folder else _opener(archive, info)))
    return entries


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _folder_entries(folder: Path, limits: ArchiveLimits) -> Iterator[_Entry]:
    waiting = [folder]
    found = 0
    while waiting:
        with os.scandir(waiting.pop()) as listing:
            for one in sorted(listing, key=lambda entry: entry.name):
                found += 1
                if found > limits.entries:
                    raise _too_many(folder, limits)
                name = Path(one.path).relative_to(folder).as_posix()
                if one.is_symlink():
                    raise ArchiveError("is a symbolic link", file=folder, field=name, remedy="replace it by a copy")
                if one.is_dir(follow_symlinks=False):
                    if not _is_left_out(name):
                        yield _Entry(name, None)
                        waiting.append(Path(one.path))
                elif one.is_file(follow_symlinks=False):
                    yield _Entry(name, _file_opener(Path(one.path)))
                else:
                    raise ArchiveError("is neither a file nor a folder", file=folder, field=name, remedy="remove it")


def _file_opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _checked(entries: Iterable[_Entry], source: Path, limits: ArchiveLimits) -> list[_Entry]:
    """All of them with usable names, each name once; those of no interest are left out."""
    checked: list[_Entry] = []
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for entry in entries:
        reason = _fault_of(entry.name, limits)
        if reason is not None:
            raise ArchiveError(reason, file=source, field=repr(entry.name), remedy="pack it with a plain name")
        _refuse_twins(entry, source, files, folders)
        if not _is_left_out(entry.name):
            checked.append(entry)
    return checked


def _refuse_twins(entry: _Entry, source: Path, files: dict[str, str], folders: dict[str, str]) -> None:
    """Names that are one on some systems, and a file where another entry needs a folder."""
    parents = [str(parent) for parent in PurePosixPath(entry.name).parents][:-1]
    own_folders = [*parents, *([] if entry.open else [entry.name])]
    for name in own_folders:
        known = folders.setdefault(name.casefold(), name)
        if known != name or name.casefold() in files:
            raise _twins(source, entry.name, files.get(name.casefold(), known))
    if entry.open:
        other = files.get(entry.name.casefold(), folders.get(entry.name.casefold()))
        if other is not None:
            raise _twins(source, entry.name, other)
        files[entry.name.casefold()] = entry.name


def _fault_of(name: str, limits: ArchiveLimits) -> str | None:
    if not name or name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        return "is no path inside the archive"
    if any(character in _FORBIDDEN or ord(character) < 32 or ord(character) == 127 for character in name):
        return "has a character that a name must not have"
    if any(0xD800 <= ord(character) <= 0xDFFF for character in name):
        return "is no text"
    parts = name.split("/")
    if len(parts) > limits.depth:
        return f"is more than {limits.depth} folders deep"
    if any(part == ".." for part in parts):
        return "leads out of the archive"
    if any(
        part in ("", ".") or part != part.strip() or part.endswith(".") or len(part) > limits.name for part in parts
    ):
        return "is no name that every system can have"
    device = next((part for part in parts if part.partition(".")[0].upper() in _DEVICES), None)
    return f"is named like the device {device}" if device else None


def _is_left_out(name: str) -> bool:
    parts = name.split("/")
    return bool({"__pycache__", ".git", ".hg", ".svn", "__MACOSX", ".DS_Store"} & {*parts}) or name.endswith(".pyc")


def _write(entries: list[_Entry], into: Path, source: Path, limits: ArchiveLimits) -> int:
    written = 0
    for entry in entries:
        target = into / entry.name
        if entry.open is None:
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with entry.open() as reader, target.open("xb") as writer:
            while chunk := reader.read(_CHUNK):
                size += len(chunk)
                if size > limits.file:
                    raise _too_large(source, entry.name, limits)
                if written + size > limits.total:
                    remedy = "remove what is not needed"
                    raise ArchiveError(f"holds more than {limits.total:,} bytes", file=source, remedy=remedy)
                writer.write(chunk)
            writer.flush()
            os.fsync(writer.fileno())
        written += size
    return written


def _too_many(source: Path, limits: ArchiveLimits) -> ArchiveError:
    return ArchiveError(f"holds more than {limits.entries:,} files and folders", file=source, remedy="pack less")


def _too_large(source: Path, name: str, limits: ArchiveLimits) -> ArchiveError:
    return ArchiveError(f"is larger than {limits.file:,} bytes", file=source, field=name, remedy="leave it out")


def _too_dense(source: Path, limits: ArchiveLimits) -> ArchiveError:
    return ArchiveError(f"unpacks to more than {limits.ratio} times its size", file=source, remedy="do not trust it")


def _twins(source: Path, name: str, other: str) -> ArchiveError:
    return ArchiveError(f"is the same name as {other} on some systems", file=source, field=name, remedy="rename one")
