# SPDX-License-Identifier: Apache-2.0
"""The same past with another future, with none, or less of the past.

What is known at a time are the candles that have closed by then, and the open of the shortest one that is open then: it
stays as it was in each of these, so that two runs may be compared up to that very time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.history import CandleSeries, resample
from octobot_trading.util import FloatArray

#: By how much each candle of another future goes its own way.
_STEP = 0.01


def cut(series: Sequence[CandleSeries], time: float) -> list[CandleSeries]:
    """Nothing but what is known at ``time``; the open candle ends at its open."""
    return [_cut_base(one, time) if _is_base(one, series) else _closed(one, time) for one in series]


def with_other_future(series: Sequence[CandleSeries], time: float, seed: int) -> list[CandleSeries]:
    """What comes after ``time`` is turned upside down and wanders off, the same way on all time frames."""
    bases = {one.symbol: _varied_base(one, time, seed) for one in series if _is_base(one, series)}
    return [bases[one.symbol] if _is_base(one, series) else _varied(one, bases[one.symbol], time) for one in series]


def with_history(series: Sequence[CandleSeries], time: float, count: int) -> list[CandleSeries]:
    """Of each series the last ``count`` candles that have closed by ``time``, and all that come later."""
    kept = []
    for one in series:
        first = max(0, len(_closed(one, time)) - count)
        kept.append(one.slice(float(one.open_times[first]), None) if first < len(one) else one)
    return kept


def _is_base(one: CandleSeries, series: Sequence[CandleSeries]) -> bool:
    """Whether orders are matched against it: the shortest of its symbol."""
    return all(get_seconds(one.time_frame) <= get_seconds(other.time_frame) for other in series
               if other.symbol == one.symbol)  # fmt: skip


def _closed(one: CandleSeries, time: float) -> CandleSeries:
    return _rows(one, 0, int(np.searchsorted(one.close_times, time, side="right")))


def _rows(one: CandleSeries, first: int, last: int) -> CandleSeries:
    return _with(one, tuple(column[first:last] for column in one.columns()))


def _with(one: CandleSeries, columns: Sequence[FloatArray]) -> CandleSeries:
    times, opens, high, low, close, volume = columns
    return replace(one, open_times=times, open=opens, high=high, low=low, close=close, volume=volume)


def _cut_base(one: CandleSeries, time: float) -> CandleSeries:
    closed = len(_closed(one, time))
    if closed == len(one) or one.open_times[closed] > time:
        return _rows(one, 0, closed)
    price = one.open[closed]
    stub = (one.open_times[closed], price, price, price, price, 0.0)
    return _with(one, [np.append(column[:closed], value) for column, value in zip(one.columns(), stub, strict=True)])


def _varied_base(one: CandleSeries, time: float, seed: int) -> CandleSeries:
    closed = len(_closed(one, time))
    if closed == len(one):
        return one
    later = [column[closed:] for column in one.columns()]
    is_open = later[0][0] <= time
    pivot = float(later[1][0]) if is_open or not closed else float(one.close[closed - 1])
    drift = np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0, _STEP, len(later[0]))))
    drift[0] = 1.0
    opens, low, high, close = (pivot * (pivot / column) * drift for column in later[1:5])
    if is_open:
        opens[0] = pivot
    high, low = np.maximum.reduce([opens, high, close]), np.minimum.reduce([opens, low, close])
    changed = [later[0], opens, high, low, close, later[5][::-1]]
    return _with(one, [np.append(column[:closed], new) for column, new in zip(one.columns(), changed, strict=True)])


def _varied(one: CandleSeries, base: CandleSeries, time: float) -> CandleSeries:
    """A longer time frame: what closes later is made of the shorter candles."""
    past = _closed(one, time)
    try:
        made = resample(base, one.time_frame)
    except DataError:  # it does not consist of them, and so ends here
        return past
    later = np.flatnonzero(made.close_times > time)
    columns = zip(past.columns(), made.columns(), strict=True)
    return _with(one, [np.append(known, new[later]) for known, new in columns])
