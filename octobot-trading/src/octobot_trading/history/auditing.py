# SPDX-License-Identifier: Apache-2.0
"""What can be said against recorded data, stored or not yet. Nothing is changed.

A *fault* is what cannot be right: damage, numbers that contradict each other. A *remark* may well be right, and a user
should know of it: gaps, rows that were dropped as duplicates, candles without volume, sudden jumps of the price.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from octobot_commons.errors import DataError
from octobot_trading.history.agreement import can_be_compared, compare
from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.kinds import CANDLES
from octobot_trading.history.record_store import StoredItem
from octobot_trading.history.records import RecordSeries
from octobot_trading.history.store import CandleStore
from octobot_trading.history.suspects import price_jumps

#: How many examples a finding carries at most; gaps are all listed.
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one series; without names it is about the whole file.

    ``check`` is damage, faulty, disagreement, gaps, duplicates, zero_volume or jumps; ``count`` how many records it is
    about. ``examples`` are objects whose keys depend on the check; their times are Unix seconds.
    """

    is_fault: bool
    check: str
    message: str
    count: int = 1
    exchange_name: str | None = None
    symbol: str | None = None
    kind: str | None = None
    time_frame: str | None = None
    examples: tuple[dict[str, Any], ...] = ()


def audit_store(store: CandleStore, chosen: Sequence[StoredItem] | None = None) -> Iterator[Finding]:
    """Check the file of a store, then the series in it, or those ``chosen`` of ``store.contents()``.

    One series is in memory at a time, two where they are compared.

    Raises:
        EnvironmentFault: the store cannot be read.
    """
    try:
        damaged = list(store.faults())
        yield from (_damage(*one) for one in damaged)
        items = list(store.contents() if chosen is None else chosen)
    except (DataError, sqlite3.DatabaseError) as error:
        yield Finding(True, "damage", str(error))
        return
    broken = {names for names, _ in damaged}
    sound = [one for one in items if _names(one) not in broken]
    for item in sound:
        try:
            series = store.load_item(item)
        except DataError as error:
            broken.add(_names(item))
            yield Finding(True, "faulty", str(error), 1, *_titles(item))
        else:
            yield from audit_series(series)
    sound = [one for one in sound if _names(one) not in broken]
    for shorter, longer in _pairs(sound):
        loaded = store.load_item(shorter)
        for one in longer:
            yield from _audit_pair(loaded, store.load_item(one))


def audit_all(series: Iterable[CandleSeries | RecordSeries]) -> Iterator[Finding]:
    """Check series that are in memory, each one and candles of one symbol against each other."""
    found = list(series)
    for one in found:
        yield from audit_series(one)
    for shorter, longer in _pairs(found):
        for other in longer:
            yield from _audit_pair(shorter, other)


def audit_series(series: CandleSeries | RecordSeries) -> Iterator[Finding]:
    """What should be known of one series: all remarks, as its numbers were checked when it was made."""
    titles = _titles(series)
    quality, plural = series.quality, series.kind.plural
    if quality.gaps:
        gaps = tuple(
            {"start_time": gap.start_time, "end_time": gap.end_time, "missing": gap.missing} for gap in quality.gaps
        )
        message = f"{len(gaps)} gaps, {quality.missing:,} {plural} missing"
        yield Finding(False, "gaps", message, quality.missing, *titles, gaps)
    if quality.duplicates:
        yield Finding(
            False, "duplicates", f"{quality.duplicates:,} rows repeat another one", quality.duplicates, *titles
        )
    if quality.zero_volume:
        message = f"{quality.zero_volume:,} {plural} without volume"
        yield Finding(False, "zero_volume", message, quality.zero_volume, *titles)
    places, jumps = price_jumps(series)
    if len(places):
        times = series.open_times if isinstance(series, CandleSeries) else series.times
        examples = tuple(
            {"time": float(times[place]), "jump": float(jump)}
            for place, jump in list(zip(places, jumps, strict=True))[:_EXAMPLES]
        )
        yield Finding(False, "jumps", f"{len(places):,} sudden jumps of the price", len(places), *titles, examples)


def _audit_pair(shorter: Any, longer: Any) -> Iterator[Finding]:
    compared, differences = compare(shorter, longer)
    if differences:
        sums = f"what those of {shorter.time_frame.value} add up to"
        message = f"{len(differences):,} of {compared:,} candles differ from {sums}"
        examples = tuple(
            {"open_time": one.open_time, "column": one.column, "recorded": one.recorded, "derived": one.derived}
            for one in differences[:_EXAMPLES]
        )
        yield Finding(True, "disagreement", message, len(differences), *_titles(longer), examples)


def _pairs(series: Sequence[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Each series of candles with the longer ones that consist of such candles."""
    candles = [one for one in series if _titles(one)[2] == CANDLES.name]
    for shorter in candles:
        same = [one for one in candles if _titles(one)[:2] == _titles(shorter)[:2]]
        longer = [one for one in same if can_be_compared(shorter.time_frame, one.time_frame)]
        if longer:
            yield shorter, longer


def _damage(names: tuple[str, str, str, str], message: str) -> Finding:
    kind, exchange, symbol, frame = (name or None for name in names)
    return Finding(True, "damage", message, 1, exchange, symbol, kind, frame)


def _names(item: StoredItem) -> tuple[str, str, str, str]:
    return item.kind, item.exchange_name, item.symbol, item.time_frame.value if item.time_frame else ""


def _titles(one: Any) -> tuple[str, str, str, str | None]:
    kind = one.kind if isinstance(one, StoredItem) else one.kind.name
    return one.exchange_name, one.symbol, kind, one.time_frame.value if one.time_frame else None
