# SPDX-License-Identifier: Apache-2.0
"""Imports a tentacle folder as a package with a name of its own, each time another one.

So a changed folder can be imported beside its older self, and neither is found by anybody else's import. Its code
imports with ``OldNames`` in mind, also inside functions that run later: what it imports by the names of OctoBot 2 is
found for it alone, and a package that really has such a name stays what it is for everybody else.
"""

from __future__ import annotations

import builtins
import importlib
import itertools
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

from octobot_commons.tentacles_management.old_names import OldNames

if TYPE_CHECKING:
    from octobot_commons.tentacles_management.registry import TentacleRegistry

#: The package that all of them seem to be in.
PACKAGE = "octobot_user_tentacles"
_numbers = itertools.count(1)
_loaded: dict[str, LoadedFolder] = {}


class LoadedFolder:
    """One import of a folder; its modules live in ``sys.modules`` until ``unload``."""

    def __init__(self, folder: Path, registry: TentacleRegistry) -> None:
        self.folder = folder
        self.package = f"{PACKAGE}.{folder.name}_{next(_numbers)}"
        names = OldNames(registry)

        def import_(
            name: str, globals_: Any = None, locals_: Any = None, fromlist: Sequence[str] = (), level: int = 0
        ) -> ModuleType:
            if level == 0 and names.has(name):
                return names.import_(name, fromlist)
            return builtins.__import__(name, globals_, locals_, fromlist, level)

        self.builtins = {**vars(builtins), "__import__": import_}

    def import_module(self, stem: str) -> ModuleType:
        """The module of one of its files.

        Raises:
            Exception: whatever its code raises; modules that failed are forgotten.
        """
        _loaded[self.package] = self
        _provide_root()
        return importlib.import_module(self.package if stem == "__init__" else f"{self.package}.{stem}")

    def unload(self) -> None:
        """Let its modules go."""
        _loaded.pop(self.package, None)
        for name in [name for name in sys.modules if name == self.package or name.startswith(f"{self.package}.")]:
            del sys.modules[name]


class _Finder(MetaPathFinder):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if not name.startswith(f"{PACKAGE}."):
            return None
        package = ".".join(name.split(".")[:2])
        folder = _loaded.get(package)
        if folder is None:
            return None
        place = folder.folder.joinpath(*name.split(".")[2:])
        if place.is_dir():
            init = place / "__init__.py"
            loader = _Loader(name, str(init), folder.builtins) if init.is_file() else None
            spec = ModuleSpec(name, loader, origin=str(init), is_package=True)
            spec.submodule_search_locations = [str(place)]
        else:
            file = place.with_suffix(".py")
            if not file.is_file():
                return None
            spec = ModuleSpec(name, _Loader(name, str(file), folder.builtins), origin=str(file))
        spec.has_location = spec.loader is not None
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, own_builtins: dict[str, Any]) -> None:
        super().__init__(name, path)
        self._builtins = own_builtins

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = self._builtins
        super().exec_module(module)

    def get_code(self, fullname: str) -> CodeType:
        # Always from the source: a cache goes by times of whole seconds, and nothing is to be written beside it.
        code: CodeType = self.source_to_code(self.get_data(self.path), self.path)
        return code


def _provide_root() -> None:
    if PACKAGE not in sys.modules:
        root = sys.modules[PACKAGE] = ModuleType(PACKAGE)
        root.__path__ = []
        sys.meta_path.insert(0, _Finder())
