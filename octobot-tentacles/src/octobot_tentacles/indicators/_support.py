# SPDX-License-Identifier: Apache-2.0
"""What every indicator does with its input and its output: checks, alignment, and the late import of tulipy."""

from __future__ import annotations

import importlib
from functools import cache
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from octobot_tentacles.errors import IndicatorInputError, MissingIndicatorLibraryError

FloatArray: TypeAlias = npt.NDArray[np.float64]


@cache
def tulipy() -> Any:
    """The tulipy module, imported the first time an indicator needs it.

    :raises MissingIndicatorLibraryError: it is not installed.
    """
    try:
        return importlib.import_module("tulipy")
    except ImportError as error:
        raise MissingIndicatorLibraryError(
            f"indicators need tulipy, which cannot be imported: {error}",
            remedy="pip install tulipy (it compiles from source in about half a minute and needs a C compiler)",
        ) from error


def check_period(period: int, name: str = "period", minimum: int = 1) -> int:
    """``period`` itself when it is a whole number of at least ``minimum``."""
    if type(period) is int and period >= minimum:
        return period
    if not isinstance(period, np.integer) or period < minimum:
        raise IndicatorInputError(f"{name} must be a whole number of at least {minimum}, not {period!r}")
    return int(period)


def prepare(*arrays: FloatArray) -> tuple[int, list[FloatArray]]:
    """``(skipped, contiguous arrays without their first skipped values)``.

    Leading NaN are the warm-up of another indicator and skipped, the same number in each array, so that
    indicators compose. A NaN or an infinity after them would silently spoil everything that follows.
    """
    doubles = [np.ascontiguousarray(array, dtype=np.float64) for array in arrays]
    length = len(doubles[0])
    has_gaps = False
    for array in doubles:
        if array.ndim != 1 or len(array) != length:
            raise IndicatorInputError("arrays must be one-dimensional and of the same length")
        has_gaps = has_gaps or not is_finite(array)
    return _without_leading_nan(doubles) if has_gaps else (0, doubles)


def is_finite(array: FloatArray) -> bool:
    """Whether every value of a contiguous array is a finite number."""
    # a sum of squares is finite exactly when every value is (prices are far below 1e154), and quickly computed
    return isfinite(array.dot(array))


def _without_leading_nan(arrays: list[FloatArray]) -> tuple[int, list[FloatArray]]:
    skipped = max(_leading_nan_count(array) for array in arrays)
    used = [array[skipped:] for array in arrays]
    for array in used:
        if not is_finite(array):
            bad = skipped + int(np.flatnonzero(~np.isfinite(array))[0])
            raise IndicatorInputError(
                f"value {bad} is not a finite number",
                remedy="leave out the values up to it, only leading NaN are skipped",
            )
    return skipped, used


def _leading_nan_count(array: FloatArray) -> int:
    known = np.flatnonzero(array == array)
    return int(known[0]) if len(known) else len(array)


def aligned(length: int, tail: FloatArray) -> FloatArray:
    """``tail`` moved to the end of an array of ``length`` values whose first ones are NaN."""
    if len(tail) == length:
        return tail
    result = np.empty(length)
    known = length - len(tail)
    result[:known] = np.nan
    result[known:] = tail
    return result


def unknown(length: int) -> FloatArray:
    """``length`` times NaN."""
    return np.full(length, np.nan)


def windows(values: FloatArray, period: int) -> npt.NDArray[np.float64]:
    """A read-only view of every window of ``period`` values, one a row."""
    return np.lib.stride_tricks.sliding_window_view(values, period)


def ratio(numerator: FloatArray, denominator: FloatArray, otherwise: float) -> FloatArray:
    """``numerator / denominator``, and ``otherwise`` where the denominator is zero."""
    result = np.full(len(numerator), otherwise)
    np.divide(numerator, denominator, out=result, where=denominator != 0.0)
    return result
