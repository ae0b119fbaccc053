# SPDX-License-Identifier: Apache-2.0
"""`octobot why` on the orders of a stored run."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from octobot.shipped import BTC_USDT_1H
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
