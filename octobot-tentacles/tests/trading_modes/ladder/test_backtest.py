# SPDX-License-Identifier: Apache-2.0
"""Both modes in whole backtests over the shipped candles."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

testing = pytest.importorskip("octobot.testing", reason="the octobot package is not installed")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))


def run(name: str, entry: dict[str, Any], **period: str) -> Any:
    return testing.run_tentacles(name, settings={name: {"pair_settings": [{"pair": "BTC/USDT", **entry}]}}, **period)


def end_of(result: Any) -> dict[str, Decimal]:
    totals = dict(result.starting_portfolio)
    for fill in result.fills:
        for asset, amount in fill.exchanged("BTC", "USDT").items():
            totals[asset] = totals.get(asset, Decimal(0)) + amount
    return totals


@pytest.mark.parametrize("order_by_order", [True, False])
def test_a_grid_that_follows_the_price(order_by_order: bool) -> None:
    entry = {
        "flat_spread": 800,
        "flat_increment": 400,
        "enable_trailing_up": True,
        "enable_trailing_down": True,
        "order_by_order_trailing": order_by_order,
    }
    result = run("GridTradingMode", entry)
    assert len(result.fills) > 100
    assert result.final_portfolio == end_of(result)
    open_orders = [one for one in result.orders if one["status"] == "open"]
    assert len(open_orders) <= 50
    assert {one["side"] for one in open_orders} == {"buy", "sell"}
    assert not [one for one in result.orders if one["status"] == "rejected"]
    again = run("GridTradingMode", entry)
    assert (again.orders, again.fills) == (result.orders, result.fills)


def test_the_default_grid_in_2017() -> None:
    """1,000 USDT at 4,286.37: four buys above zero, and nothing to sell before they fill."""
    result = testing.run_tentacles("GridTradingMode", start="2017-08-18", end="2017-10-18")
    assert [int(one["price"]) for one in result.orders[:4]] == [3286, 2286, 1286, 286]
    assert result.final_portfolio == end_of(result)


def test_staggered_orders_between_bounds() -> None:
    entry = {"lower_bound": 15000, "upper_bound": 35000, "spread_percent": 2, "increment_percent": 1,
             "operational_depth": 20}  # fmt: skip
    result = run("StaggeredOrdersTradingMode", entry)
    assert len(result.fills) > 50
    assert result.final_portfolio == end_of(result)
    assert len([one for one in result.orders if one["status"] == "open"]) <= 20


@pytest.mark.parametrize("mode", ["GridTradingMode", "MarketMakingTradingMode", "IndexTradingMode"])
def test_strategies_that_run_beside_a_mode_without_notes(mode: str) -> None:
    evaluators = ("RSIMomentumEvaluator", "SimpleStrategyEvaluator")
    days = {"start": "2023-03-01", "end": "2023-03-08"}
    result, alone = (testing.run_tentacles(*names, mode, **days) for names in (evaluators, ()))
    assert testing.notes_of(result, "SimpleStrategyEvaluator")
    assert result.failures == {}
    assert result.fills == alone.fills
