# SPDX-License-Identifier: Apache-2.0
"""The records of one block of time, a day for most kinds, as bytes.

Numbers are little-endian and take eight bytes, record after record: a candle is six doubles (open time, open, high,
low, close, volume). Of a kind that is compressed they lie column after column, which packs better.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from octobot_trading.history.kinds import NO_ID, RecordKind, Records

_BoolArray = NDArray[np.bool_]
_IntArray = NDArray[np.int64]
#: The fastest: order books take a twelfth of the room; level 6 would save a quarter of that in four times the time.
_COMPRESSION_LEVEL = 1


def split_days(kind: RecordKind, records: Records) -> Iterator[tuple[int, Records]]:
    """The number of each block (since the epoch, UTC) and its records, which are in the order of time."""
    days = np.floor(records[kind.names[0]] / kind.block_seconds).astype(np.int64)
    starts = np.flatnonzero(np.diff(days, prepend=np.iinfo(np.int64).min))
    for start, stop in zip(starts, [*starts[1:], len(days)], strict=True):
        yield int(days[start]), records[start:stop]


def pack(kind: RecordKind, records: Records) -> bytes:
    """Records as bytes."""
    if kind.is_compressed:
        columns = b"".join(np.ascontiguousarray(records[name]).tobytes() for name in kind.names)
        return zlib.compress(columns, _COMPRESSION_LEVEL)
    return np.ascontiguousarray(records).tobytes()


def unpack(kind: RecordKind, blobs: Sequence[bytes]) -> Records:
    """The records of blobs that are intact, joined; read-only."""
    if not kind.is_compressed:
        return np.frombuffer(b"".join(blobs), dtype=kind.dtype)
    parts = [_unpack_columns(kind, zlib.decompress(blob)) for blob in blobs]
    joined = np.concatenate(parts) if parts else np.empty(0, dtype=kind.dtype)
    joined.flags.writeable = False
    return joined


def is_intact(kind: RecordKind, packed: bytes, records: object, checksum: object) -> bool:
    """Whether a blob is what was once stored."""
    if zlib.crc32(packed) != checksum or not isinstance(records, int):
        return False
    if kind.is_compressed:
        # What has its checksum decompresses; a wrong number of records beside it would not be seen by that.
        return len(zlib.decompress(packed)) == records * kind.dtype.itemsize
    return divmod(len(packed), kind.dtype.itemsize) == (records, 0)


def _unpack_columns(kind: RecordKind, data: bytes) -> Records:
    columns = np.frombuffer(data, dtype=np.int64).reshape(len(kind.fields), -1)
    return kind.records(tuple(column.view(dtype) for column, (_, dtype) in zip(columns, kind.fields, strict=True)))


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
