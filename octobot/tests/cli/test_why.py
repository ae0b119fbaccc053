# SPDX-License-Identifier: Apache-2.0
"""`octobot why` on the orders of a stored run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot.shipped import BTC_USDT_1H
from octobot_commons.configuration import installed_profiles
from octobot_trading.history import read_candles

_SPAN = ("--start", "2021-01-01", "--end", "2021-03-01")


@pytest.fixture
def why(octobot: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """The chain of an order of the run that is stored first."""
    assert octobot("backtest", *_SPAN).code == 0

    def ask(order_id: str) -> dict[str, Any]:
        answer = octobot("why", order_id, "--json")
        assert answer.code == 0, answer.err
        chain: dict[str, Any] = json.loads(answer.out)
        return chain

    return ask


def test_every_order_has_a_chain_that_its_run_confirms(octobot: Callable[..., Any], why: Callable[..., Any]) -> None:
    """Notes add up to the strategy's, its note lies in the rule's bounds, candles are those of the data."""
    run = json.loads(octobot("runs", "show", "newest", "--json").out)
    recorded = {float(time): close for time, close in zip(*_times_and_closes(), strict=True)}
    assert len(run["orders"]) > 50
    for order in run["orders"][::7]:
        chain = why(order["order_id"])
        decision = chain["decision"]
        assert decision["time"] == order["creation_time"]
        assert {key: chain["order"][key] for key in order if key != "causal_record"} == {
            key: value for key, value in order.items() if key != "causal_record"
        }
        notes = {(note[0], note[2]): note for note in decision["notes"]}
        (strategy,) = [note for note in decision["notes"] if note[1] == "STRATEGIES"]
        assert Decimal(str(strategy[3])) == Decimal(decision["final_note"])
        assert all(is_valid for *_, is_valid, _ in notes.values())
        first = decision["candles"]["1h"]
        assert first[0] == decision["time"] - 3600
        assert first[4] == recorded[first[0]]
        assert decision["rule"].startswith(f"{decision['state']} is a final note ")
        fills = [fill for fill in run["fills"] if fill["order_id"] == order["order_id"]]
        assert chain["fills"] == fills


def test_a_chain_as_a_person_reads_it(octobot: Callable[..., Any], why: Callable[..., Any]) -> None:
    answer = octobot("why", "1")
    labels = [line[:12].strip() for line in answer.out.splitlines() if line[:12].strip()]
    assert labels == ["Candles", "Notes", "Strategies", "Mode", "Order", "Fills"]
    for word in ("RSIMomentumEvaluator 4h", "woken by SimpleStrategyEvaluator", "1: 2021-01-"):
        assert word in answer.out


def test_an_order_that_is_not_there(octobot: Callable[..., Any], why: Callable[..., Any]) -> None:
    answer = octobot("why", "99999")
    assert answer.code == 2
    assert "has no order 99999" in answer.err
    assert octobot("why", "1", "--run", "zzzzzzzzz").code == 3


def test_without_causes_an_order_says_so(octobot: Callable[..., Any]) -> None:
    octobot("backtest", *_SPAN, "--no-causes")
    answer = octobot("why", "1")
    assert (answer.code, "none was kept with this order" in answer.out) == (0, True)


def _times_and_closes() -> tuple[Any, Any]:
    (series,) = read_candles(BTC_USDT_1H, symbol="BTC/USDT")
    return series.open_times, series.columns()[4]


def test_why_not_tells_what_the_run_itself_would_have(octobot: Callable[..., Any], why: Callable[..., Any]) -> None:
    """At the time of an order: its decision's candles and notes; an hour later: nothing new to do, and why."""
    run = json.loads(octobot("runs", "show", "newest", "--json").out)
    orders = {order["creation_time"]: order for order in run["orders"]}
    for time, order in list(orders.items())[5:40:12]:
        decision = why(order["order_id"])["decision"]
        asked = octobot("why-not", "BTC/USDT", _date(time), "--json")
        assert asked.code == 0, asked.err
        told = json.loads(asked.out)
        assert told["woken_time"] == time
        assert order["order_id"] in told["order_ids"]
        assert told["candles"] == decision["candles"]
        notes = {(name, note["time_frame"]): note["note"] for name, known in told["notes"].items() for note in known}
        assert notes == {(note[0], note[2]): note[3] for note in decision["notes"]}
        quiet = next(time + 3600 * hours for hours in range(1, 1000) if time + 3600 * hours not in orders)
        answer = octobot("why-not", "BTC/USDT", _date(quiet))
        assert "as before: nothing is done" in answer.out or "asks for no orders" in answer.out, answer.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ETH/USDT", "2021-02-01"), 2, "does not trade ETH/USDT (did you mean BTC/USDT?)"),
        (("BTC/USDT", "2022-02-01"), 2, "does not reach this time"),
        (("BTC/USDT", "tomorrow"), 2, "tomorrow"),
        (("BTC/USDT", "2021-02-01", "--profile", "nowhere"), 4, "nowhere"),
    ],
)
def test_what_cannot_be_asked(
    octobot: Callable[..., Any], why: Callable[..., Any], arguments: tuple[str, ...], code: int, words: str
) -> None:
    answer = octobot("why-not", *arguments)
    assert answer.code == code, answer.err
    assert words in answer.err


def test_a_run_is_not_explained_with_another_profile(
    octobot: Callable[..., Any], why: Callable[..., Any], tmp_path: Path
) -> None:
    changed = tmp_path / "daily_trading"
    shutil.copytree(installed_profiles()["daily_trading"], changed)
    content = json.loads((changed / "profile.json").read_text())
    content["config"]["trading"]["risk"] = 0.9
    (changed / "profile.json").write_text(json.dumps(content))
    answer = octobot("why-not", "BTC/USDT", "2021-02-01", "--profile", changed)
    assert answer.code == 3
    assert "is not what it was in run" in answer.err


def test_a_run_of_a_file_is_explained_from_it(octobot: Callable[..., Any], candles: Callable[..., Path]) -> None:
    file = candles(name="ETH_USDT-1h.csv")
    assert octobot("backtest", "--data", file, "--time-frame", "1h").code == 0
    last = 1_600_000_000 // 3600 * 3600 + 150 * 3600
    assert octobot("why-not", "ETH/USDT", _date(last)).code == 0
    candles({5: f"{(last - 147 * 3600) * 1000},100,101,99,100.25,3"}, name=file.name)
    answer = octobot("why-not", "ETH/USDT", _date(last))
    assert answer.code == 3
    assert "are not those that run" in answer.err


def _date(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M")
