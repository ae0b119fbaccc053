# SPDX-License-Identifier: Apache-2.0
"""Long series as short JSON: whole numbers at a fixed number of decimals, each written as its distance from the one
before.

``static/js/data.js`` is the other half. Candles take about 20 bytes each this way, a third of plain JSON.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from octobot.report.valuation import FloatArray

_MOST_DECIMALS = 10
# Prices that no fixed number of decimals gives back exactly keep this many significant digits.
_SIGNIFICANT_DIGITS = 9
# Beyond this a double has no room for every whole number.
_LARGEST_WHOLE = 2.0**53


def exact_decimals(*columns: FloatArray) -> int:
    """The fewest decimals that show every value as it is, else enough for nine significant digits of the largest."""
    values = np.concatenate(columns)
    largest = float(np.max(np.abs(values), initial=0.0))
    for decimals in range(_MOST_DECIMALS + 1):
        if largest * 10**decimals < _LARGEST_WHOLE and bool(np.all(np.round(values, decimals) == values)):
            return decimals
    return significant_decimals(largest, _SIGNIFICANT_DIGITS)


def significant_decimals(largest: float, digits: int) -> int:
    """The decimals, ten at most, that give a value of this size so many significant digits."""
    if not math.isfinite(largest) or largest <= 0:
        return 0
    return max(0, min(_MOST_DECIMALS, digits - math.ceil(math.log10(largest))))


def whole(values: FloatArray, decimals: int) -> npt.NDArray[np.int64]:
    return np.round(values * 10.0**decimals).astype(np.int64)


def deltas(values: npt.NDArray[np.int64]) -> list[int]:
    """The first value, then each one's distance from the one before."""
    differences: list[int] = np.diff(values, prepend=0).tolist()
    return differences


def encode_curve(values: FloatArray, decimals: int) -> dict[str, Any]:
    return {"decimals": decimals, "deltas": deltas(whole(values, decimals))}


def encode_times(times: FloatArray) -> dict[str, Any]:
    """Whole seconds: the first, then runs of equal steps as [step, count, step, count, ...]."""
    seconds = np.floor(times).astype(np.int64)
    if not len(seconds):
        return {"first": 0, "runs": []}
    steps = np.diff(seconds)
    starts = np.flatnonzero(np.diff(steps, prepend=steps[:1] - 1)) if len(steps) else np.empty(0, dtype=np.int64)
    counts = np.diff(starts, append=len(steps))
    runs: list[int] = np.column_stack((steps[starts], counts)).ravel().tolist() if len(steps) else []
    return {"first": int(seconds[0]), "runs": runs}


def encode_candles(open_: FloatArray, high: FloatArray, low: FloatArray, close: FloatArray) -> dict[str, Any]:
    """Open against the last close, close against open, and how far the wicks reach beyond the body."""
    decimals = exact_decimals(open_, high, low, close)
    opens, closes = whole(open_, decimals), whole(close, decimals)
    return {
        "decimals": decimals,
        "open": (opens - np.concatenate(([0], closes[:-1]))).tolist(),
        "close": (closes - opens).tolist(),
        "upper": (whole(high, decimals) - np.maximum(opens, closes)).tolist(),
        "lower": (np.minimum(opens, closes) - whole(low, decimals)).tolist(),
    }


def encode_volume(volume: FloatArray) -> dict[str, Any]:
    """Whole numbers with about four significant digits in the middle of the range."""
    traded = volume[volume > 0]
    decimals = significant_decimals(float(np.median(traded)) if len(traded) else 0.0, 4)
    return {"decimals": decimals, "values": whole(volume, decimals).tolist()}
