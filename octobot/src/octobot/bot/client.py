# SPDX-License-Identifier: Apache-2.0
"""Asks a running bot."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any, Final
from urllib.parse import urlencode

from octobot.bot.places import Place
from octobot_commons.errors import ConfigurationError, EnvironmentFault

_TIMEOUT_SECONDS: Final = 10.0
_OK: Final = 200


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIMEOUT_SECONDS)
        self.sock.connect(self._path)


def ask_bot(place: Place, command: str, **flags: bool) -> dict[str, Any]:
    """What the bot at a place answers to ``status``, ``pause``, ``resume`` or ``stop``.

    Raises:
        ConfigurationError: no bot of this name is running.
        EnvironmentFault: it does not answer.
    """
    headers: dict[str, str] = {}
    connection: http.client.HTTPConnection = _SocketConnection(str(place.socket_path))
    if not place.uses_socket:
        door = place.read_door()
        if door is None:
            raise _not_running(place)
        connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=_TIMEOUT_SECONDS)
        headers = {"Authorization": f"Bearer {door.token}"}
    query = urlencode({name: "true" for name, is_set in flags.items() if is_set})
    try:
        connection.request("GET" if command == "status" else "POST", f"/{command}?{query}", headers=headers)
        response = connection.getresponse()
        body = response.read()
        found: dict[str, Any] = json.loads(body) if response.status == _OK else {}
    except (ConnectionRefusedError, FileNotFoundError) as error:
        raise _not_running(place) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        remedy = "look at its log; try again"
        raise EnvironmentFault(f"the bot named {place.name} does not answer: {error}", remedy=remedy) from error
    finally:
        connection.close()
    if response.status != _OK:
        text = body.decode(errors="replace")
        raise EnvironmentFault(f"the bot named {place.name} answered {response.status}: {text}")
    return found


def is_answering(place: Place) -> bool:
    """Whether a bot of this name is running, well or not."""
    try:
        ask_bot(place, "status")
    except ConfigurationError:
        return False
    except EnvironmentFault:
        # Somebody is there; of a port it may be anybody who does not know the token.
        return place.uses_socket
    return True


def _not_running(place: Place) -> ConfigurationError:
    remedy = "start it with `octobot run`, or name another one with --name"
    return ConfigurationError(f"no bot named {place.name} is running", field="--name", remedy=remedy)
