# SPDX-License-Identifier: Apache-2.0
"""One place that an evaluator writes: its node, its route and its cycles, found once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from octobot_commons.channels_name import OctoBotEvaluatorsChannelsName
from octobot_evaluators.errors import UnknownChannelError
from octobot_evaluators.evaluators.channel import get_chan
from octobot_evaluators.matrix.cycles import Cell, CycleWatcher
from octobot_evaluators.matrix.matrix import Matrix

if TYPE_CHECKING:
    from async_channel import Consumer, Topic

_MATRIX_CHANNEL = OctoBotEvaluatorsChannelsName.MATRIX_CHANNEL.value


class NoteOutput:
    """Writes one evaluator's notes about one symbol and time frame, and tells who waits for them.

    ``inputs`` are the cycles of a strategy: its note is as fresh as the evaluations that it was made from.
    """

    __slots__ = (
        "_blank_payload",
        "_inputs",
        "_links",
        "_node",
        "_note_type",
        "_place",
        "_topic",
        "cell",
        "clock",
        "matrix",
    )

    def __init__(self, matrix: Matrix, cell: Cell, note_type: Any, inputs: CycleWatcher | None = None) -> None:
        self.matrix = matrix
        self.clock = matrix.clock
        self.cell = cell
        self._note_type = note_type
        self._inputs = inputs if cell.time_frame is None else None
        self._node = matrix.node(cell.path)
        self._links = matrix.cycles.links(cell)
        self._place = cell.place
        self._topic: Topic | None = None
        self._blank_payload = {
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
        }

    def write(
        self,
        note: Any,
        eval_time: float,
        description: Any,
        metadata: Any,
        fresh_until: float,
        notify: bool,
    ) -> dict[str, Any] | None:
        """Write the note and tell the strategies whose cycle it completes.

        Returns the payload to send on the Matrix channel, None when nobody listens or ``notify`` is False.
        """
        node = self._node
        if not node.attached:
            node = self._node = self.matrix.node(self.cell.path)
        if self._inputs is not None:
            cycle = self._inputs.cycles.get(self._place)
            if cycle is not None and (inputs_fresh_until := cycle.fresh_until(eval_time)) < fresh_until:
                fresh_until = inputs_fresh_until
        node.write(note, eval_time, self._note_type, description, metadata, fresh_until)
        payload = None
        for cycle, slot, watcher in self._links:
            if cycle.evaluated(slot, eval_time, notify):
                if payload is None:
                    payload = self._payload(note, description, metadata)
                watcher.deliver(payload)
        if notify and (self._topic or (self._topic is None and self._open_topic())):
            return payload or self._payload(note, description, metadata)
        return None

    async def send(self, payload: dict[str, Any], origin_consumer: Consumer | None = None) -> None:
        """Send on the Matrix channel, to everybody but ``origin_consumer``."""
        assert self._topic is not None
        if origin_consumer is None:
            await self._topic.send(payload)
            return
        for consumer in self._topic.consumers:
            if consumer is not origin_consumer:
                await consumer.queue.put(payload)

    def invalidate(self) -> None:
        """The evaluation failed: there is no note until the next one."""
        self._node.invalidate()
        for cycle, slot, _ in self._links:
            cycle.invalidate(slot)

    def _open_topic(self) -> bool:
        """Evaluators can be tried without a channel: then their notes are only written."""
        try:
            channel = get_chan(_MATRIX_CHANNEL, self.matrix.matrix_id)
        except UnknownChannelError:
            return False
        self._topic = channel.note_topic(matrix_id=self.matrix.matrix_id, **self.cell._asdict())
        return bool(self._topic)

    def _payload(self, note: Any, description: Any, metadata: Any) -> dict[str, Any]:
        payload = self._blank_payload.copy()
        payload["eval_note"] = note
        payload["eval_note_description"] = description
        payload["eval_note_metadata"] = metadata
        return payload
