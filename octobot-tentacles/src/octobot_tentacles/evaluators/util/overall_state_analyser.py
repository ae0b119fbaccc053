# SPDX-License-Identifier: Apache-2.0
"""OverallStateAnalyser: one state of several weighted evaluations."""

from __future__ import annotations

import math

from octobot_commons.constants import INIT_EVAL_NOTE


class OverallStateAnalyser:
    """The weighted mean of the evaluations that were added, 0 before the first one of any weight.

    Attributes:
        overall_state: the mean as it was when it was refreshed last.
    """

    def __init__(self) -> None:
        self.overall_state: float = INIT_EVAL_NOTE
        self._weighted_sum = self._weights = 0.0

    def add_evaluation(self, evaluation: float, weight: float, refresh_overall_state: bool = True) -> None:
        """Add an evaluation.

        Raises:
            ValueError: one of the two is no number, or the weight is below 0.
        """
        if not (math.isfinite(evaluation) and math.isfinite(weight) and weight >= 0):
            raise ValueError(f"cannot add the evaluation {evaluation!r} with the weight {weight!r}")
        self._weighted_sum += evaluation * weight
        self._weights += weight
        if refresh_overall_state:
            self._refresh()

    def get_overall_state_after_refresh(self, refresh_overall_state: bool = True) -> float:
        """The weighted mean, as it was at the last refresh where none is wanted now."""
        if refresh_overall_state:
            self._refresh()
        return self.overall_state

    def _refresh(self) -> None:
        self.overall_state = self._weighted_sum / self._weights if self._weights else INIT_EVAL_NOTE
