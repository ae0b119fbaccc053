# SPDX-License-Identifier: Apache-2.0
"""The modules that tentacles of OctoBot 2 import by name: nobody else sees them (``loading``).

::

    tentacles.Evaluator.TA, .RealTime, .Strategies, .Util   every class of that kind, the user's own first
    octobot_tentacles_manager.api, .api.configurator        get_tentacle_config
    octobot_tentacles_manager.api.inspector                 check_tentacle_version
    octobot_services                                        there, and empty
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig
from octobot_commons.errors import OctoBotError, did_you_mean
from octobot_commons.logging import get_logger
from octobot_commons.tentacles_management.kinds import TentacleKind
from octobot_commons.tentacles_management.metadata import version_order

if TYPE_CHECKING:
    from octobot_commons.tentacles_management.registry import TentacleRegistry

_KINDS = {
    "TA": TentacleKind.TA,
    "RealTime": TentacleKind.REAL_TIME,
    "Strategies": TentacleKind.STRATEGY,
    "Util": TentacleKind.UTIL,
}
_SERVICES, _TENTACLES, _MANAGER = "octobot_services", "tentacles", "octobot_tentacles_manager"
_REMEDY = "install a package or a folder that brings it; `octobot tentacles list` shows what there is"


class OldNames:
    """The old modules, over one registry."""

    def __init__(self, registry: TentacleRegistry) -> None:
        self._registry = registry
        self._modules: dict[str, ModuleType] = {}
        for name, kind in _KINDS.items():
            self._add(_Classes(f"{_TENTACLES}.Evaluator.{name}", registry, kind))
        api = {"get_tentacle_config": get_tentacle_config, "check_tentacle_version": self._check_tentacle_version}
        for name in ("api", "api.configurator", "api.inspector"):
            module = self._add(ModuleType(f"{_MANAGER}.{name}"))
            for function in api:
                setattr(module, function, api[function])
        self._add(ModuleType(_SERVICES))

    def has(self, name: str) -> bool:
        """Whether a module of this name is for this one to give."""
        return name.partition(".")[0] in (_TENTACLES, _MANAGER, _SERVICES)

    def import_(self, name: str, fromlist: Sequence[str] | None) -> ModuleType:
        """What ``import name`` or ``from name import …`` asks ``__import__`` for.

        Raises:
            ModuleNotFoundError: there is no such module.
            ImportError: it has no such name; says what may help.
        """
        found = self._module(name)
        if not fromlist:
            return self._modules[name.partition(".")[0]]
        for wanted in fromlist:
            if wanted != "*" and not hasattr(found, wanted) and f"{name}.{wanted}" not in self._modules:
                known = found.names() if isinstance(found, _Classes) else list(vars(found))
                raise ImportError(f"{name} has no {wanted} here ({did_you_mean(wanted, known, _REMEDY)})", name=name)
        return found

    def _module(self, name: str) -> ModuleType:
        found = self._modules.get(name)
        if found is None and name.startswith(f"{_SERVICES}."):
            found = self._add(ModuleType(name))
        if found is None:
            # A module of a category's folder: its classes are found in the category.
            found = next((one for path, one in self._modules.items()
                          if isinstance(one, _Classes) and name.startswith(f"{path}.")), None)  # fmt: skip
        if found is None:
            known = ", ".join(sorted(self._modules))
            raise ModuleNotFoundError(f"OctoBot 3 has nothing for {name} (it has {known})", name=name)
        return found

    def _add(self, module: ModuleType) -> ModuleType:
        """Known by its whole name, and as an attribute of its parents."""
        name = module.__name__
        self._modules[name] = module
        parent, _, last = name.rpartition(".")
        if parent:
            above = self._modules.get(parent)
            setattr(self._add(ModuleType(parent)) if above is None else above, last, module)
        return module

    def _check_tentacle_version(
        self, version: str, name: str, origin_package: str | None = None, verbose: bool = True
    ) -> bool:
        """Whether the tentacle, or the folder of tentacles, of this name is there in this version or a later one."""
        found = self._registry.version_of(name)
        is_there = found is not None and version_order(found) >= version_order(version)
        if not is_there and verbose:
            what = "is not there" if found is None else f"is there as {found}"
            get_logger("Tentacles").warning("%s %s is asked for and %s", name, version, what)
        return is_there


class _Classes(ModuleType):
    """All classes of one kind, loaded when they are asked for."""

    def __init__(self, name: str, registry: TentacleRegistry, kind: TentacleKind) -> None:
        super().__init__(name)
        self._find: Callable[[str], Any] = lambda wanted: registry.find_class(wanted, kind)
        self._names: Callable[[], Iterable[str]] = lambda: registry.class_names(kind)

    def names(self) -> list[str]:
        """The classes that there are."""
        return sorted(self._names())

    def _is_usable(self, name: str) -> bool:
        """``import *`` leaves out what cannot be imported, as its own module cannot while it asks."""
        try:
            return self._find(name) is not None
        except OctoBotError as error:
            get_logger("Tentacles").debug("left out of %s: %s", self.__name__, error)
            return False

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return [one for one in self.names() if self._is_usable(one)]
        found = None
        try:
            found = None if name.startswith("__") else self._find(name)
        except OctoBotError as error:
            raise ImportError(str(error), name=name) from error
        if found is None:
            raise AttributeError(f"{self.__name__} has no {name} here")
        return found


def get_tentacle_config(tentacles_setup_config: TentaclesSetupConfig, klass: type | str) -> dict[str, Any]:
    """The live settings of a tentacle."""
    return tentacles_setup_config.get_config(klass)
