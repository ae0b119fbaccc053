# SPDX-License-Identifier: Apache-2.0
"""How far a price is from an average."""

from __future__ import annotations

#: Smaller ones are rounding errors of averages of equal prices.
NO_DISTANCE_PERCENT = 1e-8


def percent_above(price: float, average: float) -> float:
    """How far a price is above an average, in percent of the average; below 0: under it. 0 above an average of 0."""
    percent = 100.0 * (price - average) / average if average else 0.0
    return percent if abs(percent) > NO_DISTANCE_PERCENT else 0.0
