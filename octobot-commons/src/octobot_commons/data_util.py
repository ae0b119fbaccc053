# SPDX-License-Identifier: Apache-2.0
"""Small functions on series of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


def drop_nan(data: ArrayLike) -> NDArray[np.float64]:
    """The values that are numbers, in their order, as a new array."""
    array = np.asarray(data, dtype=np.float64)
    return array[~np.isnan(array)]


def mean(numbers: Iterable[float]) -> float:
    """The arithmetic mean, 0 when there are no numbers."""
    values = list(numbers)
    return float(sum(values) / len(values)) if values else 0.0


def normalize_data(data: ArrayLike) -> NDArray[np.float64]:
    """``(data - mean) / (max - min)``; unchanged for fewer than two values, zeros when all are equal."""
    array = np.asarray(data, dtype=np.float64)
    if array.size < 2:
        return array
    centred = array - array.mean()
    spread = array.max() - array.min()
    # Equal values have no spread to divide by, and the mean may be off by one bit.
    return centred / spread if spread else np.zeros_like(array)


def shift_value_array(
    array: NDArray[Any],
    shift_count: int = -1,
    fill_value: float = np.nan,
    dtype: DTypeLike = np.float64,
) -> NDArray[Any]:
    """A new array, moved left by a negative ``shift_count``, right by a positive one, free places filled."""
    size = len(array)
    shifted = np.full(size, fill_value, dtype=dtype)
    if abs(shift_count) >= size:
        return shifted
    if shift_count >= 0:
        shifted[shift_count:] = array[: size - shift_count]
    else:
        shifted[:shift_count] = array[-shift_count:]
    return shifted
