# SPDX-License-Identifier: Apache-2.0
"""The list behind Channel.consumers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, SupportsIndex

Entry = dict[str, Any]


class ConsumerList(list[Entry]):
    """A list of filter dicts that reports its changes, so that no cached route outlives one."""

    def __init__(self, entries: Iterable[Entry], on_change: Callable[[], None]) -> None:
        super().__init__(entries)
        self._on_change = on_change

    def append(self, entry: Entry, /) -> None:
        super().append(entry)
        self._on_change()

    def extend(self, entries: Iterable[Entry], /) -> None:
        super().extend(entries)
        self._on_change()

    def insert(self, index: SupportsIndex, entry: Entry, /) -> None:
        super().insert(index, entry)
        self._on_change()

    def remove(self, entry: Entry, /) -> None:
        super().remove(entry)
        self._on_change()

    def pop(self, index: SupportsIndex = -1, /) -> Entry:
        entry = super().pop(index)
        self._on_change()
        return entry

    def clear(self) -> None:
        super().clear()
        self._on_change()

    def reverse(self) -> None:
        super().reverse()
        self._on_change()

    def sort(self, *, key: Any = None, reverse: bool = False) -> None:
        super().sort(key=key, reverse=reverse)
        self._on_change()

    def __setitem__(self, index: Any, value: Any, /) -> None:
        super().__setitem__(index, value)
        self._on_change()

    def __delitem__(self, index: SupportsIndex | slice, /) -> None:
        super().__delitem__(index)
        self._on_change()

    def __iadd__(self, entries: Iterable[Entry], /) -> ConsumerList:  # type: ignore[override,misc]
        super().extend(entries)
        self._on_change()
        return self

    def __imul__(self, count: SupportsIndex, /) -> ConsumerList:
        super().__imul__(count)
        self._on_change()
        return self
