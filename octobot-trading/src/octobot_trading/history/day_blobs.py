# SPDX-License-Identifier: Apache-2.0
"""The records of one day as bytes: little-endian columns of eight bytes, record after record.

A candle is six doubles (open time, open, high, low, close, volume).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_trading.history.kinds import NO_ID, RecordKind, Records

_BoolArray = NDArray[np.bool_]
_IntArray = NDArray[np.int64]


def split_days(kind: RecordKind, records: Records) -> Iterator[tuple[int, Records]]:
    """Each day (since the epoch, UTC) and its records, which are in the order of time."""
    days = np.floor(records[kind.names[0]] / DAYS_TO_SECONDS).astype(np.int64)
    starts = np.flatnonzero(np.diff(days, prepend=np.iinfo(np.int64).min))
    for start, stop in zip(starts, [*starts[1:], len(days)], strict=True):
        yield int(days[start]), records[start:stop]


def pack(records: Records) -> bytes:
    """Records as bytes."""
    return np.ascontiguousarray(records).tobytes()


def unpack(kind: RecordKind, packed: bytes) -> Records:
    """The records of one or several joined blobs; read-only."""
    return np.frombuffer(packed, dtype=kind.dtype)


def is_intact(kind: RecordKind, packed: bytes, records: object, checksum: object) -> bool:
    """Whether a blob is what was once stored."""
    return divmod(len(packed), kind.dtype.itemsize) == (records, 0) and zlib.crc32(packed) == checksum


def merge(kind: RecordKind, stored: Records, imported: Records) -> tuple[Records, float | None]:
    """The records of both in the order of time (and id), and the time of the first one on which they differ.

    What is in both is there once. Trades without ids can be equal and yet two: as many are kept of each as the side
    that has more of them.
    """
    if not len(stored):
        return _in_order(kind, imported), None
    groups, is_unique = _groups(kind, np.concatenate((stored, imported)))
    of_stored, of_imported = groups[: len(stored)], groups[len(stored) :]
    counts = np.bincount(of_stored, minlength=int(groups.max()) + 1)
    if is_unique:
        index = np.zeros(len(counts), dtype=np.int64)
        index[of_stored] = np.arange(len(stored))
        (both,) = np.nonzero(counts[of_imported])
        mine = index[of_imported[both]]
        differ = _differ(kind, stored[mine], imported[both])
        if differ.any():
            return stored, float(stored[kind.names[0]][mine[int(np.argmax(differ))]])
    merged = np.concatenate((stored, imported[_occurrences(of_imported) >= counts[of_imported]]))
    return _in_order(kind, merged), None


def _in_order(kind: RecordKind, records: Records) -> Records:
    times = records[kind.names[0]]
    if not kind.many_at_a_time and (np.diff(times) >= 0).all():
        return records
    return records[np.lexsort((records["id"], times)) if kind.many_at_a_time else np.argsort(times, kind="stable")]


def _groups(kind: RecordKind, records: Records) -> tuple[_IntArray, bool]:
    """A number per record, equal for those that may be one, and whether such ones have to be one."""
    times = records[kind.names[0]]
    if not kind.many_at_a_time:
        return np.unique(kind.instants(times), return_inverse=True)[1], True
    ids = records["id"]
    if (ids != NO_ID).all():
        return np.unique(ids, return_inverse=True)[1], True
    columns = [records[name] for name in kind.names]
    order = np.lexsort(columns[::-1])
    changes = np.zeros(len(records), dtype=np.int64)
    for column in columns:
        changes[1:] |= np.diff(column[order]) != 0
    groups = np.empty(len(records), dtype=np.int64)
    groups[order] = np.cumsum(changes)
    return groups, False


def _occurrences(groups: _IntArray) -> _IntArray:
    """How many members of its group come before each one."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    firsts = np.flatnonzero(np.diff(ordered, prepend=-1))
    lengths = np.diff(firsts, append=len(ordered))
    found = np.empty(len(groups), dtype=np.int64)
    found[order] = np.arange(len(ordered)) - np.repeat(firsts, lengths)
    return found


def _differ(kind: RecordKind, some: Records, others: Records) -> _BoolArray:
    """Where two columns of records differ; what neither tells (NaN) is equal. Times that count as one are."""
    differ = np.zeros(len(some), dtype=np.bool_)
    for name in kind.names if kind.many_at_a_time else kind.names[1:]:
        mine, theirs = some[name], others[name]
        differ |= (mine != theirs) & ((mine == mine) | (theirs == theirs))
    return differ
