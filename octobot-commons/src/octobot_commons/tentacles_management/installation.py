# SPDX-License-Identifier: Apache-2.0
"""Puts tentacles into the user's tentacles folder and takes them out: checked first, whole or not at all, never run."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from octobot_commons.archives import check_and_unpack
from octobot_commons.configuration.paths import tentacles_folder
from octobot_commons.errors import (
    EnvironmentFault,
    OctoBotError,
    TentacleFolderError,
    UnknownTentacleError,
    did_you_mean,
)
from octobot_commons.tentacles_management.folders import TentacleFolder, find_folders, walk
from octobot_commons.tentacles_management.kinds import FOLDER_OF_KIND
from octobot_commons.tentacles_management.metadata import OUR_API
from octobot_commons.tentacles_management.sources import parse, python_files

try:
    import fcntl
except ImportError:  # not on Windows: there two installations at once may meet
    fcntl = None  # type: ignore[assignment]

_STAGING, _OLD = ".installing-", ".old"
_REQUIREMENT = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(slots=True)
class Installation:
    """What an installation did: folders that are there now, tentacles that cannot run here, and what is asked for by
    none that is known."""

    installed: list[TentacleFolder] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)
    requirements: list[str] = field(default_factory=list)


def install(
    source: Path, *, known_names: Sequence[str] = (), replaces: bool = False, root: Path | None = None
) -> Installation:
    """Install the tentacle folders of a folder or zip, all of them or none.

    Args:
        known_names: of installed tentacles, which requirements may name.
        replaces: also replace a folder that is there in the same version or a later one.
        root: default: the user's tentacles folder.

    Raises:
        ArchiveError: the folder or zip holds what it must not.
        TentacleFolderError: something in it cannot be a tentacle, or it is there already.
        EnvironmentFault: the disk.
    """
    root = tentacles_folder() if root is None else root
    with _locked(root):
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=root))
        try:
            content = staging / (re.sub(r"\W", "_", source.resolve().stem) or "content")
            check_and_unpack(source, content)
            found = Installation()
            moves = [
                (folder, _place_of(folder, source, root, replaces)) for folder in _folders_in(content, source, found)
            ]
            _refuse_twins(moves, root, source)
            _put_in_place(moves)
            found.installed = [TentacleFolder(place, place.relative_to(root).parts[:-1]) for _, place in moves]
            found.requirements = _unknown_requirements(found.installed, known_names, root)
            return found
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def find_installed(name: str, root: Path | None = None) -> TentacleFolder:
    """The user's folder of this name, or with the tentacle of this name.

    Raises:
        UnknownTentacleError: there is none.
    """
    folders, _ = find_folders(tentacles_folder() if root is None else root)
    for folder in folders:
        if name == folder.name or name in folder.metadata.tentacles:
            return folder
    names = [one for folder in folders for one in (folder.name, *folder.metadata.tentacles)]
    remedy = did_you_mean(name, names, f"it holds {', '.join(names)}" if names else "it is empty")
    raise UnknownTentacleError(f"the tentacles folder has no {name}", remedy=remedy)


def remove(folder: TentacleFolder, root: Path | None = None) -> None:
    """Remove one of the user's folders with all its tentacles.

    Raises:
        EnvironmentFault: the disk.
    """
    root = tentacles_folder() if root is None else root
    with _locked(root):
        try:
            gone = Path(tempfile.mkdtemp(prefix=_STAGING, dir=root))
            folder.path.rename(gone / folder.name)
            shutil.rmtree(gone)
            _remove_empty(folder.path.parent, root)
        except OSError as error:
            raise EnvironmentFault(f"cannot be removed: {error.strerror or error}", file=folder.path) from error


def _folders_in(content: Path, source: Path, found: Installation) -> list[TentacleFolder]:
    folders = []
    try:
        for path, place in walk(content):
            folder = TentacleFolder(path, place)
            if folder.is_supported or folder.metadata.api >= OUR_API:
                folder.check()
                _check_sources(path)
                folders.append(folder)
            else:
                found.unsupported += folder.metadata.tentacles
    except OctoBotError as error:
        raise _as_seen_from(error, content, source) from None
    if not folders:
        what = f"cannot run here: {', '.join(found.unsupported)}" if found.unsupported else "holds no metadata.json"
        remedy = (
            "of OctoBot 2 only evaluators and strategies do"
            if found.unsupported
            else "a tentacle is a folder with metadata.json and its Python files"
        )
        raise TentacleFolderError(what, file=source, remedy=remedy)
    return folders


def _as_seen_from(error: OctoBotError, content: Path, source: Path) -> OctoBotError:
    """The user knows the source and not where it was unpacked to."""
    if error.file is not None and Path(error.file).is_relative_to(content):
        error.file = str(source / Path(error.file).relative_to(content))
    return error


def _check_sources(folder: Path) -> None:
    for file in python_files(folder):
        parse(file)


def _place_of(folder: TentacleFolder, source: Path, root: Path, replaces: bool) -> Path:
    if not folder.name.isidentifier():
        message = f"{folder.name!r} is no name for a folder of Python files"
        raise TentacleFolderError(message, file=source, remedy="use letters, digits and underscores")
    assert folder.kind is not None
    if folder.kind not in FOLDER_OF_KIND:
        message = f"{folder.name}: a {folder.kind} cannot be dropped in"
        raise TentacleFolderError(message, file=source, remedy="make a package of it")
    place = root.joinpath(*FOLDER_OF_KIND[folder.kind].split("/"), folder.name)
    if place.exists() and not replaces:
        there = _version_there(place)
        if folder.metadata.version_order <= there.metadata.version_order if there else True:
            version = there.metadata.version if there else "a version that cannot be read"
            raise TentacleFolderError(
                f"{folder.name} is there already in {version}, and this is {folder.metadata.version}",
                file=place,
                remedy="--force replaces it",
            )
    return place


def _version_there(place: Path) -> TentacleFolder | None:
    try:
        return TentacleFolder(place, ())
    except OctoBotError:
        return None


def _refuse_twins(moves: Sequence[tuple[TentacleFolder, Path]], root: Path, source: Path) -> None:
    """No two folders in one place, and no class in two folders."""
    places = {place for _, place in moves}
    owners = {
        name: folder.path
        for folder in find_folders(root)[0]
        if folder.path not in places
        for name in folder.metadata.tentacles
    }
    taken: dict[Path, str] = {}
    for folder, place in moves:
        if place in taken:
            raise TentacleFolderError(f"holds two folders named {folder.name}", file=source, remedy="rename one")
        taken[place] = folder.name
        for name in folder.metadata.tentacles:
            if name in owners:
                message = f"{name} is already in {owners[name]}"
                raise TentacleFolderError(message, file=source, field=name, remedy="remove that one first")
            owners[name] = place


def _put_in_place(moves: Sequence[tuple[TentacleFolder, Path]]) -> None:
    done: list[tuple[Path, Path | None]] = []
    try:
        for folder, place in moves:
            place.parent.mkdir(parents=True, exist_ok=True)
            old = place.with_name(f".{place.name}{_OLD}") if place.exists() else None
            if old is not None:
                place.rename(old)
            done.append((place, old))
            folder.path.rename(place)
    except BaseException:
        for place, old in reversed(done):
            shutil.rmtree(place, ignore_errors=True)
            if old is not None:
                old.rename(place)
        raise
    for _, old in done:
        if old is not None:
            shutil.rmtree(old)


def _unknown_requirements(installed: Sequence[TentacleFolder], known: Sequence[str], root: Path) -> list[str]:
    names = {*known}
    for folder in find_folders(root)[0]:
        names |= {folder.name, *folder.metadata.tentacles}
    wanted = [requirement for folder in installed for requirement in folder.metadata.requirements or ()]
    return [one for one in dict.fromkeys(wanted) if (m := _REQUIREMENT.match(one)) is None or m[0] not in names]


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """One at a time; what an earlier one left when it was killed is put back first."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / ".lock").open("w") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            _recover(root)
            yield
    except OSError as error:
        raise EnvironmentFault(f"cannot be written: {error.strerror or error}", file=root) from error


def _recover(root: Path) -> None:
    for old in root.glob(f"*/*/.*{_OLD}"):
        place = old.with_name(old.name[1 : -len(_OLD)])
        if place.exists():
            shutil.rmtree(old)
        else:
            old.rename(place)
    for staging in root.glob(f"{_STAGING}*"):
        shutil.rmtree(staging, ignore_errors=True)


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        os.rmdir(folder)
        folder = folder.parent
