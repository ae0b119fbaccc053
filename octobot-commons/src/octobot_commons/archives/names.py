# SPDX-License-Identifier: Apache-2.0
"""Which paths an archive or a folder may hold: such that mean the same file, inside the folder, on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from octobot_commons.errors import ArchiveError

#: What systems and tools leave behind; such files and folders are never taken over.
LEFT_BEHIND = frozenset({"__pycache__", "__MACOSX", ".git", ".DS_Store", "Thumbs.db", "desktop.ini"})

#: Bytes that file systems allow in one name.
_LONGEST = 255
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:<>"|?*]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³]) *(\..*)?", re.IGNORECASE)
#: What is in these would go unchecked.
_ARCHIVES = (".zip", ".whl", ".egg", ".jar", ".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")


def is_left_behind(name: str) -> bool:
    """Whether a path, or a folder it lies in, is what systems and tools leave behind."""
    return not LEFT_BEHIND.isdisjoint(name.split("/"))


def check_names(names: Iterable[str], source: Path, depth: int) -> None:
    """Check relative paths with ``/``, those of folders ending with it.

    Raises:
        ArchiveError: one leads outside, is no file name on some system, lies too deep, or two are the same file there.
    """
    files: set[str] = set()
    folders: set[str] = set()
    spellings: dict[str, str] = {}
    for name in names:
        _check_name(name, source, depth)
        is_folder = name.endswith("/")
        path = name.removesuffix("/")
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            own = "/".join(parts[:end])
            other = spellings.setdefault(_folded(own), own)
            if own != other:
                raise refused(source, name, f"it is the same file as {other!r} on some systems", "rename one of them")
            if end < len(parts):
                folders.add(own)
        if not is_folder and path in files:
            raise refused(source, name, "it is there twice", "pack it again")
        (folders if is_folder else files).add(path)
    for path in files & folders:
        raise refused(source, path, "it is both a file and a folder", "pack it again")


def fault_of_name(part: str) -> str | None:
    """Why this cannot be the name of a file or folder on every system; None: it can."""
    if character := _FORBIDDEN.search(part):
        return f"a name must not contain {character[0]!r}"
    if part[-1] in " .":
        return f"a name must not end with {part[-1]!r}"
    if _RESERVED.fullmatch(part):
        return f"{part} is no file name on Windows"
    if part.casefold().endswith(_ARCHIVES):
        return "it is an archive itself"
    try:
        if len(part.encode()) > _LONGEST:
            return f"a name has at most {_LONGEST} bytes"
    except UnicodeEncodeError:
        return "a name must be Unicode text"
    return None if part.isprintable() else "a name must be shown as it is"


def refused(source: Path, name: str, message: str, remedy: str) -> ArchiveError:
    """The error for a path, which is shown escaped where it holds what a terminal would obey."""
    shown = name if name.isprintable() else ascii(name)
    return ArchiveError(message, file=source, field=shown[:200], remedy=remedy)


def _check_name(name: str, source: Path, depth: int) -> None:
    parts = name.removesuffix("/").split("/")
    fault = None
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        fault = "it is an absolute path"
    elif ".." in parts:
        fault = "it leads outside"
    elif "" in parts or "." in parts:
        fault = "it has an empty part"
    elif len(parts) > depth:
        fault = f"it lies more than {depth} folders deep"
    else:
        fault = next((found for part in parts if (found := fault_of_name(part)) is not None), None)
    if fault is not None:
        raise refused(source, name, fault, "rename or remove it")


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
