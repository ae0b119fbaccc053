# SPDX-License-Identifier: Apache-2.0
"""Fewer candles for the eye where a run had more than a page can show. Figures are never computed from these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from octobot.report.valuation import FloatArray

if TYPE_CHECKING:
    from octobot.report.equity import Curves
    from octobot_trading.history import CandleSeries

MOST_CANDLES = 60_000
# Widths that divide an hour, a day or a week, so that candles stand where a reader expects them.
_FACTORS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 240, 360, 720, 1440, 10_080)


@dataclass(frozen=True, slots=True)
class DisplayCandles:
    times: FloatArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray


def candle_seconds(candles: Mapping[str, CandleSeries]) -> float:
    """The shortest candle of all series."""
    lengths = [float(np.min(one.close_times - one.open_times)) for one in candles.values() if len(one.close)]
    return min(lengths, default=1.0)


def bucket_seconds(candles: Mapping[str, CandleSeries], most: int = MOST_CANDLES) -> float | None:
    """How long a shown candle lasts, None where every candle can be shown as it is."""
    longest = max((len(one.close) for one in candles.values()), default=0)
    if longest <= most:
        return None
    seconds = candle_seconds(candles)
    for factor in _FACTORS:
        if all(len(_starts(one.open_times, seconds * factor)) <= most for one in candles.values()):
            return seconds * factor
    return seconds * _FACTORS[-1] * -(-longest // (most * _FACTORS[-1]))


def display_candles(series: CandleSeries, seconds: float | None) -> DisplayCandles:
    if seconds is None:
        return DisplayCandles(series.open_times, series.open, series.high, series.low, series.close, series.volume)
    starts = _starts(series.open_times, seconds)
    ends = np.append(starts[1:], len(series.close)) - 1
    return DisplayCandles(
        times=np.floor(series.open_times[starts] / seconds) * seconds,
        open=series.open[starts],
        high=np.maximum.reduceat(series.high, starts),
        low=np.minimum.reduceat(series.low, starts),
        close=series.close[ends],
        volume=np.add.reduceat(series.volume, starts),
    )


def display_curves(
    candles: Mapping[str, CandleSeries], curves: Curves, seconds: float | None
) -> tuple[FloatArray, FloatArray, FloatArray | None, FloatArray]:
    """Times, equity, buy and hold, drawdown. A value at a close stands at the open of its candle, so that it shares
    its place on the time axis; of several the last is shown, and the deepest drawdown.
    """
    alone = next(iter(candles.values())) if len(candles) == 1 else None
    times = curves.times - candle_seconds(candles) if alone is None else alone.open_times
    if seconds is None:
        return times, curves.equity, curves.buy_and_hold, curves.drawdown
    starts = _starts(times, seconds)
    ends = np.append(starts[1:], len(times)) - 1
    held = None if curves.buy_and_hold is None else curves.buy_and_hold[ends]
    deepest = np.maximum.reduceat(curves.drawdown, starts)
    return np.floor(times[starts] / seconds) * seconds, curves.equity[ends], held, deepest


def candle_of_fill(series: CandleSeries, time: float, price: float) -> int:
    """The candle in which a fill happened.

    A fill inside a candle is known at its close, which is also the time at which the next one opens: there the price
    decides, a fill at the open belonging to the candle that opens.
    """
    position = int(np.searchsorted(series.open_times, time, side="right")) - 1
    if position <= 0:
        return 0
    before = position - 1
    at_border = series.open_times[position] == time and series.close_times[before] == time
    inside = series.low[before] <= price <= series.high[before]
    return before if at_border and inside and price != series.open[position] else position


def shown_time(open_time: float, seconds: float | None) -> float:
    return open_time if seconds is None else open_time // seconds * seconds


def _starts(times: FloatArray, seconds: float) -> npt.NDArray[np.int64]:
    """Positions at which a new bucket begins."""
    buckets = np.floor(times / seconds)
    return np.flatnonzero(np.diff(buckets, prepend=np.nan) != 0)
