# SPDX-License-Identifier: Apache-2.0
"""Decimal numbers of many cells at once: eight digits a machine word, as one would in C.

A number of up to 16 digits before the point and 8 behind, together below 2**53, is an exact integer divided by an
exact power of ten, and so correctly rounded. All others (exponents, signs, more digits) are left to ``float``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from octobot_trading.util import FloatArray

IntArray = NDArray[np.int64]
WordArray = NDArray[np.uint64]
BoolArray = NDArray[np.bool_]

_NUMBER_BYTES = b"0123456789+-.eE"
_WORD = 8
#: Bytes before the first cell, so that every word that ends in a cell exists.
_PADDING = b"0" * 2 * _WORD
_POWERS = 10 ** np.arange(_WORD + 1, dtype=np.uint64)
_FLOAT_POWERS = _POWERS.astype(np.float64)
_LARGEST_EXACT = np.uint64(2**53)
#: Cells handled at a time: their words stay in the processor's cache.
_BLOCK = 1 << 14


class Cells(NamedTuple):
    """Where cells begin, where their points are (their ends, if they have none) and where they end."""

    starts: IntArray
    points: IntArray
    ends: IntArray

    def block(self, first: int) -> Cells:
        """Some of them."""
        return Cells(*(places[first : first + _BLOCK] for places in self))


def parse_cells(body: bytes, cells: Cells) -> FloatArray | None:
    """The numbers in these cells of ``body``; None if one of them is no number."""
    padded = np.frombuffer(b"".join((_PADDING, body)), np.uint8)
    words = sliding_window_view(padded, _WORD)
    values = np.empty(len(cells.starts))
    odd = np.empty(len(cells.starts), dtype=bool)
    for first in range(0, len(values), _BLOCK):
        block = slice(first, first + _BLOCK)
        values[block], odd[block] = _parse_block(words, cells.block(first))
    (left,) = np.nonzero(odd)
    if not left.size:
        return values
    texts = [body[start:end] for start, end in zip(cells.starts[left], cells.ends[left], strict=True)]
    if b"".join(texts).translate(None, _NUMBER_BYTES):
        return None
    try:
        values[left] = [float(text) for text in texts]
    except ValueError:
        return None
    return values


def _parse_block(words: NDArray[np.uint8], cells: Cells) -> tuple[FloatArray, BoolArray]:
    """Their numbers, and which of them have to be left to ``float``."""
    before = cells.points - cells.starts
    behind = np.maximum(cells.ends - cells.points - 1, 0)
    odd = (before > 2 * _WORD) | (behind > _WORD) | (before + behind == 0)
    whole, not_digits = _word_numbers(words, cells.points, before)
    odd |= not_digits
    (long,) = np.nonzero(before > _WORD)
    if long.size:
        upper, not_digits = _word_numbers(words, cells.points[long] - _WORD, before[long] - _WORD)
        whole[long] += upper * _POWERS[_WORD]
        odd[long] |= not_digits
    fraction, not_digits = _word_numbers(words, cells.ends, behind)
    odd |= not_digits
    digits = np.minimum(behind, _WORD)
    odd |= whole >= _LARGEST_EXACT // _POWERS[digits]
    return (whole * _POWERS[digits] + fraction) / _FLOAT_POWERS[digits], odd


def _word_numbers(words: NDArray[np.uint8], ends: IntArray, lengths: IntArray) -> tuple[WordArray, BoolArray]:
    """The numbers that the last digits before ``ends`` make, at most eight, and which of them are not all digits."""
    # The padding is twice a word, so the word that ends at e in the body starts at e + 8 in the padded text.
    word = words[ends + _WORD].view("<u8").ravel().astype(np.uint64, copy=False)
    unused = (8 * (_WORD - np.minimum(lengths, _WORD))).astype(np.uint64)
    # The first character is the lowest byte; what precedes the number is shifted out.
    digits = ((word ^ np.uint64(0x3030303030303030)) >> unused) << unused
    not_digits = (digits | (digits + np.uint64(0x7676767676767676))) & np.uint64(0x8080808080808080)
    pairs = (digits * np.uint64(10 * 2**8 + 1)) >> np.uint64(8) & np.uint64(0x00FF00FF00FF00FF)
    fours = (pairs * np.uint64(100 * 2**16 + 1)) >> np.uint64(16) & np.uint64(0x0000FFFF0000FFFF)
    return (fours * np.uint64(10000 * 2**32 + 1)) >> np.uint64(32), not_digits != 0
