# SPDX-License-Identifier: Apache-2.0
"""What a running bot can be asked, by whoever talks to its user: a command line, a web page, a chat."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol


class BotState(StrEnum):
    """What a bot is doing. A paused one hears everything and opens nothing; what closes a risk is still done."""

    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"


class Bot(Protocol):
    """A running bot."""

    def status(self) -> dict[str, Any]:
        """How it is now, ready for JSON; amounts are text, times Unix seconds. ``state`` is a ``BotState``."""

    def pause(self) -> None:
        """Open nothing new until ``resume``."""

    def resume(self) -> None:
        """Trade again."""

    def stop(self, *, cancel: bool = False, flatten: bool = False) -> None:
        """End in good order, soon. Open orders stay open but where ``cancel``; ``flatten`` cancels and sells all."""
