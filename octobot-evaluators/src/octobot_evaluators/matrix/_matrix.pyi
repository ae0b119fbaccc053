# SPDX-License-Identifier: Apache-2.0
from collections.abc import Container, Iterable, Mapping
from typing import Any

from octobot_commons.notes import KnownNote
from octobot_evaluators.matrix._note import Note

def known_notes(
    entries: list[tuple[str, str, str | None, MatrixNode]],
    notes: tuple[Note | None, ...],
    now: float,
    allowed_delta: float,
) -> tuple[KnownNote, ...]:
    """What ``notes_about`` has found at ``now``, and whether it counted then."""

class MatrixNode:
    """One place of the matrix: the note that was written there last, and the nodes below it."""

    def __new__(cls, key: str, seconds: float) -> MatrixNode: ...
    @property
    def key(self) -> str:
        """The last part of the path."""

    @property
    def children(self) -> dict[str, MatrixNode]:
        """The nodes below; changed only by the matrix."""

    @property
    def attached(self) -> bool:
        """False once the node was deleted from its matrix."""

    @property
    def note(self) -> Note | None:
        """The last note, None when there is none; what it holds is what the attributes named ``node_…`` tell."""

    @property
    def node_value(self) -> Any: ...
    @property
    def node_value_time(self) -> float | None: ...
    @property
    def node_type(self) -> Any: ...
    @property
    def node_description(self) -> Any: ...
    @property
    def node_metadata(self) -> Any: ...
    def write(
        self,
        value: Any,
        value_time: float,
        value_type: Any,
        description: Any = None,
        metadata: Any = None,
        fresh_until: float = ...,
    ) -> None:
        """Replace the note."""

    def invalidate(self) -> None:
        """Forget the note: the node is neither valid nor set until it is written again."""

    def is_valid(self, now: float, allowed_delta: float = 0.0) -> bool:
        """``note.is_valid(…)``; False when there is none."""

    def is_set(self, now: float = ...) -> bool:
        """``note.is_set(…)``; False when there is none."""

class MatrixCore:
    """The tree of nodes. Reads that strategies repeat are found once per shape of the tree."""

    def __init__(self, durations: Mapping[str, float | None]) -> None:
        """``durations``: seconds of each key that is a time frame, None for a calendar month."""

    @property
    def root(self) -> MatrixNode: ...
    @property
    def version(self) -> int:
        """Counts the nodes that were created and deleted."""

    def node(self, path: Iterable[str]) -> MatrixNode:
        """The node at ``path``, created together with its parents when missing."""

    def write(
        self,
        path: Iterable[str],
        value: Any,
        value_time: float,
        value_type: Any,
        description: Any = None,
        metadata: Any = None,
    ) -> None:
        """``node(path).write(…)``."""

    def find(self, path: Iterable[str]) -> MatrixNode | None:
        """The node at ``path``, None when there is none."""

    def delete(self, path: Iterable[str]) -> MatrixNode | None:
        """Remove the node at ``path`` with all below it; returns it, None when there was none."""

    def entries(
        self,
        exchange_name: str | None,
        tentacle_type: str | None,
        cryptocurrency: str | None,
        symbol: str | None,
        time_frame: str | None,
    ) -> tuple[tuple[str, MatrixNode], ...]:
        """(evaluator name, node) of every evaluator of the type (None: of any type) with a node at that place."""

    def evaluations(
        self,
        now: float,
        exchange_name: str | None = None,
        tentacle_type: str | None = None,
        cryptocurrency: str | None = None,
        symbol: str | None = None,
        time_frame: str | None = None,
        allow_missing: bool = True,
        allowed_values: Container[Any] | None = None,
    ) -> dict[str, MatrixNode]:
        """Evaluator name → node of the nodes that are set or whose value is allowed.

        Raises:
            UnsetTentacleEvaluation: another one is met and ``allow_missing`` is False.
        """

    def valid_notes(
        self,
        now: float,
        allowed_delta: float,
        exchange_name: str | None,
        tentacle_type: str | None,
        cryptocurrency: str | None,
        symbol: str | None,
        time_frame: str | None,
    ) -> dict[str, Any]:
        """Evaluator name → value of the nodes that are set and valid."""

    def about(
        self, exchange_name: str, kinds: tuple[str, ...], cryptocurrency: str, symbol: str
    ) -> list[tuple[str, str, str | None, MatrixNode]]:
        """(evaluator name, kind, time frame, node) of every place about a symbol, its cryptocurrency or the whole
        market, in the order of ``kinds``; found once per shape of the tree."""

    def notes_about(
        self, exchange_name: str, kinds: tuple[str, ...], cryptocurrency: str, symbol: str
    ) -> tuple[list[tuple[str, str, str | None, MatrixNode]], tuple[Note | None, ...]]:
        """``about`` with the note that each place holds now."""

    def notes(self) -> tuple[Mapping[tuple[str, ...], int], tuple[Note | None, ...]]:
        """(path → slot, the note of each slot) of all places, parents first; the mapping is made once per shape."""
