# SPDX-License-Identifier: Apache-2.0
"""Folders of tentacles that a user drops into the tentacles folder: found without importing anything."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from octobot_commons.errors import EnvironmentFault, OctoBotError, TentacleFolderError
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle
from octobot_commons.tentacles_management.info import TentacleInfo
from octobot_commons.tentacles_management.kinds import TentacleKind, kind_of_place
from octobot_commons.tentacles_management.loading import LoadedFolder
from octobot_commons.tentacles_management.metadata import METADATA_FILE, OLD_API, Metadata, read_metadata
from octobot_commons.tentacles_management.sources import DefinedClass, defined_classes, told_kind

if TYPE_CHECKING:
    from octobot_commons.tentacles_management.registry import TentacleRegistry

#: What a module of OctoBot 2 may be to run here.
OLD_KINDS = frozenset({TentacleKind.TA, TentacleKind.REAL_TIME, TentacleKind.STRATEGY, TentacleKind.UTIL})
#: A link may lead back up, and so make a tree without an end.
_DEEPEST = 8
SETTINGS_FOLDER, PAGES_FOLDER, TESTS_FOLDER = "config", "resources", "tests"


class TentacleFolder:
    """One folder with ``metadata.json``: a module of one or several tentacles, or of classes that they use.

    ``place`` is its path below what it was found in, which may tell its kind.
    """

    def __init__(self, path: Path, place: tuple[str, ...]) -> None:
        self.path = path
        self.name = path.name
        self.place = place
        self.metadata: Metadata = read_metadata(path)
        self._loaded: LoadedFolder | None = None

    @cached_property
    def classes(self) -> dict[str, DefinedClass]:
        """The classes that its files define.

        Raises:
            TentacleFolderError: a file is no Python.
        """
        return defined_classes(self.path)

    @cached_property
    def kind(self) -> TentacleKind | None:
        """What its path tells, else the bases of the first of its classes that tells; None where neither does."""
        told = kind_of_place(self.place)
        kinds = (told_kind(name, self.classes) for name in self.metadata.tentacles)
        return told or next((kind for kind in kinds if kind is not None), None)

    @property
    def is_supported(self) -> bool:
        """Whether it can run here: of OctoBot 2 technical and real-time evaluators and strategies do."""
        return self.kind is not None and (self.metadata.api != OLD_API or self.kind in OLD_KINDS)

    def check(self) -> None:
        """Refuse what could not be loaded, as far as that shows without running it.

        Raises:
            TentacleFolderError: a class that is not there, files that are no Python, or no kind.
        """
        for name in self.metadata.tentacles:
            if name not in self.classes:
                known = f"its files define {', '.join(self.classes)}" if self.classes else "it has no Python file"
                file = self.path / METADATA_FILE
                raise TentacleFolderError(f"no file defines {name}", file=file, field="tentacles", remedy=known)
        if self.kind is None:
            remedy = "put it below a folder like Evaluator/TA, or derive it from TAEvaluator or another kind"
            raise TentacleFolderError("nothing tells what kind of tentacle it is", file=self.path, remedy=remedy)

    def infos(self, registry: TentacleRegistry) -> Iterator[FolderTentacleInfo]:
        """Its tentacles; classes that tentacles use are none."""
        if self.kind is not TentacleKind.UTIL:
            for name in self.metadata.tentacles:
                version = self.metadata.version
                module = "/".join((*self.place, self.name))
                yield FolderTentacleInfo(name, module, name, version=version, folder=self, registry=registry)

    def settings_file(self, name: str) -> Path:
        """Where the settings are that a class of it has unless a profile says otherwise; it may not exist."""
        return self.path / SETTINGS_FOLDER / f"{name}.json"

    def page(self, name: str) -> Path:
        """Where the page about a class of it is; it may not exist."""
        return self.path / PAGES_FOLDER / f"{name}.md"

    def import_class_module(self, name: str, registry: TentacleRegistry) -> ModuleType:
        """The module that defines a class, imported once for all classes of this folder.

        Raises:
            Exception: whatever its code raises.
        """
        defined = self.classes.get(name)
        if self._loaded is None:
            self._loaded = LoadedFolder(self.path, registry)
        return self._loaded.import_module("__init__" if defined is None else defined.module)

    def take_over(self, newer: TentacleFolder) -> None:
        """Be what the same folder has become; classes that were imported before stay as they are."""
        self.metadata, self._loaded = newer.metadata, newer._loaded
        self.__dict__.pop("classes", None)


@dataclass(slots=True, kw_only=True)
class FolderTentacleInfo(TentacleInfo):
    """A tentacle of a folder."""

    folder: TentacleFolder
    registry: TentacleRegistry

    @property
    def kind(self) -> TentacleKind:
        return self.folder.kind or TentacleKind.OTHER

    @property
    def _declared_in(self) -> str:
        return f"{METADATA_FILE}, which names it"

    @property
    def source(self) -> str:
        return f"{self.folder.path} {self.version}"

    def import_anew(self) -> tuple[type[AbstractTentacle], Callable[[], None]]:
        newer = TentacleFolder(self.folder.path, self.folder.place)
        info = FolderTentacleInfo(
            self.name,
            self.module,
            self.class_name,
            version=newer.metadata.version,
            folder=newer,
            registry=self.registry,
        )
        loaded = info.load()

        def keep() -> None:
            self.folder.take_over(newer)
            self.version, self._loaded = info.version, loaded

        return loaded, keep

    def describe(self) -> str:
        """Without importing it: a user looks at it before trusting it."""
        defined = self.folder.classes.get(self.class_name)
        if self.page() is None and defined is not None:
            return defined.description
        return TentacleInfo.describe(self)

    def default_settings(self) -> Path | None:
        file = self.folder.settings_file(self.name)
        return file if file.exists() else None

    def page(self) -> Path | None:
        page = self.folder.page(self.name)
        return page if page.exists() else None

    def _import_module(self) -> ModuleType:
        return self.folder.import_class_module(self.class_name, self.registry)


def find_folders(root: Path) -> tuple[list[TentacleFolder], list[OctoBotError]]:
    """The tentacle folders below ``root`` by path, and what is wrong with those that cannot be used."""
    found: list[TentacleFolder] = []
    problems: list[OctoBotError] = []
    for path, place in walk(root, on_problem=problems.append):
        try:
            found.append(TentacleFolder(path, place))
        except OctoBotError as error:
            problems.append(error)
    return found, problems


def walk(
    root: Path, place: tuple[str, ...] = (), on_problem: Callable[[OctoBotError], None] | None = None
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """(folder, its parents' names below ``root``) of each folder with ``metadata.json``; none inside of another.

    Raises:
        EnvironmentFault: a folder cannot be read; ``on_problem`` is told instead where it is given.
    """
    if not os.path.isdir(root) or len(place) > _DEEPEST:
        return
    if os.path.isfile(root / METADATA_FILE):
        yield root, place[:-1]
        return
    try:
        names = sorted(os.listdir(root))
    except OSError as error:
        fault = EnvironmentFault(f"cannot be read: {error.strerror or error}", file=root)
        if on_problem is None:
            raise fault from error
        on_problem(fault)
        return
    for name in names:
        if not name.startswith((".", "__")):
            yield from walk(root / name, (*place, name), on_problem)
