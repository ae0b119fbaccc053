# SPDX-License-Identifier: Apache-2.0
"""The candles of one day as bytes: six little-endian doubles a candle (open time, open, high, low, close, volume)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_trading.util import FloatArray

_PACKED = np.dtype("<f8")
_CANDLE_BYTES = 6 * _PACKED.itemsize


def split_days(candles: FloatArray) -> Iterator[tuple[int, FloatArray]]:
    """Each day (since the epoch, UTC) and its candles; ``candles`` has a row per candle in the order of time."""
    days = np.floor(candles[:, 0] / DAYS_TO_SECONDS).astype(np.int64)
    starts = np.flatnonzero(np.diff(days, prepend=np.iinfo(np.int64).min))
    for start, stop in zip(starts, [*starts[1:], len(days)], strict=True):
        yield int(days[start]), candles[start:stop]


def pack(candles: FloatArray) -> bytes:
    """Rows of candles as bytes."""
    return np.ascontiguousarray(candles, dtype=_PACKED).tobytes()


def unpack(packed: bytes) -> FloatArray:
    """The rows of one or several joined blobs; read-only."""
    return np.frombuffer(packed, dtype=_PACKED).reshape(-1, 6).astype(np.float64, copy=False)


def is_intact(packed: bytes, candles: object, checksum: object) -> bool:
    """Whether a blob is what was once stored."""
    return divmod(len(packed), _CANDLE_BYTES) == (candles, 0) and zlib.crc32(packed) == checksum


def merge(stored: FloatArray, imported: FloatArray) -> tuple[FloatArray, float | None]:
    """The candles of both in the order of time, and the time of the first one on which they differ."""
    _, of_stored, of_imported = np.intersect1d(stored[:, 0], imported[:, 0], assume_unique=True, return_indices=True)
    differ = np.any(stored[of_stored] != imported[of_imported], axis=1)
    if differ.any():
        return stored, float(stored[of_stored[int(np.argmax(differ))], 0])
    new = np.ones(len(imported), dtype=bool)
    new[of_imported] = False
    both = np.concatenate((stored, imported[new]))
    return both[np.argsort(both[:, 0])], None
