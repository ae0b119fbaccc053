# SPDX-License-Identifier: Apache-2.0
"""Everything that a matrix held at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from octobot_evaluators.matrix._note import Note

Path = tuple[str, ...]


class MatrixSnapshot:
    """The notes of a whole matrix at ``time`` (Unix seconds); later notes do not change it.

    It holds the notes themselves, which never change, so that taking one costs a reference for each place.
    """

    __slots__ = ("_notes", "_slots", "allowed_delta", "time")

    def __init__(
        self, time: float, allowed_delta: float, slots: Mapping[Path, int], notes: tuple[Note | None, ...]
    ) -> None:
        self.time = time
        self.allowed_delta = allowed_delta
        self._slots = slots
        self._notes = notes

    def get(self, path: Iterable[str]) -> Note | None:
        """The note at ``path``, None where there was none."""
        slot = self._slots.get(tuple(path))
        return None if slot is None else self._notes[slot]

    def is_valid(self, path: Iterable[str]) -> bool:
        """Whether there was a note that counted."""
        note = self.get(path)
        return note is not None and note.is_valid(self.time, self.allowed_delta)

    def items(self, prefix: Iterable[str] = ()) -> Iterator[tuple[Path, Note]]:
        """(path, note) of each place at or below ``prefix`` that held a note, in the order of the tree."""
        begin = tuple(prefix)
        for path, slot in self._slots.items():
            note = self._notes[slot]
            if note is not None and path[: len(begin)] == begin:
                yield path, note

    def __len__(self) -> int:
        """How many notes there were."""
        return sum(note is not None for note in self._notes)
