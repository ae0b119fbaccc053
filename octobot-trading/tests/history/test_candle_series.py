# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading.history import CandleSeries, Gap, SeriesQuality, series_from_arrays

START = 1_700_000_040.0


def test_columns_cannot_be_changed(make_series):
    series = make_series([0, 1, 2])
    with pytest.raises(FrozenInstanceError):
        series.symbol = "ETH/USDT"
    for column in series.columns():
        assert column.dtype == np.float64
        assert column.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1.0


def test_its_repr_says_what_it_is_and_not_what_it_holds(make_series):
    series = make_series(range(900))
    assert repr(series) == f"<900 1m candles of {series.symbol} on {series.exchange_name}: {series.source}>"


def test_columns_of_different_lengths_are_refused():
    column = np.ones(2)
    with pytest.raises(DataError, match="different lengths"):
        CandleSeries(
            "local",
            "A/B",
            TimeFrames.ONE_HOUR,
            column,
            column,
            column,
            column,
            column,
            np.ones(3),
            "x",
            "",
            SeriesQuality(2),
        )


def test_close_times_are_the_next_open_times(make_series):
    series = make_series([0, 1, 5])
    assert series.close_times.tolist() == [START + 60, START + 120, START + 360]


def test_a_gap_says_what_is_missing(make_series):
    series = make_series([0, 1, 5, 6, 8])
    assert series.quality.gaps == (Gap(START + 120, START + 300, 3), Gap(START + 420, START + 480, 1))
    assert series.quality.missing == 4
    assert len(series) == 5


def test_slice_takes_the_start_and_leaves_the_end(make_series):
    series = make_series([0, 1, 5, 6, 8])
    part = series.slice(START + 60, START + 360)
    assert part.open_times.tolist() == [START + 60, START + 300]
    assert part.quality.gaps == (Gap(START + 120, START + 300, 3),)
    assert series.slice().same_candles(series)
    assert len(series.slice(START + 360, START + 60)) == 0
    assert len(series.slice(end_time=START)) == 0
    assert len(series.slice(START + 481)) == 0
    assert not part.same_candles(series)


def test_volumes_of_zero_are_counted_and_kept():
    ones = np.ones(4)
    series = series_from_arrays(
        [0.0, 60.0, 120.0, 180.0], ones, ones, ones, ones, [1.0, 0.0, 0.0, 2.0], symbol="A/B", time_frame="1m"
    )
    assert series.quality.zero_volume == 2
    assert series.slice(120.0).quality.zero_volume == 1


def test_arrays_are_checked_like_files():
    ones = np.ones(2)
    with pytest.raises(DataError, match="memory: row 2: high 1 is below low 2"):
        series_from_arrays([0, 60], ones, ones, [1, 2], ones, ones, symbol="A/B", time_frame="1m")
    with pytest.raises(DataError, match="different shapes"):
        series_from_arrays([0, 60], ones, ones, ones, ones, [1], symbol="A/B", time_frame="1m")


def test_the_digest_of_equal_numbers_is_equal(make_series):
    assert make_series([0, 1]).sha256 == make_series([0, 1]).sha256 != make_series([0, 2]).sha256
