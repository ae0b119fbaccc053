# SPDX-License-Identifier: Apache-2.0
"""What is known of a tentacle before and after it is imported."""

from __future__ import annotations

import importlib
import traceback
from dataclasses import dataclass, field
from enum import StrEnum

from octobot_commons.errors import TentacleLoadError, did_you_mean
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle


class TentacleKind(StrEnum):
    """What a tentacle is for."""

    TA = "TA"
    REAL_TIME = "REAL_TIME"
    SOCIAL = "SOCIAL"
    SCRIPTED = "SCRIPTED"
    STRATEGY = "STRATEGY"
    TRADING_MODE = "TRADING_MODE"
    COLLECTOR = "COLLECTOR"
    OTHER = "OTHER"


#: The folder a tentacle's module stands in tells its kind without importing it.
_KIND_BY_FOLDER = {
    "ta": TentacleKind.TA,
    "realtime": TentacleKind.REAL_TIME,
    "real_time": TentacleKind.REAL_TIME,
    "social": TentacleKind.SOCIAL,
    "scripted": TentacleKind.SCRIPTED,
    "strategies": TentacleKind.STRATEGY,
    "trading_modes": TentacleKind.TRADING_MODE,
    "collectors": TentacleKind.COLLECTOR,
}
#: These classes live in packages above this one, so they are known by name.
_KIND_BY_BASE = {
    "TAEvaluator": TentacleKind.TA,
    "RealTimeEvaluator": TentacleKind.REAL_TIME,
    "SocialEvaluator": TentacleKind.SOCIAL,
    "ScriptedEvaluator": TentacleKind.SCRIPTED,
    "StrategyEvaluator": TentacleKind.STRATEGY,
    "AbstractTradingMode": TentacleKind.TRADING_MODE,
    "AbstractCollector": TentacleKind.COLLECTOR,
}


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
        if self._loaded is None:
            for part in reversed(self.module.casefold().split(".")):
                if part in _KIND_BY_FOLDER:
                    return _KIND_BY_FOLDER[part]
        return kind_of(self.load())

    def load(self) -> type[AbstractTentacle]:
        """Import the module and return the class; the same one each time.

        Raises:
            TentacleLoadError: names the file and line where importing failed and what may help.
        """
        if self._loaded is None:
            self._loaded = self._import()
        return self._loaded

    def _import(self) -> type[AbstractTentacle]:
        try:
            module = importlib.import_module(self.module)
        except Exception as error:
            raise self._failure(error) from error
        found = module
        for part in self.class_name.split("."):
            found = getattr(found, part, None)  # type: ignore[assignment]
        file = getattr(module, "__file__", None)
        if found is None:
            names = [name for name, value in vars(module).items() if isinstance(value, type)]
            remedy = did_you_mean(self.class_name, names, "correct the entry point of the package that declares it")
            raise TentacleLoadError(f"has no class {self.class_name}", file=file, field=self.name, remedy=remedy)
        if not (isinstance(found, type) and issubclass(found, AbstractTentacle)):
            remedy = "derive it from an evaluator or a trading mode"
            raise TentacleLoadError(
                f"{self.class_name} is no tentacle class", file=file, field=self.name, remedy=remedy
            )
        return found

    def _failure(self, error: Exception) -> TentacleLoadError:
        file, row = _place_of(error)
        source = f"{self.distribution} {self.version}" if self.distribution else self.module
        message = f"tentacle of {source} cannot be imported: {type(error).__name__}: {error}"
        remedy = "repair it, or set it to false in tentacles_config.json"
        if isinstance(error, ModuleNotFoundError) and error.name:
            missing = error.name.partition(".")[0]
            # Its own package missing means a stale entry point, which no install of that name would repair.
            own = self.module.partition(".")[0]
            remedy = "reinstall the package that declares it" if missing == own else f"install {missing}, or {remedy}"
        return TentacleLoadError(message, file=file, field=self.name, row=row, remedy=remedy)


def kind_of(tentacle_class: type[AbstractTentacle]) -> TentacleKind:
    """The kind of a class, from its nearest base that tells."""
    for base in tentacle_class.__mro__:
        if base.__name__ in _KIND_BY_BASE:
            return _KIND_BY_BASE[base.__name__]
    return TentacleKind.OTHER


def _place_of(error: Exception) -> tuple[str | None, int | None]:
    if isinstance(error, SyntaxError):
        return error.filename, error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "importlib" not in frame.filename]
    # The first frame is this module's own call of import_module.
    return (frames[-1].filename, frames[-1].lineno) if len(frames) > 1 else (None, None)
