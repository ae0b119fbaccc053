# SPDX-License-Identifier: Apache-2.0
"""What tentacles are for, and how a folder or a base class tells."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from enum import StrEnum


class TentacleKind(StrEnum):
    """What a tentacle is for."""

    TA = "TA"
    REAL_TIME = "REAL_TIME"
    SOCIAL = "SOCIAL"
    SCRIPTED = "SCRIPTED"
    STRATEGY = "STRATEGY"
    TRADING_MODE = "TRADING_MODE"
    SERVICE = "SERVICE"
    SERVICE_FEED = "SERVICE_FEED"
    COLLECTOR = "COLLECTOR"
    AUTOMATION = "AUTOMATION"
    #: Classes that other tentacles use; no tentacle itself.
    UTIL = "UTIL"
    OTHER = "OTHER"

    @property
    def category(self) -> str:
        """The group of such tentacles in a profile's tentacles_config.json."""
        if self is TentacleKind.AUTOMATION:
            return "Automation"
        place = FOLDER_OF_KIND.get(self)
        return "Evaluator" if place is None else place.partition("/")[0]


#: The package a module stands in tells its kind without importing it.
_KIND_BY_PACKAGE = {
    "ta": TentacleKind.TA,
    "realtime": TentacleKind.REAL_TIME,
    "real_time": TentacleKind.REAL_TIME,
    "social": TentacleKind.SOCIAL,
    "scripted": TentacleKind.SCRIPTED,
    "strategies": TentacleKind.STRATEGY,
    "trading_modes": TentacleKind.TRADING_MODE,
    "services": TentacleKind.SERVICE,
    "service_feeds": TentacleKind.SERVICE_FEED,
    "collectors": TentacleKind.COLLECTOR,
    "automations": TentacleKind.AUTOMATION,
}
#: These classes live in packages above this one, so they are known by name.
_KIND_BY_BASE = {
    "TAEvaluator": TentacleKind.TA,
    "RealTimeEvaluator": TentacleKind.REAL_TIME,
    "SocialEvaluator": TentacleKind.SOCIAL,
    "ScriptedEvaluator": TentacleKind.SCRIPTED,
    "StrategyEvaluator": TentacleKind.STRATEGY,
    "AbstractTradingMode": TentacleKind.TRADING_MODE,
    "Service": TentacleKind.SERVICE,
    "ServiceFeed": TentacleKind.SERVICE_FEED,
    "AbstractCollector": TentacleKind.COLLECTOR,
    "AbstractAutomations": TentacleKind.AUTOMATION,
}
#: Where a module of each kind stands in the user's tentacles folder, as in a package of OctoBot 2.
FOLDER_OF_KIND = {
    TentacleKind.TA: "Evaluator/TA",
    TentacleKind.REAL_TIME: "Evaluator/RealTime",
    TentacleKind.SOCIAL: "Evaluator/Social",
    TentacleKind.SCRIPTED: "Evaluator/Scripted",
    TentacleKind.STRATEGY: "Evaluator/Strategies",
    TentacleKind.UTIL: "Evaluator/Util",
    TentacleKind.TRADING_MODE: "Trading/Mode",
    TentacleKind.SERVICE: "Services/Services_bases",
    TentacleKind.SERVICE_FEED: "Services/Services_feeds",
}


#: By the last two parts of such a folder, in small letters.
_KIND_BY_PLACE = {tuple(place.casefold().split("/")): kind for kind, place in FOLDER_OF_KIND.items()}


def kind_of_module(module: str) -> TentacleKind | None:
    """The kind that a module's name tells (``….evaluators.ta.…``), its innermost telling part; None where none does."""
    parts = reversed(module.casefold().split("."))
    return next((_KIND_BY_PACKAGE[part] for part in parts if part in _KIND_BY_PACKAGE), None)


def kind_of_place(parts: Sequence[str]) -> TentacleKind | None:
    """The kind that a path tells in a tentacles folder (``…/Evaluator/TA/…``); None where it does not."""
    folded = [part.casefold() for part in parts]
    pairs = reversed([*itertools.pairwise(folded)])
    return next((_KIND_BY_PLACE[pair] for pair in pairs if pair in _KIND_BY_PLACE), None)


def kind_of_bases(names: Iterable[str]) -> TentacleKind | None:
    """The kind that the first of these class names tells which tells any."""
    return next((_KIND_BY_BASE[name] for name in names if name in _KIND_BY_BASE), None)


def kind_of(tentacle_class: type) -> TentacleKind:
    """The kind of a class, from its nearest base that tells."""
    return kind_of_bases(base.__name__ for base in tentacle_class.__mro__) or TentacleKind.OTHER
