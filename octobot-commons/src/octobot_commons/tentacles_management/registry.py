# SPDX-License-Identifier: Apache-2.0
"""The tentacles that can be used: those that installed packages declare, and classes added by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from octobot_commons.configuration.paths import tentacles_folder
from octobot_commons.errors import OctoBotError, TentacleFolderError, UnknownTentacleError, did_you_mean
from octobot_commons.logging import get_logger
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle
from octobot_commons.tentacles_management.folders import TentacleFolder, find_folders
from octobot_commons.tentacles_management.info import TentacleInfo
from octobot_commons.tentacles_management.kinds import TentacleKind

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig

#: Entry points: name = class name, value = "module:Class".
TENTACLES_GROUP = "octobot.tentacles"
#: The same of classes that tentacles use and that are none.
UTILS_GROUP = "octobot.tentacle_utils"


class TentacleRegistry:
    """Tentacles by class name, sorted; nothing is imported before it is loaded."""

    def __init__(self, infos: Iterable[TentacleInfo] = ()) -> None:
        self._infos: dict[str, TentacleInfo] = {}
        self._utils: dict[str, TentacleInfo] = {}
        #: The user's folders that can be used, and what is wrong with the others.
        self.folders: list[TentacleFolder] = []
        self.problems: list[OctoBotError] = []
        for info in infos:
            self.add(info)

    @classmethod
    def discover(cls, folder: Path | None = None) -> TentacleRegistry:
        """What installed packages declare and what stands in the user's tentacles folder (or ``folder``).

        Of two with the same name the user's counts, else the last by package name. Nothing is imported.
        """
        # Here, because it costs a third of this package's import time.
        from importlib import metadata

        registry = cls()
        for group, add in ((TENTACLES_GROUP, registry.add), (UTILS_GROUP, registry._add_util)):
            infos = map(_info_of, metadata.entry_points(group=group))
            for info in sorted(infos, key=lambda info: (info.distribution or "", info.name)):
                add(info)
        folders, registry.problems = find_folders(tentacles_folder() if folder is None else folder)
        for one in folders:
            registry.add_folder(one)
        return registry

    def add_folder(self, folder: TentacleFolder) -> None:
        """Add the tentacles of a folder, or the classes that tentacles use; what cannot be used is a problem."""
        try:
            is_supported = folder.is_supported
        except OctoBotError as error:
            self.problems.append(error)
            return
        if not is_supported:
            names = ", ".join(folder.metadata.tentacles)
            message, remedy = f"cannot run here: {names}", "of OctoBot 2 only evaluators and strategies do"
            self.problems.append(TentacleFolderError(message, file=folder.path, remedy=remedy))
            return
        self.folders.append(folder)
        for info in folder.infos(self):
            self.add(info)

    def version_of(self, name: str) -> str | None:
        """The version of the tentacle or of the folder of this name; None: there is none."""
        of_folder = next((one.metadata.version for one in self.folders if one.name == name), None)
        return self._infos[name].version or "0" if name in self._infos else of_folder

    def class_names(self, kind: TentacleKind) -> set[str]:
        """The names of all classes of a kind, those that tentacles use included."""
        if kind is TentacleKind.UTIL:
            return {name for one in self.folders if one.kind is kind for name in one.classes} | self._utils.keys()
        return {info.name for info in self.by_kind(kind)}

    def find_class(self, name: str, kind: TentacleKind) -> type | None:
        """The class of this name and kind, the user's first; None: there is none.

        Raises:
            TentacleLoadError: it cannot be imported.
        """
        if kind is not TentacleKind.UTIL:
            return self.load(name) if name in self._infos and self._infos[name].kind is kind else None
        for folder in self.folders:
            if folder.kind is kind and name in folder.classes:
                found: type = getattr(folder.import_class_module(name, self), name)
                return found
        return self._utils[name].load_any() if name in self._utils else None

    def _add_util(self, info: TentacleInfo) -> None:
        self._utils[info.name] = info

    def add(self, tentacle: TentacleInfo | type[AbstractTentacle]) -> None:
        """Add a tentacle; one of the same name that is there already is replaced, with a notice in the log."""
        info = tentacle if isinstance(tentacle, TentacleInfo) else TentacleInfo.of_class(tentacle)
        replaced = self._infos.get(info.name)
        if replaced is not None:
            get_logger("Tentacles").warning("%s of %s replaces the one of %s", info.name, info.module, replaced.module)
        self._infos[info.name] = info

    def names(self) -> list[str]:
        """The names of all tentacles, sorted."""
        return sorted(self._infos)

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def __len__(self) -> int:
        return len(self._infos)

    def info(self, name: str) -> TentacleInfo:
        """What is known of this tentacle.

        Raises:
            UnknownTentacleError: there is none; the nearest name is suggested.
        """
        try:
            return self._infos[name]
        except KeyError:
            otherwise = "install the package that brings it"
            if self.problems:
                otherwise += f"; {len(self.problems)} folders cannot be used, `octobot tentacles list` says why"
            remedy = did_you_mean(name, self._infos, otherwise)
            raise UnknownTentacleError(f"unknown tentacle {name!r}", remedy=remedy) from None

    def load(self, name: str) -> type[AbstractTentacle]:
        """The class of this tentacle, imported now if it was not.

        Raises:
            UnknownTentacleError: there is none of this name.
            TentacleLoadError: it cannot be imported.
        """
        return self.info(name).load()

    def load_for(self, name: str, setup: TentaclesSetupConfig) -> type[AbstractTentacle]:
        """``load`` it, and let it have its default settings where the profile of this setup has none of it."""
        settings = self.info(name).default_settings()
        if settings is not None:
            setup.set_default_file(name, settings)
        return self.load(name)

    get = load

    def by_kind(self, kind: TentacleKind | str) -> list[TentacleInfo]:
        """The tentacles of a kind, by name; loads those whose module's place does not tell the kind."""
        return [info for name in self.names() if (info := self._infos[name]).kind == kind]


def _info_of(entry_point: EntryPoint) -> TentacleInfo:
    distribution = entry_point.dist
    return TentacleInfo(
        name=entry_point.name,
        module=entry_point.module,
        class_name=entry_point.attr or entry_point.name,
        distribution=distribution.name if distribution else None,
        version=distribution.version if distribution else None,
    )
