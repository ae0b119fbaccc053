# SPDX-License-Identifier: Apache-2.0
"""Which tentacle's code runs, and where in it."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle

_ENGINE = frozenset({"async_channel", "octobot_commons", "octobot_trading", "octobot_evaluators", "octobot"})


def find_tentacle_line() -> tuple[str | None, str | None, int | None]:
    """(tentacle, file, line) of the innermost tentacle that the caller was called by; Nones where there is none.

    The line is the innermost one of the packages that the tentacle and its bases come from.
    """
    frames = _frames()
    tentacle = next((found for frame in frames if (found := _tentacle_of(frame)) is not None), None)
    if tentacle is None:
        return None, None, None
    own = {_root(base.__module__) for base in tentacle.__mro__} - _ENGINE - {"builtins", "abc"}
    for frame in frames:
        if _root(frame.f_globals.get("__name__", "")) in own:
            return tentacle.__name__, frame.f_code.co_filename, frame.f_lineno
    return tentacle.__name__, None, None


def _frames() -> list[FrameType]:
    frames: list[FrameType] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames


def _tentacle_of(frame: FrameType) -> type[Any] | None:
    """The tentacle whose method a frame is, of a trading mode also one of its producers' or consumers'."""
    owner = frame.f_locals.get("self", frame.f_locals.get("cls"))
    owner = getattr(owner, "trading_mode", owner)
    if isinstance(owner, AbstractTentacle):
        return type(owner)
    return owner if isinstance(owner, type) and issubclass(owner, AbstractTentacle) else None


def _root(module: str) -> str:
    return module.partition(".")[0]
