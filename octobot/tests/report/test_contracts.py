# SPDX-License-Identifier: Apache-2.0
"""The figures of runs on linear contracts, by hand: 1,000 USDT, positions long and short."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
import pytest

from octobot.backtesting.result import BacktestResult
from octobot.report import Summary, compute_summary
from octobot.report.equity import compute_curves
from octobot.report.payload import build_payload
from octobot_trading.history import CandleSeries
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.personal_data.transactions.transaction import Transaction, TransactionType

SYMBOL = "BTC/USDT:USDT"
START, HOUR = 1_704_067_200.0, 3600.0


@pytest.fixture
def result(
    make_series: Callable[..., CandleSeries], make_fill: Callable[..., Fill], make_result: Callable[..., BacktestResult]
) -> BacktestResult:
    """Sells 2 short at 100, buys 3 at 90 (two close, one opens), pays 1.5 of funding; closes 100, 90, 80, 110."""
    fills = [
        make_fill(1, "sell", "2", "100", START, fee="0.2", fee_asset="USDT", symbol=SYMBOL),
        make_fill(2, "buy", "3", "90", START + 2 * HOUR, fee="0.27", fee_asset="USDT", symbol=SYMBOL),
    ]
    paid = Transaction("payment-1", TransactionType.FUNDING, START + 3 * HOUR, "USDT", Decimal("-1.5"), SYMBOL)
    # 1,000 + 20 earned by the short - 0.47 of fees - 1.5
    return make_result(
        make_series([100, 90, 80, 110], symbol=SYMBOL),
        fills=fills,
        payments=[paid],
        final_portfolio={"USDT": Decimal("1018.03")},
    )


def test_equity_is_the_wallet_with_its_open_profit(result: BacktestResult) -> None:
    curves = compute_curves(result)
    # short of 2 from 100; closed at 90; long of 1 from 90
    assert curves.equity.tolist() == pytest.approx([999.8, 1019.53, 1008.03, 1038.03])
    assert curves.invested.tolist() == pytest.approx([200 / 999.8, 90 / 1019.53, 80 / 1008.03, 110 / 1038.03])
    assert curves.buy_and_hold is not None
    assert np.allclose(curves.buy_and_hold, [1000, 900, 800, 1100])


def test_figures(result: BacktestResult) -> None:
    summary = compute_summary(result)
    assert summary.performance.end_value == Decimal("1038.03")
    assert summary.performance.final_holdings == {"USDT": Decimal("1018.03")}
    assert summary.portfolio_differences == {}
    assert summary.unvalued_assets == ()
    assert summary.risk.time_in_market_percent == 100.0
    (trade,) = summary.closed_trades
    assert (trade.direction, trade.quantity, trade.fill_id) == ("short", 2, "f2")
    # 20 less 0.2 and two thirds of 0.27
    assert (trade.entry_price, trade.exit_price, trade.profit) == (
        Decimal("99.9"),
        Decimal("90.09"),
        Decimal("19.62"),
    )
    (still_open,) = summary.open_positions
    assert (still_open.quantity, still_open.entry_price) == (1, Decimal("90.09"))
    assert still_open.profit == Decimal("19.91")
    whole = summary.trades.closed_profit + summary.trades.open_profit + result.payments[0].amount
    assert summary.performance.profit == whole


def test_an_open_short_has_a_negative_quantity(result: BacktestResult) -> None:
    opened = replace(result, fills=result.fills[:1], payments=[], final_portfolio={"USDT": Decimal("999.8")})
    summary = compute_summary(opened)
    (still_open,) = summary.open_positions
    assert (still_open.quantity, still_open.entry_price) == (-2, Decimal("99.9"))
    assert still_open.profit == Decimal("-20.2")
    assert summary.portfolio_differences == {}


def test_a_wallet_that_fills_do_not_explain_is_told(result: BacktestResult) -> None:
    wrong = replace(result, final_portfolio={"USDT": Decimal("1018.030001")})
    assert compute_summary(wrong).portfolio_differences == {"USDT": Decimal("0.000001")}
    rounded = replace(result, final_portfolio={"USDT": Decimal("1018.03000001")})
    assert compute_summary(rounded).portfolio_differences == {}


def test_margin_in_the_traded_currency_is_no_position(result: BacktestResult) -> None:
    starting = {**result.starting_portfolio, "BTC": Decimal(1)}
    summary = compute_summary(replace(result, starting_portfolio=starting))
    assert [one.quantity for one in summary.open_positions] == [1]


def test_payments_come_back_from_figures_and_stay_out_of_the_page(result: BacktestResult) -> None:
    summary = compute_summary(result)
    figures: dict[str, Any] = json.loads(json.dumps(summary.to_dict()))
    back = msgspec.convert({**figures, "closed_trades": []}, Summary)
    assert list(back.payments) == result.payments
    payload = build_payload(result, summary)
    assert "payments" not in payload["summary"]
    assert [row[-2] for row in payload["fills"]] == [None, "19.62"]
