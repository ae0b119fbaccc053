# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot.report import encoding

whole_numbers = st.integers(-(10**9), 10**9)


def decode_times(encoded):
    times = [encoded["first"]]
    for step, count in zip(encoded["runs"][::2], encoded["runs"][1::2], strict=True):
        times += [times[-1] + step * n for n in range(1, count + 1)]
    return times


@given(first=st.integers(0, 2**32), steps=st.lists(st.sampled_from([60, 60, 60, 3600, 7]), max_size=30))
def test_times_come_back(first, steps):
    times = [first]
    for step in steps:
        times.append(times[-1] + step)
    assert decode_times(encoding.encode_times(np.array(times, dtype=float))) == times


def test_regular_times_are_one_run():
    encoded = encoding.encode_times(np.arange(1000) * 60.0)
    assert encoded == {"first": 0, "runs": [60, 999]}
    assert encoding.encode_times(np.array([5.0])) == {"first": 5, "runs": []}
    assert encoding.encode_times(np.empty(0)) == {"first": 0, "runs": []}


@given(st.lists(whole_numbers, min_size=1, max_size=30), st.integers(0, 6))
def test_curve_comes_back(values, decimals):
    encoded = encoding.encode_curve(np.array(values) / 10.0**decimals, decimals)
    assert np.cumsum(encoded["deltas"]).tolist() == values


@given(st.lists(st.tuples(*[st.integers(1, 10**7)] * 2, *[st.integers(0, 10**5)] * 2), min_size=1, max_size=20))
def test_candles_come_back(rows):
    opens = np.array([row[0] for row in rows]) / 100
    closes = np.array([row[1] for row in rows]) / 100
    highs = np.round(np.maximum(opens, closes) + np.array([row[2] for row in rows]) / 100, 2)
    lows = np.round(np.minimum(opens, closes) - np.array([row[3] for row in rows]) / 100, 2)
    encoded = encoding.encode_candles(opens, highs, lows, closes)
    scale, last = 10.0 ** encoded["decimals"], 0
    for i in range(len(rows)):
        opened = last + encoded["open"][i]
        last = closed = opened + encoded["close"][i]
        assert opened / scale == opens[i]
        assert closed / scale == closes[i]
        assert (max(opened, closed) + encoded["upper"][i]) / scale == highs[i]
        assert (min(opened, closed) - encoded["lower"][i]) / scale == lows[i]


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1.0, 200.0], 0),
        ([0.1], 1),
        ([61234.56, 1.0], 2),
        ([0.00001234], 8),
        ([1 / 3], 9),
        ([12345 + 1 / 3], 4),
        ([], 0),
    ],
)
def test_decimals_are_as_few_as_show_the_price(values, decimals):
    assert encoding.exact_decimals(np.array(values, dtype=float)) == decimals


@pytest.mark.parametrize(
    ("largest", "decimals"), [(0.0, 0), (1000.0, 4), (12345.0, 2), (1e9, 0), (1e-9, 10), (float("inf"), 0)]
)
def test_significant_decimals(largest, decimals):
    assert encoding.significant_decimals(largest, 7) == decimals


def test_volume_keeps_its_size():
    assert encoding.encode_volume(np.array([0.0, 0.0])) == {"decimals": 0, "values": [0, 0]}
    encoded = encoding.encode_volume(np.array([0.0, 1.23456, 2.0]))
    assert encoded == {"decimals": 3, "values": [0, 1235, 2000]}
