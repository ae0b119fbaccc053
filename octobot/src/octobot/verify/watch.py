# SPDX-License-Identifier: Apache-2.0
"""What tentacles do that comparing runs cannot show: reading what cannot be varied, and moving the clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from importlib import machinery
from pathlib import Path
from typing import Any

from octobot.verify.records import Trespass
from octobot_commons.causality import Horizon, current_horizon, opened_path
from octobot_commons.clock import SimulatedClock
from octobot_commons.errors import LookAheadError
from octobot_commons.tentacles_management.whereabouts import find_tentacle_line

_CODE = (*machinery.all_suffixes(), ".pyc")
#: Where no market data lie: the system's own folders.
_SYSTEM = () if os.name == "nt" else ("/usr", "/etc", "/proc", "/sys", "/dev", "/lib", "/lib64", "/System", "/Library")
_REPLAY = "octobot_trading.backtesting.replay"


class WatchfulHorizon(Horizon):
    """Lets go on what it refuses, and keeps each line of code that did it once.

    Attributes:
        refused: reads of what is not known yet.
        outside: reads of what a verification cannot vary: other files, the network, other programs.
    """

    def __init__(
        self, now: Callable[[], float], files: Iterable[str], allowed: Iterable[str | os.PathLike[str]] = ()
    ) -> None:
        super().__init__(now, files, self._keep)
        roots = (*_SYSTEM, sys.prefix, sys.base_prefix, *allowed)
        self._allowed = tuple(Path(os.path.realpath(root)) for root in roots)
        self.refused: dict[tuple[str | None, str | None, int | None], Trespass] = {}
        self.outside: dict[tuple[str | None, str | None, int | None], Trespass] = {}

    def saw(self, event: str, arguments: tuple[Any, ...]) -> None:
        super().saw(event, arguments)
        if event.startswith("gc."):
            return
        what = self._read_from(event, arguments)
        if what is not None:
            tentacle, file, line = find_tentacle_line()
            message = f"reads {what}, which cannot be varied"
            self.outside.setdefault((tentacle, file, line), Trespass(tentacle, file, line, message, self.now()))

    def _keep(self, error: LookAheadError) -> None:
        place = error.field, error.file, error.row
        self.refused.setdefault(place, Trespass(*place, error.message, self.now()))
        self.crossings.clear()  # each holds the frames that it was raised in

    def _read_from(self, event: str, arguments: tuple[Any, ...]) -> str | None:
        if event == "open":
            path, _, flags = arguments
            path = opened_path(path)
            return None if path is None or not _is_read(flags) or self._is_allowed(path) else path
        if event == "sqlite3.connect":
            path = opened_path(arguments[0])
            return None if path in (None, "", ":memory:") or self._is_allowed(path) else path
        return f"the outside world ({event})"

    def _is_allowed(self, path: str) -> bool:
        real = Path(os.path.realpath(path))
        return real.is_dir() or real.suffix in _CODE or any(real.is_relative_to(root) for root in self._allowed)


def _is_read(flags: int) -> bool:
    """Whether opening a file with these flags can tell what was in it."""
    is_new = flags & os.O_TRUNC or (flags & os.O_CREAT and flags & os.O_EXCL)
    return not is_new and flags & (os.O_WRONLY | os.O_RDWR) != os.O_WRONLY


class WatchedClock(SimulatedClock):
    """A clock that only a replay moves; made of one by giving it this class."""

    __slots__ = ()

    def __setattr__(self, name: str, value: Any) -> None:
        horizon = current_horizon()
        is_replay = sys._getframe(2).f_globals.get("__name__") == _REPLAY
        if horizon is not None and name == "time" and not is_replay and find_tentacle_line()[0] is not None:
            horizon.refuse(f"moves the clock to {value}")
        super().__setattr__(name, value)
