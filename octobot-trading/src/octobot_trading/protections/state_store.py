# SPDX-License-Identifier: Apache-2.0
"""Where the state of protections survives a restart. In a backtest nowhere: it begins anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import msgspec

from octobot_commons.atomic_file import atomic_file
from octobot_commons.errors import DataError, EnvironmentFault

State = dict[str, dict[str, Any]]


class StateStore(Protocol):
    """Keeps the state of each protection by its name."""

    def load(self) -> State:
        """What was saved last; {} where nothing was.

        Raises:
            DataError: it cannot be used. To go on without it would be to forget a pause or a loss.
        """

    def save(self, state: State) -> None:
        """Keep this instead."""


class _Content(msgspec.Struct, forbid_unknown_fields=True):
    protections: State
    version: int = 1


class FileStateStore:
    """A JSON file that is there whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> State:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Content).protections
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise EnvironmentFault(f"cannot be read: {error.strerror or error}", file=self._path) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.unusable(str(error)) from error

    def save(self, state: State) -> None:
        with atomic_file(self._path, overwrite=True) as part:
            part.write_bytes(msgspec.json.encode(_Content(state)))

    def unusable(self, why: str) -> DataError:
        """What to say of a file that holds something else."""
        remedy = "restore it, or remove it to let every protection begin anew: pauses and losses are forgotten then"
        return DataError(f"is no state of protections: {why}", file=self._path, remedy=remedy)
