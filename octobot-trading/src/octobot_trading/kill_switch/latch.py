# SPDX-License-Identifier: Apache-2.0
"""What is written down before anything else happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from octobot_commons.atomic_file import atomic_file
from octobot_commons.errors import UserInputError
from octobot_commons.logging import get_logger

_RELEASE = "give a reason: it is kept, and whoever looks next wants to know"


class LatchState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A latch as it stands in its file.

    Attributes:
        time, reason: when and why it was engaged the first time since it was released.
        flattens: whether everything is to be sold as well.
        order_ids: the bot's own orders by account, so that another process knows them.
        released_time, release_reason: of the last release.
    """

    is_engaged: bool = False
    time: float | None = None
    reason: str = ""
    flattens: bool = False
    order_ids: dict[str, list[str]] = {}
    released_time: float | None = None
    release_reason: str = ""
    version: int = 1


class Latch:
    """A file, there whole or not at all and on the disk when a method returns. What cannot be read is engaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._logger = get_logger(type(self).__name__)
        #: Why the file could not be read, None where it could or is not there.
        self.fault: str | None = None
        self.state = self._read()

    def engage(self, reason: str, time: float, *, flattens: bool, order_ids: Mapping[str, Iterable[str]]) -> None:
        """Write that the bot is stopped; a second time it only adds what is new.

        In memory it is engaged whatever happens.

        Raises:
            EnvironmentFault: it cannot be written: a restart would forget it.
        """
        old = self.state if self.state.is_engaged and self.fault is None else LatchState()
        known = {name: list(ids) for name, ids in old.order_ids.items()}
        for name, ids in order_ids.items():
            known[name] = list(dict.fromkeys([*known.get(name, ()), *ids]))
        self._write(
            LatchState(
                is_engaged=True,
                time=time if old.time is None else old.time,
                reason=old.reason or reason,
                flattens=old.flattens or flattens,
                order_ids=known,
                released_time=self.state.released_time,
                release_reason=self.state.release_reason,
            )
        )

    def release(self, reason: str, time: float) -> None:
        """Let the bot trade again.

        Raises:
            UserInputError: no reason, or it is not engaged.
            EnvironmentFault: it cannot be written, and stays engaged.
        """
        if not reason.strip():
            raise UserInputError("the kill switch is released with a reason only", field="reason", remedy=_RELEASE)
        if not self.state.is_engaged:
            raise UserInputError("the kill switch is not engaged", remedy="nothing needs to be done")
        old = self.state
        self._write(
            LatchState(time=old.time, reason=old.reason, flattens=old.flattens, released_time=time,
                       release_reason=reason),
            is_engaged_meanwhile=True,
        )  # fmt: skip

    def _write(self, state: LatchState, *, is_engaged_meanwhile: bool = False) -> None:
        if not is_engaged_meanwhile:
            self.state = state
        with atomic_file(self.path, overwrite=True) as part:
            part.write_bytes(msgspec.json.encode(state))
        self.state, self.fault = state, None

    def _read(self) -> LatchState:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=LatchState)
        except FileNotFoundError:
            return LatchState()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            self.fault = f"{self.path} cannot be read ({error}), so the kill switch counts as engaged"
            self._logger.error("%s; release it with a reason once you know that trading may go on", self.fault)
            return LatchState(is_engaged=True, reason=self.fault)
