# SPDX-License-Identifier: Apache-2.0
"""Adding recorded order books to those stored.

A message that the venue numbers is known by its number, whoever recorded it and when it arrived there; one without a
number by its time and content. What is stored already is skipped. Refused are two messages of one number that differ,
numbers that do not grow in the order of arrival of both recordings together, and, without numbers, a recording of
which a stored one of the same time has messages that it lacks and lacks messages that it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from octobot_commons.errors import DataError
from octobot_trading.history import day_blobs
from octobot_trading.history.kinds import DELTA, NO_ID, ORDER_BOOK, Records
from octobot_trading.history.order_books import book_messages, message_starts, sequence_gaps
from octobot_trading.history.stored_days import StoredDays
from octobot_trading.history.validation import format_time

#: By how much the clocks of two recorders of one stream may differ for its messages to be found again.
_CLOCKS_SECONDS = 60.0
_REMEDY = "remove the stored series first, or import under another exchange name"
_Mask = NDArray[np.bool_]


def import_messages(days: StoredDays, series_id: int, records: Records, source: str) -> int:
    """Add the messages that are not stored yet; how many rows that were.

    Raises:
        DataError: stored messages contradict them; nothing was written.
    """
    times = records["time"]
    stored = days.read(series_id, times[0] - _CLOCKS_SECONDS, times[-1] + _CLOCKS_SECONDS)
    new = records[_new_rows(stored, records, source)]
    if not len(new):
        return 0
    _check_order(stored, records, new, source)
    for block, rows in day_blobs.split_days(ORDER_BOOK, new):
        days.replace_day(series_id, block, _merged(days.read_day(series_id, block), rows))
    return len(new)


def _new_rows(stored: Records, records: Records, source: str) -> _Mask:
    """The rows of the messages that are not stored."""
    numbered: dict[tuple[int, int], bytes] = {}
    unnumbered: Counter[tuple[float, bytes]] = Counter()
    for _, _, time, number, content in _contents(stored):
        if number is None:
            unnumbered[time, content] += 1
        else:
            numbered[number] = content
    held, is_new = unnumbered.copy(), np.ones(len(records), dtype=np.bool_)
    is_strange = False
    for start, end, time, number, content in _contents(records):
        if number is not None:
            is_new[start:end] = numbered.setdefault(number, content) is content
            if numbered[number] != content:
                what = f"the update {number[1]} of {format_time(time)} is another than the stored one"
                raise _contradiction(what, source)
        elif held[time, content]:
            held[time, content] -= 1
            is_new[start:end] = False
        else:
            is_strange = True
    times = records["time"]
    lacking = [time for (time, _), count in held.items() if count and times[0] <= time <= times[-1]]
    if is_strange and lacking:
        raise _contradiction(f"the stored messages of {format_time(min(lacking))} are others", source)
    return is_new


def _contents(records: Records) -> Iterator[tuple[int, int, float, tuple[int, int] | None, bytes]]:
    """Of each message its rows, time, kind and number, and what it says."""
    starts = message_starts(_numbers(records))
    bits = [np.ascontiguousarray(records[name]).view(np.int64) for name in _CONTENT]
    content = np.stack(bits, axis=1)
    columns = (starts, np.append(starts[1:], len(records)), *(records[name][starts] for name in _KEYS))
    for start, end, time, event, last in zip(*(column.tolist() for column in columns), strict=False):
        yield start, end, time, None if last == NO_ID else (event, last), content[start:end].tobytes()


_IDS = ("first_id", "last_id", "previous_id")
_KEYS = ("time", "event", "last_id")
_CONTENT = ("event", "side", "price", "size", "first_id", "last_id", "previous_id")


def _numbers(records: Records) -> NDArray[np.int64]:
    """Numbers of messages that hold across blocks, each of which counts from 0."""
    changes = np.zeros(len(records), dtype=np.bool_)
    for name in ("message", "time"):
        changes[1:] |= np.diff(records[name]) != 0
    return np.cumsum(changes)


def _check_order(stored: Records, records: Records, new: Records, source: str) -> None:
    """Updates that one recorder missed fit between those of the other only if their clocks agree."""
    if not len(stored):
        return
    if _numbering(stored) != _numbering(records) and None not in (_numbering(stored), _numbering(records)):
        raise _contradiction("its updates are numbered in another way than the stored ones", source)
    together = np.concatenate((stored, new))
    together = together[np.lexsort((together["last_id"], together["time"]))]
    if _falls(stored) is None and _falls(records) is None:
        time = _falls(together)
        if time is not None:
            raise _contradiction(f"at {format_time(time)} its updates lie between stored ones of other numbers", source)


def _numbering(records: Records) -> tuple[bool, ...] | None:
    """Which numbers deltas have; None where there is no delta."""
    deltas = records[records["event"] == DELTA][:1]
    return tuple(bool(deltas[name][0] != NO_ID) for name in _IDS) if len(deltas) else None


def _falls(records: Records) -> float | None:
    deltas = records[(records["event"] == DELTA) & (records["last_id"] != NO_ID)]
    falls = np.diff(deltas["last_id"]) < 0
    return float(deltas["time"][int(np.argmax(falls)) + 1]) if falls.any() else None


def _merged(stored: Records, new: Records) -> Records:
    """The rows of both by time with their messages numbered from 0.

    Where times are equal by the venue's numbers if those grow in both, without them those stored first. What is alone
    stays in the order in which it arrived.
    """
    both = np.concatenate((stored, new))
    are_growing = len(stored) and _falls(stored) is None and _falls(new) is None
    order = np.lexsort((both["last_id"], both["time"])) if are_growing else np.argsort(both["time"], kind="stable")
    is_new = np.repeat([False, True], [len(stored), len(new)])[order]
    merged = both[order]
    changes = np.zeros(len(merged), dtype=np.bool_)
    for column in (merged["time"], merged["message"], is_new):
        changes[1:] |= column[1:] != column[:-1]
    merged["message"] = np.cumsum(changes)
    return merged


def across_blocks(records: Records) -> Records:
    """Rows read from several blocks with their messages numbered throughout."""
    numbered = records.copy()
    numbered["message"] = _numbers(records)
    return numbered


def stored_gaps(days: StoredDays, series_id: int) -> int:
    """How often an update is missing in what is stored; one block of time is in memory at once.

    Raises:
        DataError: a block is not what was once stored.
    """
    blocks = (across_blocks(days.read_day(series_id, day)) for day in days.days(series_id))
    columns = (tuple(block[name] for name in ORDER_BOOK.names) for block in blocks)
    return sum(1 for _ in sequence_gaps(chain.from_iterable(map(book_messages, columns))))


def _contradiction(what: str, source: str) -> DataError:
    return DataError(what, file=source, remedy=_REMEDY)
