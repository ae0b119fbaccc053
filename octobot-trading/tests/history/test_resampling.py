# SPDX-License-Identifier: Apache-2.0
"""Resampling against its plain-Python twin, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
import resample_reference as reference
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, TimeFrameError
from octobot_commons.time_frame_manager import bucket_start, get_seconds
from octobot_trading.history import Gap, resample, series_from_arrays

PAIRS = [
    (source, target)
    for source in TimeFrames
    for target in TimeFrames
    if get_seconds(source) < get_seconds(target)
    and not (86400 if target == "1M" else get_seconds(target)) % get_seconds(source)
]


@st.composite
def cases(draw):
    source, target = draw(st.sampled_from(PAIRS))
    start = bucket_start(draw(st.integers(1_400_000_000, 1_900_000_000)), source)
    if source == "1d" or source == "3d":
        start -= start % 86400
    steps = draw(st.lists(st.one_of(st.just(1), st.integers(1, 30)), max_size=60))
    times = start + get_seconds(source) * np.cumsum([0, *steps])
    candles = []
    for time in times.tolist():
        prices = draw(st.tuples(*[st.integers(1, 50)] * 4))
        candles.append((time, prices[0], max(prices), min(prices), prices[1], draw(st.integers(0, 9)) / 8))
    return source, target, [tuple(map(float, candle)) for candle in candles]


def to_series(candles, time_frame):
    return series_from_arrays(*np.array(candles).T, symbol="A/B", time_frame=time_frame)


@given(cases())
def test_like_the_plain_twin(case):
    source, target, candles = case
    expected, incomplete = reference.resample(candles, source, target)
    series = to_series(candles, source)
    if not expected:
        with pytest.raises(DataError, match="do not fill one"):
            resample(series, target)
        return
    longer = resample(series, target)
    assert list(zip(*longer.columns(), strict=True)) == expected
    assert longer.quality.incomplete == incomplete
    assert longer.quality.derived_from == source
    assert longer.quality.rows_read == len(candles)
    assert (longer.time_frame, longer.source, longer.sha256) == (target, series.source, series.sha256)
    inside = sum(gap.missing for gap in longer.quality.gaps)
    assert len(longer) + inside == _positions(longer, target)


def _positions(longer, target):
    time, count = longer.open_times[0], 1
    while time < longer.open_times[-1]:
        time = bucket_start(time + get_seconds(target) * 1.2, target)
        count += 1
    return count


@given(cases(), st.data())
def test_longer_candles_do_not_know_what_follows(case, data):
    """Cutting the data leaves every longer candle as it was that closes before the cut."""
    source, target, candles = case
    cut = data.draw(st.integers(1, len(candles)))
    whole, part = to_series(candles, source), to_series(candles[:cut], source)
    try:
        of_part = resample(part, target)
    except DataError:
        return
    of_whole = resample(whole, target)
    known = of_part.close_times <= part.close_times[-1]
    assert known.all()
    assert of_whole.slice(end_time=of_part.close_times[-1]).same_candles(of_part)


def test_the_same_time_frame_is_the_same_series(make_series):
    series = make_series([0, 1])
    assert resample(series, "1m") is series


def test_twice_resampled_tells_the_recorded_time_frame(make_series):
    series = make_series(list(range(121)), start=1_700_002_800.0)
    hours = resample(resample(series, "5m"), "1h")
    assert hours.quality.derived_from == "1m"
    assert (len(hours), hours.quality.incomplete) == (2, 0)


def test_a_longer_candle_without_any_shorter_one_is_a_gap(make_series):
    series = make_series([*range(5), *range(10, 12), *range(13, 15)], start=1_700_002_800.0)
    longer = resample(series, "5m")
    assert longer.quality.gaps == (Gap(1_700_003_100.0, 1_700_003_400.0, 1),)


@pytest.mark.parametrize(
    ("source", "target"),
    [("1h", "5m"), ("3h", "4h"), ("3d", "1w"), ("1w", "1M"), ("3d", "1M"), ("1M", "1w"), ("8h", "12h")],
)
def test_longer_candles_must_consist_of_whole_ones(source, target):
    series = to_series([(0.0, 1.0, 1.0, 1.0, 1.0, 1.0)], source)
    with pytest.raises(DataError, match=f"candles of {target} do not consist of whole candles of {source}"):
        resample(series, target)


def test_shorter_candles_must_open_where_longer_ones_do():
    series = to_series([(86400.0, 1.0, 1.0, 1.0, 1.0, 1.0)], "3d")
    assert resample(series, "3d") is series
    halves = to_series([(1800.0, 1.0, 1.0, 1.0, 1.0, 1.0)], "1h")
    with pytest.raises(DataError, match="do not open where those of 4h do"):
        resample(halves, "4h")


def test_nothing_and_an_unknown_time_frame(make_series):
    with pytest.raises(DataError, match="there is no candle to resample"):
        resample(make_series([0]).slice(end_time=0.0), "5m")
    with pytest.raises(TimeFrameError, match="no time frame"):
        resample(make_series([0]), "5minutes")
