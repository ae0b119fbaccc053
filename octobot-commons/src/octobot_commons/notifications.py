# SPDX-License-Identifier: Apache-2.0
"""What is told to the user while a bot runs, and who tells it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class NotificationLevel(StrEnum):
    """How much it matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message. ``time`` is in Unix seconds, ``source`` who has something to say."""

    time: float
    source: str
    text: str
    level: NotificationLevel = NotificationLevel.INFO


class Notifier(Protocol):
    """Brings notifications to the user: a chat, a mail, a web page."""

    async def notify(self, notification: Notification) -> None:
        """Tell it. Whoever calls goes on where it raises an ``EnvironmentFault``."""
