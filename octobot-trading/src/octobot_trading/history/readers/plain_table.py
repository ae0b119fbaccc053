# SPDX-License-Identifier: Apache-2.0
"""The fast way through a table of plain cells: whole columns at once, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from octobot_trading.history.readers.decimal_cells import Cells, parse_cells
from octobot_trading.util import FloatArray

IntArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]

_PIECE = 1 << 20
_COMMA, _NEWLINE, _POINT, _ZERO, _NINE = b",\n.09"
#: The forms of a time by their length: 0 stands for a digit.
_TIME_FORMS = {len(form): form for form in (b"0000-00-00", b"0000-00-00 00:00", b"0000-00-00 00:00:00")}


def parse(text: bytes, cells: int, places: tuple[int, ...], numeric_times: bool, start: int = 0) -> FloatArray | None:
    """A row of numbers for each place, times in seconds unless numeric; None if there is anything unusual.

    Usual is that every line from ``start`` on has so many ``cells``, none of them quoted or empty, the first place
    holding the time.
    """
    columns = np.empty((len(places), text.count(b"\n", start) + 1))
    lines = 0
    for piece in _pieces(text, start):
        found = _parse_piece(piece, cells, places, numeric_times)
        if found is None:
            return None
        columns[:, lines : lines + found.shape[1]] = found
        lines += found.shape[1]
    return columns[:, :lines]


def _pieces(text: bytes, start: int) -> Iterator[bytes]:
    """Whole lines, about a megabyte at a time: what is made of them stays in the cache and is soon given back."""
    end = len(text)
    while end > start and text[end - 1] in b"\r\n":
        end -= 1
    while start < end:
        stop = text.find(b"\n", start + _PIECE, end) + 1 or end
        yield text[start:stop]
        start = stop


def _parse_piece(body: bytes, cells: int, places: tuple[int, ...], numeric_times: bool) -> FloatArray | None:
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n")
    if b'"' in body or b"\r" in body:
        return None
    body = body.removesuffix(b"\n") + b"\n"
    data: ByteArray = np.frombuffer(body, np.uint8)
    found = _find_cells(data, cells)
    if found is None:
        return None
    numbers = places if numeric_times else places[1:]
    wanted = Cells(*(np.ascontiguousarray(part[:, list(numbers)].T).ravel() for part in found))
    values = parse_cells(body, wanted)
    if values is None:
        return None
    columns = values.reshape(len(numbers), -1)
    if numeric_times:
        return columns
    times = _parse_times(data, found.starts[:, places[0]], found.ends[:, places[0]])
    return None if times is None else np.concatenate((times[None, :], columns))


def _find_cells(data: ByteArray, cells: int) -> Cells | None:
    """Where the cells are, a row per line; None unless all lines have so many and none is empty."""
    (signs,) = np.nonzero((data == _COMMA) | (data == _NEWLINE) | (data == _POINT))
    kinds = data[signs]
    (stops,) = np.nonzero(kinds != _POINT)
    ends = signs[stops]
    starts = np.concatenate(([0], ends[:-1] + 1))
    if ends.size % cells or (ends == starts).any():
        return None
    separators = kinds[stops].reshape(-1, cells)
    if not ((separators[:, -1] == _NEWLINE).all() and (separators[:, :-1] == _COMMA).all()):
        return None
    # Of several points in a cell the last one is taken; the digits before it then are none, which is found later.
    points = signs[np.maximum(stops - 1, 0)]
    points = np.where(points >= starts, points, ends)
    return Cells(starts.reshape(-1, cells), points.reshape(-1, cells), ends.reshape(-1, cells))


def _parse_times(data: ByteArray, starts: IntArray, ends: IntArray) -> FloatArray | None:
    widths = np.unique(ends - starts)
    form = _TIME_FORMS.get(int(widths[0])) if widths.size == 1 else None
    if form is None:
        return None
    text = data[starts[:, None] + np.arange(len(form))]
    pattern = np.frombuffer(form, np.uint8)
    digits = pattern == _ZERO
    plain = (text[:, ~digits] == pattern[~digits]).all()
    if not (plain and (text[:, digits] >= _ZERO).all() and (text[:, digits] <= _NINE).all()):
        return None
    try:
        moments = text.view(f"S{len(form)}").ravel().astype("U").astype("datetime64[s]")
    except ValueError:
        return None
    seconds: FloatArray = moments.astype(np.int64).astype(np.float64)
    return seconds
