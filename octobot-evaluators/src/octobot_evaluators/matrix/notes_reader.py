# SPDX-License-Identifier: Apache-2.0
"""What trading modes see of a matrix."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from octobot_commons.notes import KnownNote, NotesReader
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.matrix._matrix import known_notes
from octobot_evaluators.matrix.registry import get_matrix

_STRATEGIES = EvaluatorMatrixTypes.STRATEGIES.value
_KINDS = (*(kind.value for kind in EvaluatorMatrixTypes if kind.value != _STRATEGIES), _STRATEGIES)


class MatrixNotesReader:
    """Reads the strategies' notes; implements ``octobot_commons.notes.NotesReader``."""

    __slots__ = ()

    def get_strategy_notes(
        self,
        matrix_id: str,
        exchange_name: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str | None = None,
    ) -> dict[str, Any]:
        """Strategy name → note, of those whose note there is set and valid now."""
        matrix = get_matrix(matrix_id)
        return matrix.valid_notes(
            matrix.clock.now(), matrix.allowed_delta, exchange_name, _STRATEGIES, cryptocurrency, symbol, time_frame
        )

    def remember_notes(
        self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str
    ) -> Callable[[], tuple[KnownNote, ...]]:
        """Every note there is about a symbol, its cryptocurrency or the whole market, strategies' notes last.

        Notes never change, so keeping them as they are now is keeping references.
        """
        matrix = get_matrix(matrix_id)
        entries, notes = matrix.notes_about(exchange_name, _KINDS, cryptocurrency, symbol)
        return partial(known_notes, entries, notes, matrix.clock.now(), matrix.allowed_delta)


def matrix_notes_reader(matrix_id: str) -> NotesReader:
    """A reader for the matrix of this id.

    Raises:
        UnknownMatrixError: there is none.
    """
    get_matrix(matrix_id)
    return MatrixNotesReader()
