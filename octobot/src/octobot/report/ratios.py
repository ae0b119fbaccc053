# SPDX-License-Identifier: Apache-2.0
"""Ratios of a value curve. Each returns None, never NaN, where it is not defined.

Daily values are those of the last close at or before midnight UTC; the days run from the day of the start to the day
of the last close, both counted even when the data covers only part of them, and a day without a candle keeps the value
of the day before. Daily returns are simple ones, the first one against the starting value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from octobot.report.valuation import FloatArray

DAY_SECONDS = 86_400.0
DAYS_PER_YEAR = 365
# Below this the spread of daily returns is the rounding of floats, not a risk.
_NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True)
class MonthlyReturn:
    year: int
    month: int
    percent: float


def percent_change(start: float, end: float) -> float | None:
    """None when there is nothing to grow from."""
    return (end / start - 1) * 100 if start > 0 else None


def daily_values(
    start_time: float, start_value: float, times: FloatArray, values: FloatArray
) -> tuple[FloatArray, int]:
    """The starting value followed by the value at the end of each day, and the number (days since 1970) of the first
    day.
    """
    # A close at midnight ends the day before.
    day_of_close = np.ceil(times / DAY_SECONDS).astype(np.int64) - 1
    first_day = int(start_time // DAY_SECONDS)
    days = np.arange(first_day, int(day_of_close[-1]) + 1 if len(times) else first_day)
    known = np.concatenate(([start_value], values))
    return np.concatenate(([start_value], known[np.searchsorted(day_of_close, days, side="right")])), first_day


def daily_returns(daily: FloatArray) -> FloatArray | None:
    """None when a day starts from nothing: a return on it has no meaning."""
    if len(daily) < 2 or bool(np.any(daily[:-1] <= 0)):
        return None
    return np.asarray(daily[1:] / daily[:-1] - 1.0)


def sharpe_ratio(returns: FloatArray | None) -> float | None:
    """mean(r) / std(r, n - 1) * sqrt(365) of daily returns, with a risk-free rate of 0. Needs two days and some
    spread.
    """
    if returns is None or len(returns) < 2:
        return None
    spread = float(np.std(returns, ddof=1))
    return float(np.mean(returns)) / spread * math.sqrt(DAYS_PER_YEAR) if spread > _NO_SPREAD else None


def sortino_ratio(returns: FloatArray | None) -> float | None:
    """mean(r) / sqrt(mean(min(r, 0)^2)) * sqrt(365) of daily returns, target 0. Needs two days and one losing day."""
    if returns is None or len(returns) < 2:
        return None
    downside = math.sqrt(float(np.mean(np.minimum(returns, 0.0) ** 2)))
    return float(np.mean(returns)) / downside * math.sqrt(DAYS_PER_YEAR) if downside > _NO_SPREAD else None


def annual_return_percent(start_value: float, end_value: float, seconds: float) -> float | None:
    """Compound growth per 365 days. None under 30 days: compounding a few days says nothing about a year."""
    if start_value <= 0 or end_value < 0 or seconds < 30 * DAY_SECONDS:
        return None
    years = seconds / (DAYS_PER_YEAR * DAY_SECONDS)
    return float((end_value / start_value) ** (1 / years) - 1) * 100


def monthly_returns(daily: FloatArray, first_day: int) -> tuple[MonthlyReturn, ...]:
    """Change over each calendar month, the first one from the starting value."""
    if len(daily) < 2:
        return ()
    months = (np.datetime64("1970-01-01", "D") + np.arange(first_day, first_day + len(daily) - 1)).astype(
        "datetime64[M]"
    )
    is_last_day = np.append(months[1:] != months[:-1], True)
    ends = daily[1:][is_last_day]
    starts = np.concatenate((daily[:1], ends[:-1]))
    numbers = months[is_last_day].astype(np.int64)
    return tuple(
        MonthlyReturn(1970 + int(number) // 12, int(number) % 12 + 1, float((end / start - 1) * 100))
        for number, start, end in zip(numbers, starts, ends, strict=True)
        if start > 0
    )
