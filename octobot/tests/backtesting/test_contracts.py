# SPDX-License-Identifier: Apache-2.0
"""Backtests of linear contracts: long and short, with funding, and their report."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot.report import compute_summary
from octobot.report.equity import compute_curves
from octobot.shipped import BTC_USDT_1H
from octobot.testing import run_tentacles
from octobot_commons.errors import ProfileError, UserInputError
from octobot_trading.enums import FillRule, OrderSide
from octobot_trading.personal_data.transactions.transaction import TransactionType

SYMBOL = "BTC/USDT:USDT"
ACTIVE = ("RSIMomentumEvaluator", "DoubleMovingAverageTrendEvaluator", "SimpleStrategyEvaluator", "DailyTradingMode")
FRAMES = {"required_time_frames": ["1h"]}


@pytest.fixture
def write_profile(tmp_path: Path) -> Callable[..., str]:
    def write(exchange_type: str = "future", mode: str = "DailyTradingMode", **portfolio: int) -> str:
        folder = tmp_path / "futures"
        (folder / "specific_config").mkdir(parents=True)
        config = {
            "crypto-currencies": {"Bitcoin": {"enabled": True, "pairs": [SYMBOL]}},
            "exchanges": {"binance": {"enabled": True, "exchange-type": exchange_type}},
            "trader-simulator": {"enabled": True, "starting-portfolio": portfolio or {"USDT": 1000}},
            "trading": {"reference-market": "USDT", "risk": 1},
        }
        active = dict.fromkeys((*ACTIVE[:-1], mode), True)
        (folder / "profile.json").write_text(json.dumps({"profile": {"id": "futures"}, "config": config}))
        (folder / "tentacles_config.json").write_text(json.dumps({"tentacle_activation": active}))
        (folder / "specific_config/SimpleStrategyEvaluator.json").write_text(json.dumps(FRAMES))
        return str(folder)

    return write


def run(profile: str, *data: Path, symbol: str = SYMBOL, **options: Any) -> BacktestResult:
    return asyncio.run(run_backtest(BacktestRequest(profile, data=data, symbols=(symbol,), **options)))


def held(result: BacktestResult) -> Decimal:
    return sum((one.quantity if one.side is OrderSide.BUY else -one.quantity for one in result.fills), Decimal(0))


def test_a_year_on_recorded_contracts_with_their_funding(
    recorded: Callable[[str], Path], write_profile: Callable[..., str]
) -> None:
    candles = recorded("binance-usdm/BTC_USDT-1h_2023-2024.csv.xz")
    funding = recorded("binance-usdm/BTC_USDT-8h-funding_2023-2024.csv.xz")
    result = run(write_profile(), candles, funding, end_time=1_704_067_200.0)
    summary = compute_summary(result)
    assert {trade.direction for trade in summary.closed_trades} == {"long", "short"}
    paid = [one for one in result.payments if one.kind is TransactionType.FUNDING]
    assert len(paid) > 50
    assert min(one.amount for one in paid) < 0 < max(one.amount for one in paid)
    assert summary.portfolio_differences == {}
    assert set(result.final_portfolio) == {"USDT"}
    # What the account had, and what its open position had earned: an independent way to the same value.
    wallet, open_profit = result.final_portfolio["USDT"], Decimal(0)
    for position in summary.open_positions:
        assert position.quantity == held(result)
        open_profit += position.quantity * (position.last_price - position.entry_price)
    fees = sum((one.fee for one in result.fills), Decimal(0))
    assert abs(summary.performance.end_value - wallet - open_profit) <= fees
    # Everything that was earned: closed trades (with their fees), what is open, and funding.
    funded = sum((one.amount for one in paid), Decimal(0))
    explained = summary.trades.closed_profit + summary.trades.open_profit + funded
    assert abs(summary.performance.profit - explained) < Decimal("0.0001")
    assert float(summary.performance.end_value) == pytest.approx(compute_curves(result).equity[-1])
    assert any("funding" in remark for remark in summary.remarks)


def test_the_same_run_gives_the_same_result() -> None:
    first, second = (run_tentacles(*ACTIVE, settings={ACTIVE[2]: FRAMES}, exchange_type="future") for _ in range(2))
    assert first.fills == second.fills
    assert {fill.symbol for fill in first.fills} == {SYMBOL}
    assert any("no funding rates" in remark for remark in first.remarks)
    assert compute_summary(first).portfolio_differences == {}
    assert {trade.direction for trade in compute_summary(first).closed_trades} == {"long", "short"}


def test_leverage_stands_in_the_profile() -> None:
    """A grid with three times the leverage trades about three times as much, and its losses stay within the margin."""
    grid = {"pair": SYMBOL, "flat_spread": 800, "flat_increment": 400}
    settings = {
        "GridTradingMode": {"pair_settings": [{**grid, "enable_trailing_up": True, "enable_trailing_down": True}]}
    }
    one, three = (
        run_tentacles("GridTradingMode", settings=settings, exchange_type="future", leverage=leverage)
        for leverage in (1, 3)
    )
    worth = [sum(fill.quantity * fill.price for fill in result.fills[:10]) for result in (one, three)]
    assert 2 < worth[1] / worth[0] < 3
    for result in (one, three):
        assert len(result.fills) > 100
        assert compute_summary(result).portfolio_differences == {}
        assert not [order for order in result.orders if order["status"] == "rejected"]
    assert three.settings["configuration"]["exchanges"]["binance"]["leverage"] == "3"


def test_every_fill_rule_has_an_account_of_contracts(write_profile: Callable[..., str]) -> None:
    span = {"start_time": 1_677_628_800.0, "end_time": 1_680_307_200.0}
    result = run(write_profile(), BTC_USDT_1H, fill_rules=tuple(FillRule), **span)
    band = compute_summary(result).band
    assert band is not None
    assert [world.fill_rule for world in band.worlds] == [rule.value for rule in FillRule]
    assert all(world.fills for world in band.worlds)


def test_a_spot_profile_says_how_contracts_are_traded(write_profile: Callable[..., str]) -> None:
    with pytest.raises(UserInputError, match="is a contract") as caught:
        run(write_profile("spot"), BTC_USDT_1H)
    assert "exchange-type" in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("symbol", "portfolio", "message"),
    [
        ("BTC/USDT", {"USDT": 1}, "is a spot pair"),
        ("BTC/USD:BTC", {"BTC": 1}, "no linear perpetual"),
        ("BTC/USDT:USDT-241227", {"USDT": 1}, "no linear perpetual"),
        (SYMBOL, {"BTC": 1}, "has no margin"),
    ],
)
def test_what_is_not_traded_is_refused_before_anything_runs(
    write_profile: Callable[..., str], tmp_path: Path, symbol: str, portfolio: dict[str, int], message: str
) -> None:
    data = tmp_path / "candles-1h.csv"
    data.write_text("timestamp,open,high,low,close,volume\n3600,1,1,1,1,1\n7200,1,1,1,1,1\n")
    with pytest.raises(UserInputError, match=message):
        run(write_profile(**portfolio), data, symbol=symbol)


def test_a_mode_for_spot_markets_is_refused(write_profile: Callable[..., str]) -> None:
    with pytest.raises(ProfileError, match="IndexTradingMode does not trade futures"):
        run(write_profile(mode="IndexTradingMode"), BTC_USDT_1H)
