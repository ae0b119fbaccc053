# SPDX-License-Identifier: Apache-2.0
"""The fast way through a table of plain cells: whole columns at once, all or nothing."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]

_NUMBER_BYTES = b"0123456789+-.eE,\n"
_COMMA, _NEWLINE, _ZERO, _NINE = b",\n09"
#: The forms of a time of this length: 0 stands for a digit.
_TIME_FORMS = {len(form): form for form in (b"0000-00-00", b"0000-00-00 00:00", b"0000-00-00 00:00:00")}


def parse(body: bytes, cells: int, places: tuple[int, ...], numeric_times: bool) -> FloatArray | None:
    """Six rows of numbers, times in seconds unless they are plain numbers; None if there is anything unusual."""
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n")
    body = body.rstrip(b"\n") + b"\n"
    data: ByteArray = np.frombuffer(body, np.uint8)
    ends = _cell_ends(data, cells)
    if ends is None:
        return None
    times = None
    if not numeric_times:
        data = data.copy()
        times = _take_times(data, ends, places[0])
        if times is None:
            return None
        body = data.tobytes()
    numbers = _numbers(body, ends.size)
    if numbers is None:
        return None
    columns = np.ascontiguousarray(numbers.reshape(-1, cells)[:, list(places)].T)
    if times is not None:
        columns[0] = times
    return columns


def _cell_ends(data: ByteArray, cells: int) -> IntArray | None:
    """Where each cell ends, a row per line; None unless all lines have so many cells and none is empty."""
    (ends,) = np.nonzero((data == _COMMA) | (data == _NEWLINE))
    if ends.size % cells or np.diff(ends, prepend=-1).min() < 2:
        return None
    table = ends.reshape(-1, cells)
    signs = data[table]
    if not ((signs[:, -1] == _NEWLINE).all() and (signs[:, :-1] == _COMMA).all()):
        return None
    return table


def _numbers(body: bytes, count: int) -> FloatArray | None:
    if body.translate(None, _NUMBER_BYTES):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            numbers = np.fromstring(body.replace(b"\n", b","), dtype=np.float64, sep=",")
        except (ValueError, DeprecationWarning):
            return None
    return numbers if numbers.size == count else None


def _take_times(data: ByteArray, ends: IntArray, place: int) -> FloatArray | None:
    """The times of a column of dates, overwritten by zeros in ``data`` so that all its cells are numbers."""
    stops = ends[:, place]
    starts = (np.concatenate(([-1], ends[:-1, -1])) if place == 0 else ends[:, place - 1]) + 1
    widths = np.unique(stops - starts)
    form = _TIME_FORMS.get(int(widths[0])) if widths.size == 1 else None
    if form is None:
        return None
    letters = starts[:, None] + np.arange(len(form))
    text = data[letters]
    pattern = np.frombuffer(form, np.uint8)
    digits = pattern == _ZERO
    plain = (text[:, ~digits] == pattern[~digits]).all()
    if not (plain and (text[:, digits] >= _ZERO).all() and (text[:, digits] <= _NINE).all()):
        return None
    data[letters] = _ZERO
    try:
        moments = text.view(f"S{len(form)}").ravel().astype("U").astype("datetime64[s]")
    except ValueError:
        return None
    seconds: FloatArray = moments.astype(np.int64).astype(np.float64)
    return seconds
