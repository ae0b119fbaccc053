# SPDX-License-Identifier: Apache-2.0
"""The tentacles that can be used: those that installed packages declare, and classes added by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from octobot_commons.errors import UnknownTentacleError, did_you_mean
from octobot_commons.logging import get_logger
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle
from octobot_commons.tentacles_management.info import TentacleInfo, TentacleKind

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: Entry points: name = class name, value = "module:Class".
TENTACLES_GROUP = "octobot.tentacles"


class TentacleRegistry:
    """Tentacles by class name, sorted; nothing is imported before it is loaded."""

    def __init__(self, infos: Iterable[TentacleInfo] = ()) -> None:
        self._infos: dict[str, TentacleInfo] = {}
        for info in infos:
            self.add(info)

    @classmethod
    def discover(cls) -> TentacleRegistry:
        """The tentacles that installed packages declare; of two with the same name, the last by package name."""
        # Here, because it costs a third of this package's import time.
        from importlib import metadata

        entry_points = metadata.entry_points(group=TENTACLES_GROUP)
        return cls(sorted(map(_info_of, entry_points), key=lambda info: (info.distribution or "", info.name)))

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
            remedy = did_you_mean(name, self._infos, "install the package that brings it")
            raise UnknownTentacleError(f"unknown tentacle {name!r}", remedy=remedy) from None

    def load(self, name: str) -> type[AbstractTentacle]:
        """The class of this tentacle, imported now if it was not.

        Raises:
            UnknownTentacleError: there is none of this name.
            TentacleLoadError: it cannot be imported.
        """
        return self.info(name).load()

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
