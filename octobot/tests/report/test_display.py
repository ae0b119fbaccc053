# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from octobot.report import compute_curves, display

START, HOUR = 1_704_067_200.0, 3_600.0


def test_short_series_are_shown_as_they_are(make_series):
    series = make_series([1, 2, 3])
    assert display.bucket_seconds({"BTC/USDT": series}) is None
    assert display.display_candles(series, None).close is series.close


def test_long_series_are_joined_on_round_times(make_series):
    # The first candle opens at 01:00: its bucket is a short one.
    series = make_series([10, 12, 8, 9, 11], start=START + HOUR)
    assert display.bucket_seconds({"BTC/USDT": series}, most=3) == 2 * HOUR
    shown = display.display_candles(series, 2 * HOUR)
    assert shown.times.tolist() == [START, START + 2 * HOUR, START + 4 * HOUR]
    assert shown.open.tolist() == [10, 10, 8]
    assert shown.close.tolist() == [10, 8, 11]
    assert shown.high.tolist() == pytest.approx([10.1, 12.12, 11.11])
    assert shown.low.tolist() == pytest.approx([9.9, 7.92, 7.92])
    assert shown.volume.tolist() == [5, 10, 10]


def test_join_is_long_enough_for_the_longest_series(make_series):
    candles = {"A/B": make_series([1] * 10), "C/D": make_series([1] * 40)}
    assert display.bucket_seconds(candles, most=10) == 4 * HOUR
    minutes = {"A/B": make_series([1] * 100_000, step=60, time_frame="1m")}
    # Ten weeks in three candles: no width of the list is enough.
    assert display.bucket_seconds(minutes, most=3) == 4 * 10_080 * 60


def test_curves_stand_at_the_opens_and_keep_the_deepest_drawdown(make_series, make_result):
    result = make_result(make_series([100, 50, 80, 100]), portfolio={"BTC": "1"})
    curves = compute_curves(result)
    times, equity, held, drawdown = display.display_curves(result.candles, curves, None)
    assert times.tolist() == [START + HOUR * n for n in range(4)]
    assert equity is curves.equity
    times, equity, held, drawdown = display.display_curves(result.candles, curves, 2 * HOUR)
    assert times.tolist() == [START, START + 2 * HOUR]
    assert equity.tolist() == held.tolist() == [50, 100]
    assert drawdown.tolist() == [50, 20]


def test_curves_of_several_symbols_stand_one_candle_before_their_close(make_series, make_result):
    result = make_result(make_series([1, 1]), make_series([1, 1], symbol="ETH/USDT", start=START + HOUR))
    times, *_ = display.display_curves(result.candles, compute_curves(result), None)
    assert times.tolist() == [START, START + HOUR, START + 2 * HOUR]


@pytest.mark.parametrize(
    ("hours", "price", "candle"),
    [
        (1, 100.0, 1),  # at the open of the second
        (1, 99.5, 0),  # within the first only: known when it closed
        (1, 150.0, 1),  # in neither: where its time is
        (1.5, 99.5, 1),
        (0, 100.0, 0),
        (-3, 100.0, 0),
        (4, 91.0, 3),  # the last candle's close
        (9, 1.0, 3),
    ],
)
def test_candle_of_a_fill(make_series, hours, price, candle):
    series = make_series([100, 110, 90, 91], first_open=100)
    assert display.candle_of_fill(series, START + hours * HOUR, price) == candle


def test_shown_time():
    assert display.shown_time(START + HOUR, None) == START + HOUR
    assert display.shown_time(START + HOUR, 4 * HOUR) == START
    assert np.isclose(display.candle_seconds({}), 1.0)
