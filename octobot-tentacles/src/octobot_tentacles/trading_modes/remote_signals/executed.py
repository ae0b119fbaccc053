# SPDX-License-Identifier: Apache-2.0
"""Which signals were executed before, so that none is twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from octobot_commons.atomic_file import atomic_file
from octobot_commons.errors import DataError, EnvironmentFault

#: Of each strategy the last ones are known.
CAPACITY: Final = 10_000


class _Content(msgspec.Struct, forbid_unknown_fields=True):
    signals: list[str]
    version: int = 1


class ExecutedSignals:
    """The ids of one strategy's signals. ``path`` keeps them over a restart; None: they are forgotten with this object.

    Raises:
        DataError: the file holds something else. To go on without it would be to trade signals twice.
        EnvironmentFault: it cannot be read.
    """

    def __init__(self, path: Path | None = None, known: Iterable[str] = ()) -> None:
        self._path = path
        self._known: dict[str, None] = dict.fromkeys([*self._load(), *known])
        self._order = deque(self._known)

    def add(self, signal_id: str) -> bool:
        """Note a signal, before anything is done about it; False where it is known: nothing may be done again.

        Raises:
            EnvironmentFault: it cannot be kept.
        """
        if signal_id in self._known:
            return False
        self._known[signal_id] = None
        self._order.append(signal_id)
        if len(self._order) > CAPACITY:
            del self._known[self._order.popleft()]
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_file(self._path, overwrite=True) as part:
                part.write_bytes(msgspec.json.encode(_Content([*self._order])))
        return True

    def _load(self) -> list[str]:
        if self._path is None:
            return []
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Content).signals
        except FileNotFoundError:
            return []
        except OSError as error:
            raise EnvironmentFault(f"cannot be read: {error.strerror or error}", file=self._path) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            remedy = "restore it, or remove it where no signal will come a second time"
            raise DataError(f"holds no ids of signals: {error}", file=self._path, remedy=remedy) from error
