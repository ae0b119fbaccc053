# SPDX-License-Identifier: Apache-2.0
"""StatisticAnalysis: how the slope of a series changes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike


class StatisticAnalysis:
    """How the slope of a series changes."""

    @staticmethod
    def analyse_recent_trend_changes(data: ArrayLike, delta_function: Callable[[float], float]) -> float:
        """In [-1, 1]: above 0 where the newer half of the changes is steeper upwards than the older one.

        The difference of both halves' mean changes, in units of the largest possible one for changes of that size,
        lies in [0, 1]; ``delta_function`` (such as ``math.sqrt``) makes a weight of it. Fewer than three values: 0.
        """
        changes = np.diff(np.asarray(data, dtype=np.float64))
        largest = float(np.abs(changes).max(initial=0.0))
        if len(changes) < 2 or not largest:
            return 0.0
        half = len(changes) // 2
        difference = float(changes[-half:].mean() - changes[:-half].mean())
        weight = min(1.0, abs(float(delta_function(min(1.0, abs(difference) / (2.0 * largest))))))
        return weight if difference > 0.0 else -weight if difference < 0.0 else 0.0
