# SPDX-License-Identifier: Apache-2.0
import re
from decimal import Decimal

from octobot.report import compute_summary, format_summary

START, HOUR = 1_704_067_200.0, 3_600.0


def lines_of(result, **options):
    return format_summary(compute_summary(result), result, **options).splitlines()


def value_of(lines, label):
    return next(line[16:] for line in lines if line.startswith(label))


def test_round_trip(round_trip):
    lines = lines_of(round_trip)
    assert lines[0] == "Backtest of BTC/USDT 1h"
    assert value_of(lines, "Span") == "2024-01-01 00:00 to 2024-01-01 05:00 UTC (5 h)"
    assert value_of(lines, "Candles") == "5  (10 on all time frames, replayed in 0.50 s: 20 candles/s)"
    assert value_of(lines, "Input data") == "BTC/USDT: no gaps, 0 duplicates, 0 without volume"
    assert value_of(lines, "Start value") == "1,000.00 USDT"
    assert value_of(lines, "Profit ") == "+17.61 USDT  +1.76 %"
    assert value_of(lines, "Buy and hold") == "+20.00 %"
    assert value_of(lines, "Fees paid") == "2.19 USDT"
    assert value_of(lines, "Max drawdown").startswith("1.96 %  (from 2024-01-01 02:00, low 2024-01-01 03:00, back at")
    assert value_of(lines, "Sharpe").startswith("-  (Sortino -;")
    assert value_of(lines, "Win rate") == "100.00 % of 1 closed trade"
    assert value_of(lines, "Average trade").startswith("+17.61 USDT")


def test_lines_are_short_and_plain(round_trip, make_series, make_result):
    many = make_result(
        *(make_series([1.0, 2.0], symbol=f"ASSET{n}/USDT") for n in range(30)), portfolio={"X" * 50: "1"}
    )
    many.final_portfolio = {f"COIN{n}": Decimal("1.23456789") for n in range(20)}
    for result in (round_trip, many, make_result()):
        for line in lines_of(result):
            assert len(line) <= 100
            assert line.isascii()
            assert "\x1b" not in line


def test_color_only_when_asked(round_trip):
    plain = format_summary(compute_summary(round_trip), round_trip)
    colored = format_summary(compute_summary(round_trip), round_trip, color=True)
    assert "\x1b[32m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == plain


def test_what_is_wrong_is_said(make_series, make_fill, make_result):
    times = [START, START + HOUR, START + 4 * HOUR, START + 5 * HOUR]
    series = make_series([100] * 4, times=times, volumes=[1, 0, 1, 1])
    lines = lines_of(make_result(series, portfolio={"XYZ": "1"}, final_portfolio={"XYZ": Decimal(2)}))
    assert value_of(lines, "Input data") == "BTC/USDT: 1 gap (2 candles missing), 0 duplicates, 1 without volume"
    assert value_of(lines, "Not valued").startswith("XYZ: no traded symbol")
    assert "+1 XYZ" in value_of(lines, "Warning")


def test_missing_timings_are_left_out(make_series, make_result):
    assert value_of(lines_of(make_result(make_series([1, 2]), timings={})), "Candles") == "2"


def test_open_drawdown_and_order_statuses(make_series, make_result):
    orders = [{"status": "filled"}, {"status": "canceled"}]
    lines = lines_of(make_result(make_series([100, 50]), portfolio={"BTC": "1"}, orders=orders))
    assert value_of(lines, "Max drawdown").endswith("not recovered)")
    assert value_of(lines, "Orders") == "2  (1 canceled, 1 filled)"
