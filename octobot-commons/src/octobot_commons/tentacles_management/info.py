# SPDX-License-Identifier: Apache-2.0
"""What is known of a tentacle before and after it is imported."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from octobot_commons.errors import TentacleLoadError, UserInputError, did_you_mean
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle
from octobot_commons.tentacles_management.kinds import TentacleKind, kind_of, kind_of_module

#: What imports tentacles is not where importing them fails.
_HERE = os.path.dirname(__file__)


@dataclass(slots=True)
class TentacleInfo:
    """A tentacle that can be loaded; its module is imported by ``load`` only."""

    name: str
    module: str
    class_name: str
    distribution: str | None = None
    version: str | None = None
    _loaded: type[AbstractTentacle] | None = field(default=None, repr=False)

    @classmethod
    def of_class(cls, tentacle_class: type[AbstractTentacle]) -> TentacleInfo:
        """The info of a class that is already there."""
        name = tentacle_class.get_name()
        return cls(name, tentacle_class.__module__, tentacle_class.__qualname__, _loaded=tentacle_class)

    @property
    def kind(self) -> TentacleKind:
        """From the module's folder (``….evaluators.ta.…``) where that tells, else from the base class, which loads it.

        Raises:
            TentacleLoadError: only the class could tell and it cannot be loaded.
        """
        told = kind_of_module(self.module) if self._loaded is None else None
        return told or kind_of(self.load())

    def load(self) -> type[AbstractTentacle]:
        """Import the module and return the class; the same one each time.

        Raises:
            TentacleLoadError: names the file and line where importing failed and what may help.
        """
        if self._loaded is None:
            self._loaded = self._import()
        return self._loaded

    def import_anew(self) -> tuple[type[AbstractTentacle], Callable[[], None]]:
        """The class as its files are now, and what makes it the one that ``load`` returns.

        Raises:
            TentacleLoadError: it cannot be imported.
            UserInputError: it is no tentacle of a folder.
        """
        remedy = "start again to use another version of a package"
        raise UserInputError(f"comes with {self.source}", field=self.name, remedy=remedy)

    @property
    def _declared_in(self) -> str:
        return "the entry point of the package that declares it"

    @property
    def source(self) -> str:
        """Where it comes from, in words: a package with its version, else a module."""
        return f"{self.distribution} {self.version}" if self.distribution else self.module

    def default_settings(self) -> Path | None:
        """The file of the settings that it has where a profile has none; None: there is no such file."""
        return None

    def page(self) -> Path | None:
        """The page about it; None where there is none."""
        return None

    def describe(self) -> str:
        """Its page, else what its class says of itself, which imports it.

        Raises:
            TentacleLoadError: only the class could tell and it cannot be loaded.
        """
        page = self.page()
        return (self.load().__doc__ or "").strip() if page is None else page.read_text(encoding="utf-8").strip()

    def _import_module(self) -> ModuleType:
        return importlib.import_module(self.module)

    def _import(self) -> type[AbstractTentacle]:
        found = self.load_any()
        if not issubclass(found, AbstractTentacle):
            raise self._no_tentacle(getattr(sys.modules.get(found.__module__), "__file__", None))
        return found

    def load_any(self) -> type:
        """The class, whatever it derives from.

        Raises:
            TentacleLoadError: it cannot be imported.
        """
        try:
            module = self._import_module()
        except Exception as error:
            raise self._failure(error) from error
        found: Any = module
        for part in self.class_name.split("."):
            found = getattr(found, part, None)
        file = getattr(module, "__file__", None)
        if found is None:
            names = [name for name, value in vars(module).items() if isinstance(value, type)]
            remedy = did_you_mean(self.class_name, names, f"correct {self._declared_in}")
            raise TentacleLoadError(f"has no class {self.class_name}", file=file, field=self.name, remedy=remedy)
        if not isinstance(found, type):
            raise self._no_tentacle(file)
        return found

    def _no_tentacle(self, file: str | None) -> TentacleLoadError:
        message, remedy = f"{self.class_name} is no tentacle class", "derive it from an evaluator or a trading mode"
        return TentacleLoadError(message, file=file, field=self.name, remedy=remedy)

    def _failure(self, error: Exception) -> TentacleLoadError:
        file, row = _place_of(error)
        message = f"tentacle of {self.source} cannot be imported: {type(error).__name__}: {error}"
        remedy = "repair it, or set it to false in tentacles_config.json"
        if isinstance(error, ModuleNotFoundError) and error.name:
            missing = error.name.partition(".")[0]
            # Its own package missing means a stale entry point, which no install of that name would repair.
            own = self.module.partition(".")[0]
            remedy = "reinstall the package that declares it" if missing == own else f"install {missing}, or {remedy}"
        return TentacleLoadError(message, file=file, field=self.name, row=row, remedy=remedy)


def _place_of(error: Exception) -> tuple[str | None, int | None]:
    if isinstance(error, SyntaxError):
        return error.filename, error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if "importlib" not in frame.filename and not frame.filename.startswith(_HERE)]
    return (theirs[-1].filename, theirs[-1].lineno) if theirs else (None, None)
