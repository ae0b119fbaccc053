# SPDX-License-Identifier: Apache-2.0
"""Automations of a profile in a backtest on recorded candles."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot.tentacles import load_active_tentacles
from octobot_commons.configuration import find_profile, load_profile
from octobot_commons.configuration.validation import validate_profile
from octobot_commons.errors import SettingError
from octobot_commons.tentacles_management import TentacleRegistry
from octobot_trading.enums import FillRule

START, END, DAY = 1672531200.0, 1688169600.0, 86_400.0  # 2023-01-01 to 2023-07-01
Run = Callable[..., Any]


@pytest.fixture
def profile(tmp_path: Path) -> Callable[..., Path]:
    """The folder of the daily trading profile with these automations."""

    def make(*automations: dict[str, Any]) -> Path:
        folder = tmp_path / "automated"
        shutil.copytree(find_profile("daily_trading"), folder, dirs_exist_ok=True)
        activation = json.loads((folder / "tentacles_config.json").read_text())
        activation["tentacle_activation"]["Automation"] = {"Automations": True}
        (folder / "tentacles_config.json").write_text(json.dumps(activation))
        content = json.dumps({"automations": automations})
        (folder / "specific_config" / "Automations.json").write_text(content)
        return folder

    return make


@pytest.fixture
def run(profile: Callable[..., Path]) -> Run:
    async def run(*automations: dict[str, Any], **options: Any) -> BacktestResult:
        request = BacktestRequest(str(profile(*automations)), start_time=START, end_time=END, explains=True, **options)
        return await run_backtest(request)

    return run


def automation(trigger: str, *actions: str, **settings: Any) -> dict[str, Any]:
    return {
        "trigger_event": {"name": trigger, "settings": settings},
        "conditions": [],
        "actions": [{"name": name, "settings": {}} for name in actions],
    }


def _said(result: BacktestResult) -> list[tuple[float, str]]:
    return [(one.time, one.text) for one in result.explanations if one.trading_mode == "Automations"]


async def test_without_automations_nothing_changes(run: Run) -> None:
    free = await run_backtest(BacktestRequest("daily_trading", start_time=START, end_time=END))
    empty = await run()
    assert (empty.orders, empty.fills, _said(empty)) == (free.orders, free.fills, [])


async def test_a_period_tells_at_its_times(run: Run) -> None:
    result = await run(automation("PeriodElapsed", "SendNotification", period_minutes=1440 * 30))
    times = [time for time, _ in _said(result)]
    assert times == [START + 30 * DAY * number for number in range(1, len(times) + 1)]
    assert len(times) == int((END - START) // (30 * DAY))


async def test_at_a_price_everything_is_sold_and_trading_stops(run: Run) -> None:
    limit = 28_000.0
    result = await run(automation("PriceThreshold", "SellAll", "StopTrading", price=limit, side="above"))
    candles = result.candles["BTC/USDT"]
    reached = float(
        next(time for time, close in zip(candles.close_times, candles.close, strict=True) if close >= limit)
    )
    assert [time for time, _ in _said(result)][:2] == [reached, reached]
    sales = [order for order in result.orders if (order["cause"] or {}).get("automation")]
    assert sales
    assert all((one["creation_time"], one["type"], one["status"]) == (reached, "market", "filled") for one in sales)
    assert not [one for one in result.orders if one["creation_time"] > reached and one["side"] == "buy"]
    # What the market's step does not let anybody sell.
    assert result.final_portfolio.get("BTC", Decimal(0)) < Decimal("0.00001")
    assert result.refusals["trading-stop"] > 0
    again = await run(automation("PriceThreshold", "SellAll", "StopTrading", price=limit, side="above"))
    assert (again.orders, again.final_portfolio) == (result.orders, result.final_portfolio)


async def test_a_fast_move_cancels_what_is_open(run: Run) -> None:
    result = await run(automation("VolatilityThreshold", "CancelOpenOrders", move_percent=4, window_minutes=240))
    told = [(time, text) for time, text in _said(result) if "BTC/USDT has" in text]
    assert told
    cancelled = {one["closing_time"] for one in result.orders if one["status"] == "canceled"}
    did_cancel = [time for time, text in told if not text.endswith(": 0 open orders were cancelled")]
    assert did_cancel
    assert set(did_cancel) <= cancelled


async def test_a_loss_and_a_holding_are_followed_at_every_candle(run: Run) -> None:
    loss = automation("ProfitabilityThreshold", "SendNotification", profit_percent=1, side="above")
    share = automation("HoldingThreshold", "SendNotification", asset="BTC", unit="percent", holding=20, side="above")
    result = await run(loss, share)
    texts = [text for _, text in _said(result)]
    assert any(text.startswith("the profit is 1.") for text in texts)
    assert any("of the account are BTC, above 20" in text for text in texts)


async def test_each_account_of_a_band_is_as_if_it_were_alone(run: Run) -> None:
    rules = (FillRule.PESSIMISTIC, FillRule.OPTIMISTIC)
    settings = automation("ProfitabilityThreshold", "SellAll", "StopTrading", profit_percent=2, side="above")
    both = await run(settings, fill_rules=rules)
    for rule, world in zip(rules, both.worlds, strict=True):
        alone = await run(settings, fill_rules=(rule,))
        assert (world.orders, world.refusals) == (alone.orders, alone.refusals)


async def test_mistakes_keep_a_profile_from_running(run: Run, profile: Callable[..., Path]) -> None:
    wrong = automation("PriceThreshold", "SellAl", price=5)
    with pytest.raises(SettingError, match=r"Automations\.json: automations\[0\]\.actions\[0\]\.name: 'SellAl' is no"):
        await run(wrong)
    problems = validate_profile(profile(wrong), TentacleRegistry.discover())
    assert [(one.file, one.field) for one in problems if "SellAl" in one.message] == [
        ("specific_config/Automations.json", "automations[0].actions[0].name")
    ]


def test_automations_are_told_apart_from_other_tentacles(profile: Callable[..., Path]) -> None:
    active = load_active_tentacles(load_profile(profile()))
    assert [one.get_name() for one in active.automations] == ["Automations"]
    kind = TentacleRegistry.discover().info("Automations").kind
    assert (kind, kind.category) == ("AUTOMATION", "Automation")
