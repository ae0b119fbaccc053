# SPDX-License-Identifier: Apache-2.0
"""The candle builder against its plain twin, and each of its written rules."""

from __future__ import annotations

import math

import pytest
from candle_builder_reference import BuilderReference, CandlesReference, TradesReference
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import bucket_end, get_seconds
from octobot_trading.exchange_data.ohlcv.candle_builder import CandleBuilder
from octobot_trading.exchange_data.ohlcv.candle_frame import Closed

START = 1_700_006_400.0  # the beginning of an hour
_FRAMES = st.sampled_from(
    [
        ("1m",),
        ("1m", "5m"),
        ("3m", "5m"),
        ("1m", "3m", "5m", "15m"),
        ("1m", "3m", "15m", "30m", "1h"),
        ("3m", "5m", "15m"),
    ]
)
_MOVES = st.one_of(st.integers(0, 40), st.integers(-200, 200), st.integers(0, 3000))
_PRICES = st.integers(1, 20).map(float)
_AMOUNTS = st.integers(1, 16).map(lambda eighths: eighths / 8)
_STARTS = st.sampled_from([None, START, START + 100.0])


def check_like(builder: CandleBuilder, twin: BuilderReference, told: list[Closed]) -> None:
    """Everything that can be asked is the same."""
    names = ("late", "duplicates", "conflicts", "reordered")
    assert {name: getattr(builder, name) for name in names} == {name: getattr(twin, name) for name in names}
    for frame, counts in builder.counts.items():
        closed = twin.closed(frame) if twin.start_time is not None else []
        assert [candle for its, candle in told if its == frame] == closed
        assert builder.kline(frame) == twin.kline(frame)
        assert (counts.missing, counts.filled) == (twin.missing(frame), twin.filled(frame))
        assert (counts.closed, counts.closed + counts.incomplete) == (len(closed), len(twin.over(frame)))


def check_order(told: list[Closed]) -> None:
    """By close time, the shortest first."""
    keys = [(bucket_end(candle[0], frame), get_seconds(frame)) for frame, candle in told]
    assert keys == sorted(keys)


@settings(deadline=None, max_examples=300)
@given(
    _FRAMES,
    st.lists(
        st.tuples(st.integers(0, 9), _MOVES, _PRICES, _AMOUNTS, st.one_of(st.none(), st.integers(0, 9))), max_size=60
    ),
    _STARTS,
    st.sampled_from([0, 0, 2]),
)
def test_trades_like_the_plain_twin(frames, steps, start_time, fill_limit):
    builder = CandleBuilder(frames, start_time=start_time, fill_limit=fill_limit)
    twin = TradesReference(frames, start_time, fill_limit)
    told: list[Closed] = []
    time = START
    for kind, move, price, amount, trade_id in steps:
        if kind == 0:
            now = builder.close_until(time + move)
            twin.close_until(time + move)
        else:
            now = builder.add_trade(time + move, price, amount, trade_id)
            twin.add_trade(time + move, price, amount, trade_id)
            time = max(time, time + move)
        check_order(list(now))
        told.extend(now)
        check_like(builder, twin, told)


@settings(deadline=None, max_examples=300)
@given(
    _FRAMES.filter(lambda frames: frames[0] == "1m"),
    st.lists(st.tuples(st.integers(0, 9), st.integers(-2, 3), st.tuples(*[_PRICES] * 4), _AMOUNTS), max_size=50),
    _STARTS,
    st.sampled_from([0, 0, 2]),
)
def test_candles_like_the_plain_twin(frames, steps, start_time, fill_limit):
    builder = CandleBuilder(frames, source="1m", start_time=start_time, fill_limit=fill_limit)
    twin = CandlesReference(frames, start_time, fill_limit)
    told: list[Closed] = []
    time = START
    for kind, move, prices, volume in steps:
        if kind == 0:
            now = builder.close_until(time + 30.0 * move)
            twin.close_until(time + 30.0 * move)
        else:
            row = [time + 60.0 * move, prices[0], max(prices), min(prices), prices[1], volume]
            now = builder.add_candle(row, closed=kind < 6)
            twin.add_candle(row, closed=kind < 6)
            time = max(time, row[0])
        check_order(list(now))
        told.extend(now)
        check_like(builder, twin, told)


@given(
    st.lists(st.tuples(st.integers(0, 299), _PRICES, _AMOUNTS), unique_by=lambda one: one[0], max_size=20), st.randoms()
)
def test_within_a_candle_the_order_of_arrival_does_not_matter(trades, random):
    expected = CandleBuilder(["5m"], start_time=START)
    shuffled = CandleBuilder(["5m"], start_time=START)
    for offset, price, amount in sorted(trades):
        expected.add_trade(START + offset, price, amount)
    random.shuffle(trades)
    for offset, price, amount in trades:
        shuffled.add_trade(START + offset, price, amount)
    assert shuffled.kline("5m") == expected.kline("5m")
    assert shuffled.close_until(START + 300) == expected.close_until(START + 300)
    assert (shuffled.late, expected.reordered) == (0, 0)


@given(
    st.integers(0, 2),
    st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -1.0, 1e300]),
)
def test_what_is_no_trade_is_refused_and_changes_nothing(place, value):
    builder = CandleBuilder(["1m", "5m"], start_time=START)
    builder.add_trade(START + 30, 10.0, 2.0, 1)
    trade = [START + 90, 11.0, 1.0]
    trade[place] = value
    before = (builder.kline("1m"), builder.kline("5m"), builder.counts["1m"].closed)
    if (place, value) == (0, 0.0):
        assert builder.add_trade(*trade) == ()
        assert builder.late == 1
    elif place and value == 1e300:
        assert builder.add_trade(*trade) == [("1m", [START, 10.0, 10.0, 10.0, 10.0, 2.0])]
        return
    else:
        with pytest.raises(DataError, match="is not possible"):
            builder.add_trade(*trade)
    assert (builder.kline("1m"), builder.kline("5m"), builder.counts["1m"].closed) == before


@pytest.mark.parametrize(
    ("candle", "reason"),
    [
        ([START, 1, 2, 0.5, math.nan, 1], "no possible candle"),
        ([START, 1, math.inf, 0.5, 1, 1], "no possible candle"),
        ([START, 1, 2, 0.5, 1, math.nan], "no possible volume"),
        ([START, 1, 2, 0.5, 1, -1], "no possible volume"),
        ([START, 1, 2, 1.5, 1, 1], "no possible candle"),
        ([START, 0, 2, 0, 1, 1], "no possible candle"),
        ([START * 1000, 1, 2, 0.5, 1, 1], "no possible candle"),
        ([START + 1, 1, 2, 0.5, 1, 1], "no 1m candle opens"),
        ([START, 1, 2, 0.5, 1], "5 numbers"),
        ([START, 1, 2, 0.5, 1, "much"], "is no candle"),
    ],
)
def test_what_is_no_candle_is_refused(candle, reason):
    builder = CandleBuilder(["1m"], source="1m")
    with pytest.raises(DataError, match=reason) as caught:
        builder.add_candle(candle)
    assert caught.value.remedy
    assert builder.kline("1m") is None


def test_the_first_candle_is_told_only_if_its_beginning_was_seen():
    builder = CandleBuilder(["1m"])
    builder.add_trade(START + 10, 5.0, 1.0)
    assert builder.kline("1m") == [START, 5.0, 5.0, 5.0, 5.0, 1.0]
    assert builder.add_trade(START + 60, 6.0, 1.0) == []
    assert builder.counts["1m"].incomplete == 1
    assert builder.add_trade(START + 120, 7.0, 1.0) == [("1m", [START + 60, 6.0, 6.0, 6.0, 6.0, 1.0])]


def test_what_was_open_when_the_connection_broke_is_incomplete():
    builder = CandleBuilder(["1m", "5m"], start_time=START)
    builder.add_trade(START + 10, 5.0, 1.0)
    builder.add_trade(START + 70, 5.0, 1.0)
    builder.interrupted(START + 130)
    assert builder.add_trade(START + 190, 6.0, 1.0) == []
    assert builder.close_until(START + 240) == [("1m", [START + 180, 6.0, 6.0, 6.0, 6.0, 1.0])]
    assert builder.close_until(START + 300) == []
    assert builder.counts["5m"].incomplete == 1


def test_a_wrong_time_does_not_make_millions_of_candles():
    builder = CandleBuilder(["1m"], start_time=START, fill_limit=3)
    builder.add_trade(START, 5.0, 1.0)
    told = builder.add_trade(START + 3e9, 6.0, 1.0)
    assert [candle[5] for _, candle in told] == [1.0, 0.0, 0.0, 0.0]
    assert (builder.counts["1m"].missing, builder.counts["1m"].filled) == (49_999_999, 3)


def test_updates_in_place_close_by_the_next_open_time():
    builder = CandleBuilder(["1m", "5m"], source="1m")
    minute = [START, 1.0, 2.0, 1.0, 2.0, 3.0]
    assert not builder.add_candle([START, 1.0, 1.0, 1.0, 1.0, 1.0], closed=False)
    assert not builder.add_candle(minute, closed=False)
    assert builder.kline("5m") == minute
    assert builder.add_candle([START + 60, 2.0, 3.0, 2.0, 3.0, 1.0], closed=False) == [("1m", minute)]
    assert builder.kline("5m") == [START, 1.0, 3.0, 1.0, 3.0, 4.0]
    assert not builder.add_candle(minute, closed=False)
    assert not builder.add_candle([*minute[:5], 4.0])
    assert (builder.duplicates, builder.conflicts, builder.late) == (1, 1, 0)


def test_months_and_weeks():
    builder = CandleBuilder(["1d", "1w", "1M"], source="1d", start_time=0.0)
    day = 1_704_067_200.0  # Monday, 2024-01-01
    told = [one for number in range(60) for one in builder.add_candle([day + 86400 * number, 1, 1, 1, 1, 1])]
    assert [(frame, candle[5]) for frame, candle in told if frame != "1d"] == [
        *[("1w", 7.0)] * 4,
        ("1M", 31.0),
        *[("1w", 7.0)] * 4,
        ("1M", 29.0),
    ]
    far = builder.add_candle([day + 86400 * 150, 1, 1, 1, 1, 1])
    assert [frame for frame, _ in far] == ["1w", "1d"]
    assert builder.counts["1M"].missing == 2


def test_a_builder_that_cannot_be():
    with pytest.raises(DataError, match="no time frame to build"):
        CandleBuilder([])
    with pytest.raises(DataError, match="candles of 5m do not consist of whole candles of 3m"):
        CandleBuilder(["5m"], source="3m")
    with pytest.raises(DataError, match="fed with trades"):
        CandleBuilder(["1m"]).add_candle([START, 1, 1, 1, 1, 1])
    with pytest.raises(DataError, match="fed with 1m candles"):
        CandleBuilder(["1m"], source="1m").add_trade(START, 1.0, 1.0)
    with pytest.raises(KeyError):
        CandleBuilder(["1m"]).kline("5m")
