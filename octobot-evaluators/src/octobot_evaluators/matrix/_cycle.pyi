# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterable

class Cycle:
    """Tells when every cell that somebody waits for is valid for the latest time, once per time.

    A cell is one evaluator's evaluations on one time frame. The cycle's time is the latest evaluation time it was
    told; a cell is valid for it while ``latest_time + allowed_delta < its evaluation time + its time frame``.
    Evaluation times within ``allowed_delta`` of the cycle's time belong to the same cycle. Each note costs the same,
    however many cells there are, but for the first one of a cycle.
    """

    def __new__(cls, allowed_delta: float = 0.0) -> Cycle: ...
    def __len__(self) -> int:
        """How many cells are waited for."""

    @property
    def latest_time(self) -> float:
        """The cycle's time; minus infinity before the first evaluation."""

    @property
    def allowed_delta(self) -> float: ...
    @property
    def is_complete(self) -> bool:
        """Whether there are cells, all of them valid, and none is awaited."""

    def add(self, seconds: float | None = ..., eval_time: float = ...) -> int:
        """Wait for one more cell, last evaluated at ``eval_time``; returns its slot.

        ``seconds`` is its time frame: infinite for none, None for a calendar month.
        """

    def remove(self, slot: int) -> None:
        """Wait for this cell no longer. The slot is not used again."""

    def evaluated(self, slot: int, eval_time: float, report: bool = True) -> bool:
        """Record an evaluation. True when the cycle is complete now and was not reported before.

        Without ``report`` the answer is False, and a complete cycle is left for the next evaluation to report.
        """

    def invalidate(self, slot: int) -> None:
        """The cell's evaluation failed: the cycle stays open until it is evaluated again."""

    def expect(self, slots: Iterable[int]) -> None:
        """Open the current cycle again until each of these cells was evaluated once more.

        A later time ends the waiting.
        """

    def fresh_until(self) -> float:
        """When the first evaluation expires: minus infinity where one is missing, infinite where none is waited for."""
