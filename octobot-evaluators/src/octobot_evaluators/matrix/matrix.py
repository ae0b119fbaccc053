# SPDX-License-Identifier: Apache-2.0
"""The matrix: every evaluator's latest note."""

from __future__ import annotations

from octobot_commons.clock import Clock
from octobot_commons.enums import TimeFrames
from octobot_commons.time_frame_manager import get_seconds
from octobot_evaluators.matrix._matrix import MatrixCore
from octobot_evaluators.matrix.cycles import Cell, CycleRegistry
from octobot_evaluators.matrix.snapshot import MatrixSnapshot

#: Seconds of every time frame; None for a month, whose length is the calendar's.
DURATIONS: dict[str, float | None] = {
    member.value: None if member is TimeFrames.ONE_MONTH else float(get_seconds(member)) for member in TimeFrames
}


class Matrix(MatrixCore):
    """Notes by path: exchange name → evaluator type → evaluator name → cryptocurrency → symbol → time frame.

    Parts that are absent are skipped. A value is valid while
    ``now < its evaluation time + its time frame + allowed_delta``.
    """

    def __init__(self, matrix_id: str, clock: Clock, allowed_delta: float = 0.0) -> None:
        super().__init__(DURATIONS)
        self.matrix_id = matrix_id
        self.clock = clock
        self.allowed_delta = allowed_delta
        self.cycles = CycleRegistry(allowed_delta, DURATIONS, self._last_eval_time)

    def snapshot(self) -> MatrixSnapshot:
        """Everything that is noted now."""
        return MatrixSnapshot(self.clock.now(), self.allowed_delta, *self.notes())

    def _last_eval_time(self, cell: Cell) -> float | None:
        node = self.find(cell.path)
        return None if node is None else node.node_value_time
