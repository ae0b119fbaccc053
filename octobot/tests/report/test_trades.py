# SPDX-License-Identifier: Apache-2.0
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot.report import compute_summary

START, HOUR = 1_704_067_200.0, 3_600.0


def test_round_trip_by_hand(round_trip):
    (trade,) = compute_summary(round_trip).closed_trades
    # 100 USDT bought 0.99 BTC after the fee; 0.99 at 120 brought 118.8 less 1.188.
    assert trade.profit == Decimal("17.612")
    assert trade.profit_percent == pytest.approx(17.612)
    assert trade.quantity == Decimal("0.99")
    assert trade.entry_price == Decimal("101.0101010101")
    assert trade.exit_price == Decimal("118.8")
    assert (trade.entry_time, trade.exit_time) == (START + HOUR, START + 4 * HOUR)
    assert trade.fill_id == "f2"


def test_cost_is_the_average_of_all_purchases(make_series, make_fill, make_result):
    fills = [
        make_fill(1, "buy", "1", "100", START + HOUR),
        make_fill(2, "buy", "3", "200", START + 3 * HOUR),
        make_fill(3, "sell", "2", "190", START + 5 * HOUR),
    ]
    summary = compute_summary(make_result(make_series([100] * 8), fills=fills))
    (trade,) = summary.closed_trades
    # (100 + 600) / 4 = 175; bought on average at (1 + 3 * 3) / 4 = 2.5 hours.
    assert trade.entry_price == 175
    assert trade.profit == 30
    assert trade.entry_time == START + 2.5 * HOUR
    (still_open,) = summary.open_positions
    assert (still_open.quantity, still_open.entry_price, still_open.profit) == (2, 175, -150)


def test_coins_of_the_start_cost_the_first_open(make_series, make_fill, make_result):
    fills = [make_fill(1, "sell", "1", "130", START + HOUR)]
    result = make_result(make_series([110, 120], first_open=100), fills=fills, portfolio={"BTC": "2"})
    summary = compute_summary(result)
    assert summary.closed_trades[0].profit == 30
    assert summary.open_positions[0].profit == 20


def test_what_was_never_bought_makes_no_profit(make_series, make_fill, make_result):
    fills = [make_fill(1, "buy", "1", "100", START), make_fill(2, "sell", "3", "150", START + HOUR, fee="0.9")]
    (trade,) = compute_summary(make_result(make_series([100, 150]), fills=fills)).closed_trades
    # A third of 450 less the fee is set against the purchase, the rest against itself.
    assert trade.profit == Decimal("49.7")


def test_fees_in_any_asset(make_series, make_fill, make_result):
    candles = make_series([100, 100, 100]), make_series([10, 10, 10], symbol="BNB/USDT")
    fills = [
        make_fill(1, "buy", "1", "100", START + HOUR, fee="1", fee_asset="USDT"),
        make_fill(2, "buy", "1", "100", START + HOUR, fee="0.2", fee_asset="BNB"),
        make_fill(3, "sell", "1.5", "100", START + 2 * HOUR, fee="0.5", fee_asset="BTC"),
    ]
    summary = compute_summary(make_result(*candles, fills=fills, portfolio={"USDT": "1000", "BNB": "1"}))
    # Cost of both: 101 + 102; all 2 BTC left for 150.
    assert summary.closed_trades[0].profit == -53
    assert summary.performance.fees == 1 + 2 + 50
    assert summary.performance.fees_by_asset == {"BNB": Decimal("0.2"), "BTC": Decimal("0.5"), "USDT": Decimal(1)}
    assert [position.symbol for position in summary.open_positions] == ["BNB/USDT"]


def test_profit_in_another_quote_is_converted(make_series, make_fill, make_result):
    candles = make_series([100, 100, 200]), make_series([0.1, 0.1, 0.1], symbol="ETH/BTC")
    fills = [
        make_fill(1, "buy", "1", "0.1", START + HOUR, symbol="ETH/BTC"),
        make_fill(2, "sell", "1", "0.15", START + 3 * HOUR, symbol="ETH/BTC"),
    ]
    summary = compute_summary(make_result(*candles, fills=fills, portfolio={"BTC": "1"}))
    assert summary.closed_trades[0].profit == 10


def test_fee_without_a_price_counts_as_nothing(make_series, make_fill, make_result):
    fills = [make_fill(1, "buy", "1", "100", START + HOUR, fee="7", fee_asset="XYZ")]
    summary = compute_summary(make_result(make_series([100, 100]), fills=fills))
    assert summary.performance.fees == 0
    assert summary.unvalued_assets == ("XYZ",)


steps = st.lists(st.tuples(st.booleans(), st.integers(1, 10**5), st.integers(100, 10**6)), max_size=20)


@settings(max_examples=60, deadline=None)
@given(trades=steps, last=st.integers(100, 10**6))
def test_closed_and_open_profits_add_up_to_the_profit(make_series, make_fill, make_result, trades, last):
    held, fills = Decimal(0), []
    for number, (buys, amount, cents) in enumerate(trades):
        quantity, price = Decimal(amount).scaleb(-4), Decimal(cents).scaleb(-2)
        if not buys:
            quantity = min(quantity, held)
        if not quantity:
            continue
        fee = quantity.scaleb(-3) if buys else (quantity * price).scaleb(-3)
        held += quantity - fee if buys else -quantity
        side = "buy" if buys else "sell"
        fills.append(make_fill(number, side, str(quantity), str(price), START + number * HOUR, fee=str(fee)))
    summary = compute_summary(make_result(make_series([*[50.0] * 25, last / 100]), fills=fills))
    assert summary.trades.closed == sum(fill.side.value == "sell" for fill in fills)
    total = summary.trades.closed_profit + summary.trades.open_profit
    # Every trade's profit is rounded once.
    assert abs(total - summary.performance.profit) <= Decimal("1e-9") * (len(fills) + 2)
