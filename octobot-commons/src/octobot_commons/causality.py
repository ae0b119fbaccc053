# SPDX-License-Identifier: Apache-2.0
"""What is not known yet at the time of a simulation must not be read.

Most of it cannot be reached at all: rings, books and the matrix hold what was told. This is for the rest, what lies on
the disk: ``check_known`` is asked by whatever reads recorded data, and the files that a simulation replays are closed
to everybody but the replay (``lifted``). What is set up here belongs to the context of one simulation, and to the tasks
that it starts; others of the same process notice nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote

from octobot_commons.errors import LookAheadError
from octobot_commons.moments import utc_text
from octobot_commons.tentacles_management.whereabouts import find_tentacle_line

_REMEDY = "read candles through the exchange manager, which knows what has closed"
_OPENING = frozenset({"open", "sqlite3.connect"})
#: Whoever goes through all objects of the process finds the replay's columns too.
_SEARCHING = frozenset({"gc.get_objects", "gc.get_referrers"})
#: What else leads out of the simulation. It is allowed; ``Horizon.saw`` hears of it.
_LEAVING = frozenset({"socket.connect", "subprocess.Popen", "os.system"})
_WATCHED = _OPENING | _SEARCHING | _LEAVING


class Horizon:
    """Up to when things are known in one simulation.

    Args:
        now: the simulation's time, which no tentacle may have changed.
        files: what it replays; nobody else may open them.
        on_crossing: called with each error before it is raised.

    Attributes:
        crossings: every error that was raised, also those that somebody swallowed.
    """

    def __init__(
        self,
        now: Callable[[], float],
        files: Iterable[str | os.PathLike[str]] = (),
        on_crossing: Callable[[LookAheadError], object] | None = None,
    ) -> None:
        self.now = now
        self.on_crossing = on_crossing
        self.crossings: list[LookAheadError] = []
        self._files = {found for path in files if (found := _identity(path)) is not None}

    def check_known(self, time: float, what: str) -> None:
        """LookAheadError where ``what`` was not known before ``time``, and that is later than now."""
        now = self.now()
        if time > now:
            self.refuse(f"reads {what} known at {utc_text(time)}, and it is {utc_text(now)}")

    def refuse(self, message: str) -> None:
        """Raise a LookAheadError that names the tentacle that runs."""
        tentacle, file, line = find_tentacle_line()
        error = LookAheadError(message, file=file, field=tentacle, row=line, remedy=_REMEDY)
        self.crossings.append(error)
        if self.on_crossing is not None:
            self.on_crossing(error)
        raise error

    def raise_first(self) -> None:
        """Raise the first of ``crossings``, if there is one."""
        if self.crossings:
            raise self.crossings[0]

    def saw(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit event of ``sys.audit`` while this horizon holds; raises where it is not allowed."""
        if event in _SEARCHING:
            self.refuse(f"calls {event}, which finds what is not known yet")
        elif event in _OPENING:
            path = opened_path(arguments[0])
            if path is not None and _identity(path) in self._files:
                self.refuse(f"opens {path}, which this backtest replays")


@contextmanager
def within(horizon: Horizon) -> Iterator[Horizon]:
    """``horizon`` holds for what is called inside."""
    _watch()
    token = _current.set(horizon)
    try:
        yield horizon
    finally:
        _current.reset(token)


@contextmanager
def lifted() -> Iterator[None]:
    """No horizon holds: the replay itself reads what comes next."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def current_horizon() -> Horizon | None:
    """The horizon that holds here; None outside of simulations."""
    return _current.get()


def check_known(time: float, what: str) -> None:
    """To be called by whoever gives out recorded data that ends at ``time``.

    Raises:
        LookAheadError: a simulation runs in this context and has not reached that time.
    """
    horizon = _current.get()
    if horizon is not None:
        horizon.check_known(time, what)


def opened_path(target: Any) -> str | None:
    """The file that an audit event is about; None where it is an open one or in memory."""
    if isinstance(target, int):
        return None
    path = os.fsdecode(target)
    if path.startswith("file:"):  # SQLite's URIs
        path = unquote(path[5:].partition("?")[0])
    return path


_current: ContextVar[Horizon | None] = ContextVar("horizon", default=None)
_is_watching = False


def _watch() -> None:
    """Python takes no audit hook back, so there is one for all simulations of the process."""
    global _is_watching
    if not _is_watching:
        _is_watching = True
        sys.addaudithook(_audit)


def _audit(
    event: str,
    arguments: tuple[Any, ...],
    watched: frozenset[str] = _WATCHED,
    current: Callable[[], Horizon | None] = _current.get,
) -> None:
    # Bound as defaults: at the interpreter's end the module's own names are gone before the hook is.
    if event in watched and (horizon := current()) is not None:
        horizon.saw(event, arguments)


def _identity(path: str | os.PathLike[str]) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
