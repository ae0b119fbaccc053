# SPDX-License-Identifier: Apache-2.0
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot.report import compute_curves
from octobot.report.equity import drawdown_percent, final_holdings, movements

START, HOUR = 1_704_067_200.0, 3_600.0


def test_round_trip_by_hand(round_trip):
    curves = compute_curves(round_trip)
    assert curves.start_time == START
    assert curves.start_value == 1000
    assert curves.times.tolist() == [START + HOUR * n for n in range(1, 6)]
    # From the first close on 900 USDT and 0.99 BTC, from the fourth on 900 + 118.8 - 1.188 USDT.
    expected = [900 + 99, 900 + 0.99 * 110, 900 + 0.99 * 90, 1017.612, 1017.612]
    assert curves.equity.tolist() == pytest.approx(expected, rel=1e-15)
    assert curves.invested.tolist() == pytest.approx([99 / 999, 108.9 / 1008.9, 89.1 / 989.1, 0, 0])
    assert curves.buy_and_hold.tolist() == pytest.approx([1000, 1100, 900, 1200, 1200])
    assert curves.drawdown.tolist() == pytest.approx([0.1, 0, (1008.9 - 989.1) / 10.089, 0, 0])


def test_buy_and_hold_starts_at_the_first_open(make_series, make_result):
    curves = compute_curves(make_result(make_series([110, 120], first_open=100)))
    assert curves.buy_and_hold.tolist() == pytest.approx([1100, 1200])


def test_buy_and_hold_splits_evenly_over_assets(make_series, make_result):
    candles = (make_series([100, 200]), make_series([10, 10], symbol="ETH/USDT"))
    assert compute_curves(make_result(*candles)).buy_and_hold.tolist() == pytest.approx([1000, 1500])


def test_buy_and_hold_counts_an_asset_once_however_many_symbols_have_it(make_series, make_result):
    candles = (
        make_series([100, 200]),
        make_series([1, 1], symbol="BTC/EUR"),
        make_series([100, 100], symbol="EUR/USDT"),
    )
    # BTC and EUR, not BTC twice.
    assert compute_curves(make_result(*candles)).buy_and_hold.tolist() == pytest.approx([1000, 1500])


def test_starting_coins_are_valued_at_the_first_open(make_series, make_result):
    curves = compute_curves(make_result(make_series([110], first_open=100), portfolio={"USDT": "10", "BTC": "2"}))
    assert curves.start_value == 210
    assert curves.equity.tolist() == [230]


def test_fee_in_a_third_asset(make_series, make_fill, make_result):
    fill = make_fill(1, "buy", "1", "100", START + HOUR, fee="0.5", fee_asset="BNB")
    candles = (make_series([100, 100]), make_series([20, 30], symbol="BNB/USDT"))
    curves = compute_curves(make_result(*candles, fills=[fill], portfolio={"USDT": "1000", "BNB": "1"}))
    assert curves.equity.tolist() == [1000 + 0.5 * 20, 1000 + 0.5 * 30]


def test_fill_after_the_last_close_counts_at_it(make_series, make_fill, make_result):
    fill = make_fill(1, "buy", "1", "90", START + 50 * HOUR)
    assert compute_curves(make_result(make_series([100, 100]), fills=[fill])).equity.tolist() == [1000, 1010]


def test_fill_in_a_gap_counts_from_the_next_close(make_series, make_fill, make_result):
    series = make_series([100, 100, 100], times=[START, START + HOUR, START + 5 * HOUR])
    fill = make_fill(1, "buy", "1", "90", START + 5 * HOUR)
    assert compute_curves(make_result(series, fills=[fill])).equity.tolist() == [1000, 1000, 1010]


def test_no_candles(make_result):
    curves = compute_curves(make_result())
    assert len(curves) == 0
    assert curves.start_time is None
    assert curves.buy_and_hold is None
    assert curves.start_value == 1000


def test_drawdown_counts_the_start_and_survives_ruin():
    assert drawdown_percent(100.0, np.array([90.0, 120.0, 0.0])).tolist() == pytest.approx([10, 0, 100])
    assert drawdown_percent(0.0, np.array([0.0, -1.0])).tolist() == [0, 0]


def test_movements_and_holdings_are_exact(make_fill):
    buy = make_fill(1, "buy", "0.123456789012345678", "61234.56789", START, fee="0.000000000000000001")
    assert list(movements(buy)) == [
        ("BTC", Decimal("0.123456789012345678")),
        ("USDT", -Decimal("0.123456789012345678") * Decimal("61234.56789")),
        ("BTC", Decimal("-0.000000000000000001")),
    ]
    held = final_holdings({"USDT": Decimal("1e20")}, [buy])
    assert held["BTC"] == Decimal("0.123456789012345677")
    assert held["USDT"] + buy.cost == Decimal("1e20")


closes_of = st.lists(st.floats(1, 1000).map(lambda price: round(price, 2)), min_size=1, max_size=25)
trade = st.tuples(st.sampled_from(["buy", "sell"]), st.integers(1, 10**6), st.integers(1, 10**5), st.integers(0, 26))


@settings(max_examples=60, deadline=None)
@given(bitcoin=closes_of, ether=closes_of, trades=st.lists(trade, max_size=12), offset=st.integers(0, 5))
def test_equity_agrees_with_a_plain_twin(make_series, make_fill, make_result, bitcoin, ether, trades, offset):
    candles = {
        "BTC/USDT": make_series(bitcoin),
        "ETH/BTC": make_series([close / 1000 for close in ether], symbol="ETH/BTC", start=START + offset * HOUR),
    }
    fills = [
        make_fill(
            number,
            side,
            str(Decimal(quantity).scaleb(-4)),
            str(Decimal(price).scaleb(-2)),
            START + hour * HOUR,
            fee=str(Decimal(quantity).scaleb(-7)),
            symbol=("BTC/USDT", "ETH/BTC")[number % 2],
        )
        for number, (side, quantity, price, hour) in enumerate(trades)
    ]
    result = make_result(*candles.values(), fills=fills)
    curves = compute_curves(result)
    expected = plain_equity(result)
    assert curves.times.tolist() == [time for time, _ in expected]
    scale = max(1.0, *(abs(value) for _, value in expected)) * 1e-9
    assert curves.equity.tolist() == pytest.approx([value for _, value in expected], abs=scale)
    peak = 1000.0
    for (_, value), fall in zip(expected, curves.drawdown, strict=True):
        peak = max(peak, value)
        assert fall == pytest.approx((peak - value) / peak * 100, rel=1e-6, abs=1e-6)


def plain_equity(result):
    """One candle at a time, asking at each close what is held and what it costs."""

    def price(symbol, time):
        series = result.candles[symbol]
        known = series.open[0]
        for close_time, close in zip(series.close_times, series.close, strict=True):
            if close_time <= time:
                known = close
        return float(known)

    times = sorted({float(time) for series in result.candles.values() for time in series.close_times})
    last, rows = times[-1], []
    for time in times:
        held = {"USDT": Decimal(1000), "BTC": Decimal(0), "ETH": Decimal(0)}
        for fill in result.fills:
            if min(fill.time, last) > time:
                continue
            base, quote = fill.symbol.split("/")
            sign = 1 if fill.side.value == "buy" else -1
            held[base] += sign * fill.quantity
            held[quote] -= sign * fill.cost
            held[fill.fee_asset] -= fill.fee
        bitcoin = price("BTC/USDT", time)
        ether = price("ETH/BTC", time) * bitcoin
        rows.append((time, float(held["USDT"]) + float(held["BTC"]) * bitcoin + float(held["ETH"]) * ether))
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(rows))
    return rows
