# SPDX-License-Identifier: Apache-2.0
"""Everything that is wrong with a profile is found, and said with file, field and remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration import load_profile
from octobot_commons.configuration.validation import Severity, validate_profile
from octobot_commons.errors import OctoBotError
from octobot_commons.tentacles_management import TentacleInfo, TentacleRegistry

Problems = Callable[..., list[str]]
Change = Callable[..., None]

P, T = "profile", "tentacles_config"
RSI, SIMPLE, DAILY = (f"specific_config/{name}" for name in ("RSIMomentumEvaluator", "SimpleStrategyEvaluator",
                                                               "DailyTradingMode"))  # fmt: skip
EVALUATORS = ("tentacle_activation", "Evaluator")
TRADING = ("tentacle_activation", "Trading")
PAIRS = ("config", "crypto-currencies", "Bitcoin", "pairs")
PORTFOLIO = ("config", "trader-simulator", "starting-portfolio")


def test_a_good_profile_has_none(problems: Problems) -> None:
    assert problems(exchange_names=["binance", "kraken"]) == []


WRONG: list[tuple[tuple[Any, ...], Any, str]] = [
    (
        (P, "config", "trading", "risk"),
        1.5,
        "error: profile.json: config.trading.risk: 1.5 is no usable risk (above 0, at most 1)",
    ),
    (
        (P, "config", "trading", "rsk"),
        0.3,
        "remark: profile.json: config.trading.rsk: nothing reads this key",
    ),
    (
        (P, *PAIRS),
        ["BTC/USDT", "BTCUSDT"],
        "error: profile.json: config.crypto-currencies.Bitcoin.pairs[1]: 'BTCUSDT' is no symbol (write it"
        " BASE/QUOTE, like BTC/USDT)",
    ),
    (
        (P, *PAIRS),
        ["BTC/EUR"],
        "error: profile.json: config.crypto-currencies.Bitcoin.pairs: BTC/EUR cannot be traded with a"
        " portfolio of USDT (add EUR to starting-portfolio, or choose another pair)",
    ),
    (
        (P, *PAIRS),
        ["BTC/USDT", "btc/usdt"],
        "warning: profile.json: config.crypto-currencies.Bitcoin.pairs: exchanges write btc/usdt otherwise"
        " (did you mean BTC/USDT?)",
    ),
    (
        (P, *PAIRS),
        [],
        "warning: profile.json: config.crypto-currencies: names no pair to trade (write for instance"
        ' {"Bitcoin": {"pairs": ["BTC/USDT"]}})',
    ),
    (
        (P, *PORTFOLIO),
        {},
        "error: profile.json: config.trader-simulator.starting-portfolio: a simulation would start without"
        ' money (write for instance {"USDT": 1000})',
    ),
    (
        (P, *PORTFOLIO, "BTC/EUR"),
        1,
        "error: profile.json: config.trader-simulator.starting-portfolio.BTC/EUR: 'BTC/EUR' is no asset"
        " (write one asset, like USDT)",
    ),
    (
        (P, *PORTFOLIO, "btc"),
        1,
        "warning: profile.json: config.trader-simulator.starting-portfolio.btc: exchanges write btc otherwise"
        " (did you mean BTC?)",
    ),
    (
        (P, *PORTFOLIO, "BTC"),
        "1",
        "error: profile.json: config.trader-simulator.starting-portfolio.BTC: expected a number, got '1'"
        " (write it without quotes)",
    ),
    (
        (P, *PORTFOLIO, "BTC"),
        -1,
        "error: profile.json: config.trader-simulator.starting-portfolio.BTC: -1 is below zero (give what is"
        " owned at the start)",
    ),
    (
        (P, "config", "trading", "reference-market"),
        "BTC/USDT",
        "error: profile.json: config.trading.reference-market: 'BTC/USDT' is no asset (write one asset, like USDT)",
    ),
    (
        (P, "config", "exchanges"),
        {"binanse": {}},
        "warning: profile.json: config.exchanges.binanse: unknown exchange (did you mean binance?)",
    ),
    (
        (P, "config", "exchanges"),
        {"mine": {}},
        "warning: profile.json: config.exchanges.mine: unknown exchange (it can be used with candles of its name only)",
    ),
    (
        (P, "config", "exchanges", "binance", "enabled"),
        False,
        'warning: profile.json: config.exchanges: no exchange is enabled (write for instance {"binance":'
        ' {"enabled": true}})',
    ),
    (
        (P, "config", "exchanges", "binance", "api-key"),
        "abc",
        "error: profile.json: config.exchanges.binance.api-key: profiles must not carry keys (remove it:"
        " whoever is given the profile would have it, too)",
    ),
    (
        (T, *EVALUATORS, "RSIMomentumEvaluatr"),
        True,
        "error: tentacles_config.json: RSIMomentumEvaluatr: unknown tentacle (did you mean RSIMomentumEvaluator?)",
    ),
    (
        (T, *EVALUATORS, "Nothing"),
        True,
        "error: tentacles_config.json: Nothing: unknown tentacle (install it or set it to false)",
    ),
    (
        (T, "tentacle_activation", "Services", "WebService"),
        True,
        "remark: tentacles_config.json: WebService: service is not installed and stays off",
    ),
    (
        (T, *TRADING, "GridTradingMode"),
        True,
        "error: tentacles_config.json: tentacle_activation: profile mine needs exactly one trading mode, and"
        " activates DailyTradingMode, GridTradingMode (change tentacles_config.json; `octobot tentacles list`"
        " shows what is installed)",
    ),
    (
        (T, *TRADING, "DailyTradingMode"),
        False,
        "error: tentacles_config.json: tentacle_activation: profile mine needs exactly one trading mode, and"
        " activates none (change tentacles_config.json; `octobot tentacles list` shows what is installed)",
    ),
    (
        (T, *EVALUATORS, "SimpleStrategyEvaluator"),
        False,
        "error: tentacles_config.json: tentacle_activation: profile mine activates no strategy, so its"
        " trading mode would never be woken (change tentacles_config.json; `octobot tentacles list` shows"
        " what is installed)",
    ),
    (
        (T, *EVALUATORS, "BrokenEvaluator"),
        True,
        "error: specific_config/BrokenEvaluator.json: BrokenEvaluator cannot declare its settings:"
        " ZeroDivisionError: here (repair the tentacle, or the settings that it cannot bear)",
    ),
    (
        (RSI, "period_length"),
        "long",
        "error: specific_config/RSIMomentumEvaluator.json: period_length: expected a whole number, got 'long'"
        " (the default is 14)",
    ),
    (
        (RSI, "period_length"),
        0,
        "error: specific_config/RSIMomentumEvaluator.json: period_length: 0 is below the minimum 1 (at least 1)",
    ),
    (
        (RSI, "periode_length"),
        3,
        "error: specific_config/RSIMomentumEvaluator.json: periode_length: RSIMomentumEvaluator has no such"
        " setting (did you mean period_length?)",
    ),
    (
        (RSI, "low"),
        80,
        "error: specific_config/RSIMomentumEvaluator.json: low: 80.0 is not below high (30 is below 70)",
    ),
    (
        (RSI, "source"),
        "clsoe",
        "error: specific_config/RSIMomentumEvaluator.json: source: 'clsoe' is none of the options (did you"
        " mean close?)",
    ),
    (
        (RSI, "weights"),
        [{}, {"weight": -1}],
        "error: specific_config/RSIMomentumEvaluator.json: weights[1].weight: -1.0 is below the minimum 0 (at least 0)",
    ),
    (
        (RSI, "weights"),
        [{"wieght": 1}],
        "error: specific_config/RSIMomentumEvaluator.json: weights[0].wieght: RSIMomentumEvaluator has no"
        " such setting (did you mean weight?)",
    ),
    (
        (SIMPLE, "required_time_frames"),
        ["1H"],
        "error: specific_config/SimpleStrategyEvaluator.json: required_time_frames: '1H' is none of the"
        " options (did you mean 1h?)",
    ),
    (
        (SIMPLE, "required_evaluators"),
        "*",
        "error: specific_config/SimpleStrategyEvaluator.json: required_evaluators: expected a list of text, got '*'",
    ),
    (
        (SIMPLE, "required_evaluators"),
        ["MACDMomentumEvaluator"],
        "warning: specific_config/SimpleStrategyEvaluator.json: required_evaluators: MACDMomentumEvaluator is"
        " required and not activated (activate it in tentacles_config.json)",
    ),
    (
        (DAILY, "required_strategies"),
        ["OtherStrategyEvaluator"],
        "warning: specific_config/DailyTradingMode.json: required_strategies: of OtherStrategyEvaluator at"
        " least 1 must be activated (activate OtherStrategyEvaluator in tentacles_config.json)",
    ),
    (
        (DAILY, "required_strategies_min_count"),
        2,
        "warning: specific_config/DailyTradingMode.json: required_strategies: of SimpleStrategyEvaluator,"
        " OtherStrategyEvaluator at least 2 must be activated (activate SimpleStrategyEvaluator or"
        " OtherStrategyEvaluator in tentacles_config.json)",
    ),
    (
        ("specific_config/MACDMomentumEvaluator", "x"),
        1,
        "remark: specific_config/MACDMomentumEvaluator.json: its tentacle is not activated, so nothing reads"
        " these settings",
    ),
    (
        ("specific_config/Unknown", "password"),
        "x",
        "error: specific_config/Unknown.json: password: profiles must not carry keys (remove it: whoever is"
        " given the profile would have it, too)",
    ),
]


@pytest.mark.parametrize(("place", "value", "message"), WRONG, ids=[f"{where[-1]}={to}" for where, to, _ in WRONG])
def test_each_problem(problems: Problems, change: Change, place: tuple[str, ...], value: Any, message: str) -> None:
    change(*place, to=value)
    assert message in problems(exchange_names=["binance", "kraken"])


def test_all_problems_are_found_at_once(problems: Problems, change: Change, folder: Path) -> None:
    """One broken profile with a problem of every kind: those of each file are all there."""
    alone: dict[str, str] = {}
    combinable = [
        ((P, "config", "trading", "risk"), 1.5, "config.trading.risk"),
        ((P, "config", "trader", "enabled"), "yes", "config.trader.enabled"),
        ((P, "config", "trader", "load-trade-history"), 1, "config.trader.load-trade-history"),
        ((P, "config", "trader-simulator", "fees", "maker"), "x", "fees.maker"),
        ((P, "config", "trader-simulator", "fees", "taker"), 100, "fees.taker"),
        ((P, "config", "exchanges", "binance", "exchange-type"), "futures", "binance.exchange-type"),
        ((P, "config", "exchanges", "binance", "api-secret"), "x", "binance.api-secret"),
        ((P, "config", "crypto-currencies", "Ethereum"), 5, "crypto-currencies.Ethereum"),
        ((P, *PAIRS), ["BTC/USDT", "A", 5, "B"], "pairs[1]"),
        ((P, "profile", "name"), 5, "profile.name"),
        ((P, "profile", "id"), "", "profile.id"),
        ((T, *EVALUATORS, "A"), "yes", "tentacle_activation.Evaluator.A"),
        ((T, *EVALUATORS, "Nothing"), True, "Nothing"),
        ((T, *EVALUATORS, "SimpleStrategyEvaluator"), False, "activates no strategy"),
        ((T, *TRADING, "GridTradingMode"), True, "exactly one trading mode"),
        ((RSI, "period_length"), "long", "period_length"),
        ((RSI, "source"), 3, "source"),
        ((RSI, "low"), 80, "low"),
        ((RSI, "hihg"), 80, "hihg"),
        ((RSI, "weights"), [5, {"weight": "x"}], "weights[1].weight"),
    ]
    for place, value, field in combinable:
        change(*place, to=value)
        alone[field] = str(place)
    (folder / "specific_config" / "MACDMomentumEvaluator.json").write_text("{")
    found = problems()
    for field in (*alone, "pairs[2]", "pairs[3]", "weights[0]", "MACDMomentumEvaluator.json: row 1"):
        assert any(field in problem for problem in found), field
    assert len(found) == len(set(found))
    assert [problem.partition(":")[0] for problem in found] == sorted(
        (problem.partition(":")[0] for problem in found), key=["error", "warning", "remark"].index
    )


def test_what_validates_loads_and_what_does_not_load_does_not_validate(
    folder: Path, registry: TentacleRegistry, change: Change
) -> None:
    for place, value, _ in WRONG:
        file = folder / f"{place[0]}.json"
        before = file.read_text() if file.exists() else None
        change(*place, to=value)
        errors = [one for one in validate_profile(folder, registry) if one.severity is Severity.ERROR]
        try:
            setup = load_profile(folder).tentacles_setup
            for name in setup.check_activated(registry.names()):
                registry.load(name)(setup).load_config()
        except (OctoBotError, ZeroDivisionError):
            assert errors, place
        file.unlink() if before is None else file.write_text(before)
    assert validate_profile(folder, registry) == []


def test_markets_that_the_mode_does_not_trade(problems: Problems, change: Change) -> None:
    change(T, *TRADING, to={"GridTradingMode": True})
    change(P, "config", "exchanges", to={"binance": {"exchange-type": "future"}, "kraken": {"exchange-type": "margin"}})
    assert problems()[0] == (
        "error: profile.json: config.exchanges.binance.exchange-type: GridTradingMode does not trade future markets"
        " (write spot or margin)"
    )


@pytest.mark.parametrize(
    "setting", [{"required_evaluators": ["RSIMomentumEvaluator"]}, {"compatible_evaluator_types": ["SOCIAL"]}]
)
def test_evaluators_that_no_strategy_concludes_from(
    problems: Problems, change: Change, setting: dict[str, Any]
) -> None:
    change(T, *EVALUATORS, "MACDMomentumEvaluator", to=True)
    assert problems() == []
    ((key, value),) = setting.items()
    change(SIMPLE, key, to=value)
    unused = ["MACDMomentumEvaluator"] if "required" in key else ["RSIMomentumEvaluator", "MACDMomentumEvaluator"]
    assert problems() == [
        f"warning: tentacles_config.json: {name}: no active strategy concludes from it: it is not run (set it to false,"
        " or activate a strategy that is made for it)"
        for name in unused
    ]


def test_files(folder: Path, problems: Problems, registry: TentacleRegistry) -> None:
    (folder / "avatar.png").write_bytes(b"\x89PNG")
    (folder / "notes").mkdir()
    (folder / "notes" / "todo.txt").write_text("")
    (folder / "__init__.py").write_text("")
    (folder / "specific_config" / "SimpleStrategyEvaluator.json").rename(
        folder / "specific_config" / "SimpelStrategyEvaluator.json"
    )
    assert problems() == [
        "warning: specific_config/SimpelStrategyEvaluator.json: no tentacle has this name, so nothing reads these"
        " settings (did you mean SimpleStrategyEvaluator.json?)",
        "remark: avatar.png: nothing reads this file",
        "remark: notes/todo.txt: nothing reads this file",
    ]
    (folder / "tentacles_config.json").unlink()
    assert "error: tentacles_config.json: no such file (a profile needs this file)" in problems()
    (folder / "profile.json").write_text('{\n"config": {\n,}}')
    (found,) = (one for one in validate_profile(folder, registry) if one.file == "profile.json" and not one.field)
    assert (found.row, found.severity) == (3, Severity.ERROR)
    assert "is not JSON" in found.message
    (folder / "profile.json").unlink()
    assert problems()[0] == "error: profile.json: no such file (a profile is a folder that holds profile.json)"


def test_a_tentacle_that_cannot_be_imported(
    folder: Path, problems: Problems, registry: TentacleRegistry, change: Change
) -> None:
    registry.add(TentacleInfo("Gone", "package_nobody_installed.ta.gone", "Gone"))
    change(T, *EVALUATORS, "Gone", to=True)
    (found,) = problems()
    assert found.startswith("error: Gone: tentacle of package_nobody_installed.ta.gone cannot be imported")


def test_a_settings_file_that_is_no_json(folder: Path, problems: Problems) -> None:
    (folder / "specific_config" / "RSIMomentumEvaluator.json").write_text('{"period_length": 1,\n "low" 30}')
    (found,) = problems()
    assert found.startswith("error: specific_config/RSIMomentumEvaluator.json: row 2: is not JSON")


@pytest.mark.parametrize(
    "text", ["9" * 5000, "1e999999999999999999999", "[" * 5000 + "]" * 5000, '{"a":' * 60 + "1" + "}" * 60]
)
def test_contents_that_would_cost_all_memory(folder: Path, problems: Problems, text: str) -> None:
    file = folder / "profile.json"
    file.write_text(file.read_text().replace("1000", text))
    assert "error: profile.json: holds numbers or lists without end (remove what does not belong to it)" in problems()


def test_amounts_that_nobody_means(folder: Path, problems: Problems) -> None:
    file = folder / "profile.json"
    file.write_text(file.read_text().replace("1000", "1e99999999"))
    assert "1E+99999999 is no usable number" in problems()[0]
    file.write_text(file.read_text().replace("1e99999999", "0.000000000000000001"))
    assert load_profile(folder).trader_simulator.starting_portfolio["USDT"] == Decimal("1e-18")


def test_problems_are_ready_for_json(folder: Path, registry: TentacleRegistry, change: Change) -> None:
    change(P, "config", "trading", "risk", to=2)
    (problem,) = validate_profile(folder, registry)
    assert json.loads(json.dumps(problem.to_dict())) == {
        "severity": "error",
        "file": "profile.json",
        "field": "config.trading.risk",
        "row": None,
        "message": "2 is no usable risk",
        "remedy": "above 0, at most 1",
    }
