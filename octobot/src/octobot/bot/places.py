# SPDX-License-Identifier: Apache-2.0
"""Where a running bot and who asks it meet: a Unix socket of the user alone, elsewhere a port of loopback and a token.

The path of a socket may have a hundred bytes on some platforms; a user folder that is too deep gets a port as well.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import dataclass
from typing import Final

from octobot_commons.atomic_file import atomic_file
from octobot_commons.configuration.paths import user_folder
from octobot_commons.errors import ConfigurationError

_LONGEST_PATH: Final = 100
_OWNER_ALONE: Final = 0o600
_FOLDER_OF_OWNER: Final = 0o700


@dataclass(frozen=True, slots=True)
class Door:
    """A port of loopback, which asks for the token."""

    port: int
    token: str


class Place:
    """Of the bot of one name. ``uses_socket`` is chosen by the platform and the length of the path."""

    def __init__(self, name: str, uses_socket: bool | None = None) -> None:
        if not name or not all(letter.isalnum() or letter in "-_" for letter in name):
            remedy = "use letters, digits, - and _"
            raise ConfigurationError(f"{name!r} is no name for a bot", field="--name", remedy=remedy)
        self.name = name
        folder = user_folder() / "run"
        self.socket_path = folder / f"{name}.sock"
        self.door_path = folder / f"{name}.json"
        if uses_socket is None:
            uses_socket = hasattr(socket, "AF_UNIX") and len(os.fsencode(self.socket_path)) <= _LONGEST_PATH
        self.uses_socket = uses_socket

    def prepare(self) -> None:
        """Make the folder, for the user alone."""
        folder = self.socket_path.parent
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(_FOLDER_OF_OWNER)

    def write_door(self, port: int) -> Door:
        """Make the port known to the user alone."""
        door = Door(port, secrets.token_urlsafe(32))
        with atomic_file(self.door_path, overwrite=True) as part:
            part.chmod(_OWNER_ALONE)
            part.write_text(json.dumps({"port": door.port, "token": door.token}))
        self.door_path.chmod(_OWNER_ALONE)
        return door

    def read_door(self) -> Door | None:
        """The port, None where no bot has written one."""
        try:
            content = json.loads(self.door_path.read_text())
            return Door(int(content["port"]), str(content["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget(self) -> None:
        """Remove what the bot has put there."""
        for path in (self.socket_path, self.door_path):
            path.unlink(missing_ok=True)
