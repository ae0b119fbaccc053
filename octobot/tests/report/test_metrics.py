# SPDX-License-Identifier: Apache-2.0
import json
import math
from decimal import Decimal

import pytest

from octobot.report import compute_summary
from octobot_commons.enums import TimeFrames

START, HOUR, DAY = 1_704_067_200.0, 3_600.0, 86_400.0


def test_round_trip_by_hand(round_trip):
    summary = compute_summary(round_trip)
    assert (summary.span.start_time, summary.span.end_time) == (START, START + 5 * HOUR)
    assert (summary.span.seconds, summary.span.candles) == (5 * HOUR, 5)
    performance = summary.performance
    assert (performance.start_value, performance.end_value) == (1000, Decimal("1017.612"))
    assert performance.profit == Decimal("17.612")
    assert performance.profit_percent == pytest.approx(1.7612)
    assert performance.annual_percent is None
    assert performance.buy_and_hold_percent == pytest.approx(20)
    # 0.01 BTC at 100 and 1.188 USDT.
    assert performance.fees == Decimal("2.188")
    assert performance.fees_by_asset == {"BTC": Decimal("0.01"), "USDT": Decimal("1.188")}
    assert performance.final_holdings == {"BTC": Decimal("0.00"), "USDT": Decimal("1017.612")}
    risk = summary.risk
    assert risk.max_drawdown_percent == pytest.approx((1008.9 - 989.1) / 10.089)
    assert risk.drawdown_start_time == START + 2 * HOUR
    assert risk.drawdown_low_time == START + 3 * HOUR
    assert risk.drawdown_end_time == START + 4 * HOUR
    assert risk.exposure_percent == pytest.approx((99 / 999 + 108.9 / 1008.9 + 89.1 / 989.1) / 5 * 100)
    assert risk.time_in_market_percent == 60
    # One day is not enough.
    assert risk.sharpe is None
    assert risk.sortino is None
    trades = summary.trades
    assert (trades.fills, trades.buys, trades.sells, trades.closed, trades.wins) == (2, 1, 1, 1, 1)
    assert trades.win_rate_percent == 100
    assert trades.profit_factor is None
    assert trades.closed_profit == trades.average_profit == trades.best_profit == Decimal("17.612")
    assert trades.average_held_seconds == 3 * HOUR
    assert summary.portfolio_differences == {}
    assert summary.unvalued_assets == ()


def test_sharpe_and_sortino_from_daily_equity(make_series, make_result):
    # 10 BTC held for three days: 1000, then 900, 990, 990 at the ends of the days.
    series = make_series([90, 99, 99], first_open=100, time_frame=TimeFrames.ONE_DAY, step=DAY)
    risk = compute_summary(make_result(series, portfolio={"BTC": "10"})).risk
    mean, spread = 0.0, math.sqrt(0.02 / 2)
    assert risk.sharpe == pytest.approx(mean / spread)
    series = make_series([90, 108, 108], first_open=100, time_frame=TimeFrames.ONE_DAY, step=DAY)
    risk = compute_summary(make_result(series, portfolio={"BTC": "10"})).risk
    mean = 0.1 / 3
    spread = math.sqrt(((-0.1 - mean) ** 2 + (0.2 - mean) ** 2 + mean**2) / 2)
    assert risk.sharpe == pytest.approx(mean / spread * math.sqrt(365))
    assert risk.sortino == pytest.approx(mean / math.sqrt(0.01 / 3) * math.sqrt(365))


def test_win_rate_and_profit_factor(make_series, make_fill, make_result):
    prices = [("buy", "100"), ("sell", "130"), ("buy", "100"), ("sell", "80"), ("buy", "100"), ("sell", "100")]
    fills = [make_fill(number, side, "1", price, START + number * HOUR) for number, (side, price) in enumerate(prices)]
    trades = compute_summary(make_result(make_series([100] * 7), fills=fills)).trades
    assert trades.win_rate_percent == pytest.approx(100 / 3)
    assert trades.profit_factor == 1.5
    assert (trades.best_profit, trades.worst_profit) == (30, -20)
    assert trades.average_profit == Decimal("3.3333333333")
    assert trades.closed_profit == 10


def test_drawdown_from_the_start_that_does_not_recover(make_series, make_result):
    series = make_series([80, 90], first_open=100)
    risk = compute_summary(make_result(series, portfolio={"BTC": "1"})).risk
    assert risk.max_drawdown_percent == pytest.approx(20)
    assert risk.drawdown_start_time == START
    assert risk.drawdown_low_time == START + HOUR
    assert risk.drawdown_end_time is None


def test_no_trade(make_series, make_result):
    summary = compute_summary(make_result(make_series([100, 110] * 50)))
    assert summary.performance.profit == 0
    assert summary.performance.profit_percent == 0
    risk = summary.risk
    assert (risk.max_drawdown_percent, risk.drawdown_low_time, risk.sharpe, risk.sortino) == (0, None, None, None)
    assert (risk.exposure_percent, risk.time_in_market_percent) == (0, 0)
    trades = summary.trades
    assert (trades.fills, trades.closed, trades.closed_profit, trades.open_profit) == (0, 0, 0, 0)
    nothing = (trades.win_rate_percent, trades.profit_factor, trades.average_profit, trades.best_profit)
    assert {*nothing, trades.worst_profit, trades.average_held_seconds} == {None}


def test_one_candle(make_series, make_result):
    summary = compute_summary(make_result(make_series([110], first_open=100), portfolio={"BTC": "1"}))
    assert summary.performance.profit_percent == pytest.approx(10)
    assert summary.risk.sharpe is None
    assert summary.risk.max_drawdown_percent == 0
    assert len(summary.monthly_returns) == 1


def test_no_candles(make_result):
    summary = compute_summary(make_result())
    assert summary.span.start_time is None
    assert summary.span.end_time is None
    assert summary.performance.end_value == 1000
    assert summary.risk.max_drawdown_percent is None
    assert summary.risk.exposure_percent is None
    assert summary.performance.buy_and_hold_percent is None
    json.dumps(summary.to_dict(), allow_nan=False)


def test_nothing_to_start_from(make_series, make_result):
    summary = compute_summary(make_result(make_series([100, 110]), portfolio={"USDT": "0"}))
    assert summary.performance.profit_percent is None
    assert summary.performance.buy_and_hold_percent is None
    assert summary.risk.max_drawdown_percent == 0
    json.dumps(summary.to_dict(), allow_nan=False)


def test_orders_are_counted_by_status(make_series, make_result):
    orders = [{"status": "filled"}, {"status": "CANCELED"}, {"status": "filled"}, {}]
    trades = compute_summary(make_result(make_series([100]), orders=orders)).trades
    assert trades.orders == 4
    assert trades.orders_by_status == {"canceled": 1, "filled": 2, "unknown": 1}


def test_quality_of_the_inputs(make_series, make_result):
    times = [START, START + HOUR, START + 4 * HOUR, START + 5 * HOUR]
    series = make_series([100] * 4, times=times, volumes=[1, 0, 1, 1])
    (data,) = compute_summary(make_result(series)).data
    assert (data.symbol, data.time_frame, data.exchange_name) == ("BTC/USDT", "1h", "binance")
    assert (data.candles, data.rows_read, data.gaps, data.missing, data.zero_volume) == (4, 4, 1, 2, 1)
    assert (data.duplicates, data.derived_from, data.source) == (0, None, "candles.csv")
    assert (data.start_time, data.end_time) == (START, START + 6 * HOUR)


def test_portfolio_that_the_fills_do_not_explain(round_trip):
    round_trip.final_portfolio = {"USDT": Decimal("1017.613"), "ETH": Decimal(1)}
    assert compute_summary(round_trip).portfolio_differences == {"ETH": Decimal(1), "USDT": Decimal("0.001")}


def test_dictionary_is_plain_and_the_same_every_time(round_trip):
    first, second = (json.dumps(compute_summary(round_trip).to_dict(), allow_nan=False) for _ in range(2))
    assert first == second
    figures = json.loads(first)
    assert figures["performance"]["end_value"] == "1017.612"
    assert figures["performance"]["profit_percent"] == 1.7612
    assert figures["closed_trades"][0]["profit"] == "17.612"
