# SPDX-License-Identifier: Apache-2.0
"""What trading modes know of evaluations, so that they need not know evaluators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol


class KnownNote(NamedTuple):
    """A note as it was at one moment. ``is_valid`` says whether it counted then."""

    evaluator: str
    evaluator_type: str
    time_frame: str | None
    note: Any
    #: The time that it was evaluated for, in Unix seconds.
    time: float
    is_valid: bool
    description: Any = None


class NotesReader(Protocol):
    """Reads the notes that strategies have reached."""

    def get_strategy_notes(
        self,
        matrix_id: str,
        exchange_name: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str | None = None,
    ) -> dict[str, Any]:
        """Strategy name → note, of those strategies whose note is valid now."""

    def remember_notes(
        self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str
    ) -> Callable[[], tuple[KnownNote, ...]]:
        """Keep every note there is about a symbol, its cryptocurrency or the whole market, strategies' notes last.

        What is returned tells them, as they are now, whenever it is called.
        """
