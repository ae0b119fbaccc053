# SPDX-License-Identifier: Apache-2.0
"""Which of the stored candles a backtest takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from octobot.backtesting.data import find_stored, on_time_frames, store_path
from octobot_commons.enums import TimeFrames
from octobot_trading.history import CandleSeries, CandleStore, resample, series_from_arrays

_SYMBOL = "ETH/USDT"
_BEGIN = 1_672_531_200.0  # 2023-01-01
_MINUTE, _DAY = 60.0, 86_400.0


def _series(first: int, end: int, seconds: float = _MINUTE, time_frame: str = "1m") -> CandleSeries:
    numbers = np.arange(first, end, dtype=float)
    close = 100 + numbers % 7
    return series_from_arrays(
        _BEGIN + seconds * numbers,
        close,
        close + 1,
        close - 1,
        close,
        numbers % 5,
        symbol=_SYMBOL,
        time_frame=time_frame,
        exchange_name="binance",
    )


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))
    store_path().parent.mkdir(parents=True, exist_ok=True)
    return store_path()


def _taken(time_frame: TimeFrames) -> CandleSeries:
    return on_time_frames(find_stored(_SYMBOL, "binance"), [time_frame], None)[0]


@pytest.mark.parametrize("time_frame", [TimeFrames.ONE_HOUR, TimeFrames.FOUR_HOURS])
def test_derived_candles_that_are_older_than_the_recording_shorten_nothing(store: Path, time_frame: TimeFrames) -> None:
    with CandleStore(store) as opened:
        opened.import_series(_series(0, 600))
        opened.import_derived([resample(_series(0, 600), TimeFrames.ONE_HOUR)])
        opened.import_series(_series(600, 1440))
    taken = _taken(time_frame)
    assert taken.close_times[-1] == _BEGIN + _DAY
    assert taken.quality.derived_from == "1m"


def test_derived_candles_serve_where_what_was_recorded_is_no_longer_there(store: Path) -> None:
    with CandleStore(store) as opened:
        opened.import_derived([resample(_series(0, 600), TimeFrames.ONE_HOUR)])
        opened.import_series(_series(300, 1440))
    assert _taken(TimeFrames.ONE_HOUR).open_times[0] == _BEGIN


def test_recorded_candles_go_before_those_that_could_be_derived(store: Path) -> None:
    with CandleStore(store) as opened:
        opened.import_series(_series(0, 1440))
        opened.import_series(_series(0, 5, 3600.0, "1h"))
    taken = _taken(TimeFrames.ONE_HOUR)
    assert (len(taken), taken.quality.derived_from) == (5, None)


def test_months_are_derived_from_days_where_three_days_are_stored_too(store: Path) -> None:
    days = _series(0, 90, _DAY, "1d")
    with CandleStore(store) as opened:
        opened.import_series(days)
        opened.import_series(_series(0, 30, 3 * _DAY, "3d"))
    assert _taken(TimeFrames.ONE_MONTH).close.tolist() == resample(days, TimeFrames.ONE_MONTH).close.tolist()
