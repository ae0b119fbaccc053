# SPDX-License-Identifier: Apache-2.0
"""One place that an evaluator writes: its node, its route and its cycles, found once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from octobot_commons.channels_name import OctoBotEvaluatorsChannelsName
from octobot_evaluators.errors import UnknownChannelError
from octobot_evaluators.evaluators.channel import get_chan
from octobot_evaluators.matrix._matrix import MatrixNode
from octobot_evaluators.matrix._note_writer import Inputs, NoteWriter
from octobot_evaluators.matrix.cycles import Cell
from octobot_evaluators.matrix.matrix import Matrix

if TYPE_CHECKING:
    from async_channel import Topic

_MATRIX_CHANNEL = OctoBotEvaluatorsChannelsName.MATRIX_CHANNEL.value


class NoteOutput(NoteWriter):
    """Writes one evaluator's notes about one symbol and time frame, and tells who waits for them.

    ``inputs`` are what a strategy's note is made from.
    """

    def __init__(self, matrix: Matrix, cell: Cell, note_type: Any, inputs: Inputs | None = None) -> None:
        self.matrix = matrix
        self.clock = matrix.clock
        self.cell = cell
        super().__init__(
            matrix.node(cell.path),
            note_type,
            matrix.cycles.links(cell),
            inputs,
            {
                "matrix_id": matrix.matrix_id,
                "evaluator_name": cell.evaluator_name,
                "evaluator_type": cell.evaluator_type,
                "eval_note": None,
                "eval_note_type": note_type,
                "eval_note_description": None,
                "eval_note_metadata": None,
                "exchange_name": cell.exchange_name,
                "cryptocurrency": cell.cryptocurrency,
                "symbol": cell.symbol,
                "time_frame": cell.time_frame,
            },
        )

    def invalidate(self) -> None:
        """The evaluation failed: there is no note until the next one, and none of who concluded from it."""
        had_note = self.node.note is not None
        self.node.invalidate()
        for cycle, slot, _ in self.links:
            cycle.invalidate(slot)
        if had_note:
            self.matrix.cycles.lost(self.cell)

    def new_node(self) -> MatrixNode:
        return self.matrix.node(self.cell.path)

    def open_topic(self) -> Topic | None:
        """Evaluators can be tried without a channel: then their notes are only written."""
        try:
            channel = get_chan(_MATRIX_CHANNEL, self.matrix.matrix_id)
        except UnknownChannelError:
            return None
        topic: Topic = channel.note_topic(self.cell.path, matrix_id=self.matrix.matrix_id, **self.cell._asdict())
        return topic
