# SPDX-License-Identifier: Apache-2.0
"""What evaluators and strategies thought, for a run's result."""

from __future__ import annotations

from typing import Any

from octobot_commons.clock import Clock
from octobot_commons.enums import TimeFrames
from octobot_evaluators.matrix import MatrixNode, get_matrix

_TIME_FRAMES = frozenset(TimeFrames)


class NotesCollector:
    """Keeps every note that passes on the Matrix channel."""

    def __init__(self, clock: Clock) -> None:
        self.notes: list[dict[str, Any]] = []
        self._clock = clock

    async def subscribe(self, matrix_channel: Any) -> None:
        """Listen from now on."""
        await matrix_channel.new_consumer(self._on_note)

    async def _on_note(
        self,
        evaluator_name: str,
        evaluator_type: str,
        eval_note: Any,
        symbol: str | None,
        time_frame: str | None,
        **_: Any,
    ) -> None:
        self.notes.append(
            {
                "time": self._clock.now(),
                "evaluator": evaluator_name,
                "type": evaluator_type,
                "symbol": symbol,
                "time_frame": time_frame,
                "note": eval_note,
            }
        )


def last_notes(matrix_id: str) -> dict[str, Any]:
    """Evaluator → its last notes, one for each symbol and time frame that it evaluates."""
    notes: dict[str, Any] = {}
    for exchange in get_matrix(matrix_id).root.children.values():
        for kind in exchange.children.values():
            for name, evaluator in kind.children.items():
                found: list[dict[str, Any]] = []
                _collect(evaluator, [], found)
                notes[name] = found
    return notes


def _collect(node: MatrixNode, path: list[str], found: list[dict[str, Any]]) -> None:
    if node.node_value_time is not None and node.node_value is not None:
        found.append(
            {
                "symbol": next((part for part in path if "/" in part), None),
                "time_frame": next((part for part in path if part in _TIME_FRAMES), None),
                "note": node.node_value,
                "time": node.node_value_time,
            }
        )
    for key, child in node.children.items():
        _collect(child, [*path, key], found)
