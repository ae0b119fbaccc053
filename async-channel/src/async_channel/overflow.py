# SPDX-License-Identifier: Apache-2.0
"""What is done with a message for which a queue has no room."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import attrgetter, itemgetter
from typing import Any, ClassVar

Key = Callable[[Any], Hashable]


class Overflow:
    """A policy: Overflow.BLOCK, DROP_OLDEST or ERROR, or what conflate() returns.

    BLOCK (default): `send` waits until there is room, `send_nowait` raises asyncio.QueueFull and reaches nobody.
    DROP_OLDEST: the message that waits longest makes room and is counted as dropped.
    ERROR: both ways of sending raise QueueOverflowError and reach nobody.
    """

    CONFLATE: ClassVar[int] = 3
    BLOCK: ClassVar[Overflow]
    ERROR: ClassVar[Overflow]
    DROP_OLDEST: ClassVar[Overflow]

    __slots__ = ("_text", "key_of", "kind")

    def __init__(self, kind: int, text: str, key_of: Key | None = None) -> None:
        self.kind = kind
        self.key_of = key_of
        self._text = text

    @classmethod
    def conflate(cls, *key: str | Key) -> Overflow:
        """Keep the latest message of each key, at the place in the queue of the one that it replaces.

        The key: names of items of keyword payloads, or of attributes of typed messages, or one function of the message.
        What was replaced counts as dropped. With a size, a key too many drops the message that waits longest.
        """
        if len(key) == 1 and callable(key[0]):
            return cls(cls.CONFLATE, f"conflate({key[0]!r})", key[0])
        names = [name for name in key if isinstance(name, str)]
        if not names or len(names) != len(key):
            raise TypeError(f"conflate() takes names, or one function of the message, not {key!r}")
        return cls(cls.CONFLATE, f"conflate({', '.join(map(repr, names))})", _key_of(names))

    def check_size(self, maxsize: int) -> None:
        """ValueError when a queue of that size, 0 being unlimited, could never overflow."""
        if maxsize <= 0 and self.kind not in (Overflow.BLOCK.kind, Overflow.CONFLATE):
            raise ValueError(f"{self} needs a queue with a size: give one above 0")

    def __repr__(self) -> str:
        return f"Overflow.{self._text}"


def _key_of(names: list[str]) -> Key:
    of_payload, of_object = itemgetter(*names), attrgetter(*names)

    def key_of(message: Any) -> Hashable:
        key: Hashable = of_payload(message) if isinstance(message, dict) else of_object(message)
        return key

    return key_of


Overflow.BLOCK = Overflow(0, "BLOCK")
Overflow.ERROR = Overflow(1, "ERROR")
Overflow.DROP_OLDEST = Overflow(2, "DROP_OLDEST")
