# SPDX-License-Identifier: Apache-2.0
"""Which of the stored candles a backtest takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from octobot.backtesting.data import find_stored, on_time_frames, store_path
from octobot_commons.enums import TimeFrames
from octobot_trading.history import CandleSeries, CandleStore, resample, series_from_arrays

_BEGIN = 1_700_006_400.0
_HOURS = 96


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CandleSeries:
    """Of ETH/USDT; the store of this test is empty."""
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path))
    close = 100 + np.arange(_HOURS) % 7.0
    times = _BEGIN + 3600 * np.arange(_HOURS)
    return series_from_arrays(
        times, close, close + 1, close - 1, close, np.ones(_HOURS), symbol="ETH/USDT", time_frame="1h",
        exchange_name="binance",
    )  # fmt: skip


def test_derived_candles_that_are_older_than_the_recorded_ones_shorten_nothing(hourly: CandleSeries) -> None:
    with CandleStore(store_path()) as store:
        first_half = hourly.slice(None, float(hourly.open_times[_HOURS // 2]))
        store.import_series(first_half)
        store.import_derived([resample(first_half, "4h")])
        store.import_series(hourly)
    found = find_stored("ETH/USDT", "binance")
    assert [one.time_frame for one in found] == [TimeFrames.ONE_HOUR]
    short, long = on_time_frames(found, [TimeFrames.ONE_HOUR, TimeFrames.FOUR_HOURS], None)
    assert (len(short), len(long)) == (_HOURS, _HOURS // 4)


def test_derived_candles_serve_where_nothing_else_is_stored(hourly: CandleSeries) -> None:
    with CandleStore(store_path()) as store:
        store.import_series(hourly)
        store.import_derived([resample(hourly, "4h")])
        store.remove("binance", "ETH/USDT", "1h")
    (found,) = find_stored("ETH/USDT", "binance")
    assert found.time_frame is TimeFrames.FOUR_HOURS
