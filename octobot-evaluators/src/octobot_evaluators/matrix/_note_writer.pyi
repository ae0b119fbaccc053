# SPDX-License-Identifier: Apache-2.0
from typing import Any

from async_channel import Topic
from octobot_commons.clock import Clock
from octobot_evaluators.matrix._matrix import MatrixNode

class Inputs:
    """What a strategy's notes about one place are made from.

    These are the evaluations of the cycle there, all of them, and whatever counts of the ``kinds`` that are passed on
    at once. ``place`` is (exchange name, cryptocurrency, symbol).
    """

    def __init__(
        self,
        matrix: Any,
        cycles: dict[Any, Any],
        place: tuple[str | None, str | None, str | None],
        kinds: tuple[str, ...],
    ) -> None: ...
    @property
    def clock(self) -> Clock: ...
    def fresh_until(self, now: float) -> float:
        """When the first of them ends: minus infinity where the cycle lacks one, infinite where none ever ends."""

class NoteWriter:
    """Writes one evaluator's notes about one place; a subclass knows where its node and its topic come from.

    ``links`` are the (cycle, slot, watcher) that the place belongs to; ``inputs`` what a strategy's note is made from:
    it is as fresh as these, and nobody is told of one that is stale when it is written. ``blank_payload`` is what each
    message begins as.
    """

    @property
    def node(self) -> MatrixNode: ...
    @property
    def links(self) -> list[Any]: ...
    @property
    def withheld(self) -> int:
        """How many notes were stale when they were written."""

    def __init__(
        self,
        node: MatrixNode,
        note_type: Any,
        links: list[Any],
        inputs: Inputs | None,
        blank_payload: dict[str, Any],
    ) -> None: ...
    def write(
        self,
        note: Any,
        eval_time: float,
        description: Any,
        metadata: Any,
        fresh_until: float,
        notify: bool,
        origin_consumer: Any = None,
    ) -> tuple[dict[str, Any], list[Any]] | None:
        """Write the note, tell the strategies whose cycle it completes and, with ``notify``, who listens.

        Returns the payload and the queues that it could not be put into at once, for the caller to wait for; None when
        there are none. With an ``origin_consumer`` all queues but its own are returned.
        """

    def new_node(self) -> MatrixNode:
        """The node anew, after it was deleted from its matrix."""

    def open_topic(self) -> Topic | None:
        """Where notes are sent, None as long as that does not exist."""
