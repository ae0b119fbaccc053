# SPDX-License-Identifier: Apache-2.0
"""DipAnalyserStrategyEvaluator: dips that are confirmed, once."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_tentacles.evaluators.strategies.dip_analyser import CONFIRMATION, DIP, DipAnalyserStrategyEvaluator

NONE, LIGHT, HEAVY = ({"price": price, "volume": volume} for price, volume in ((0, 0), (2, 1), (1, 3)))


def write(strategy: Any, frame: str, dip: Any, confirmed: Any) -> None:
    for name, note in ((DIP, dip), (CONFIRMATION, confirmed)):
        strategy.write(f"binance TA {name} Bitcoin BTC/USDT {frame}", note, note_type=type(note))


@pytest.mark.parametrize(
    ("notes", "dip"),
    [
        pytest.param({"4h": (LIGHT, True)}, LIGHT, id="a dip is over: buy"),
        pytest.param({"4h": (LIGHT, False)}, None, id="not confirmed"),
        pytest.param({"4h": (NONE, True)}, None, id="no dip"),
        pytest.param({"4h": (LIGHT, 1.0)}, None, id="no confirmation"),
        pytest.param({"4h": (START_PENDING_EVAL_NOTE, True)}, None, id="too little data"),
        pytest.param({"1h": (LIGHT, True), "4h": (HEAVY, True)}, HEAVY, id="the heavier of two"),
        pytest.param({"1h": (LIGHT, True), "4h": (HEAVY, False)}, LIGHT, id="the confirmed one of two"),
        pytest.param({"1h": (LIGHT, False), "4h": (NONE, True)}, None, id="not on the same time frame"),
    ],
)
async def test_dips(make_any_strategy: Any, notes: dict[str, tuple[Any, Any]], dip: dict[str, int] | None) -> None:
    strategy = make_any_strategy(DipAnalyserStrategyEvaluator, required_time_frames=["1h", "4h"])
    for frame, (weights, confirmed) in notes.items():
        write(strategy, frame, weights, confirmed)
    await strategy.call()
    assert strategy.note() == (START_PENDING_EVAL_NOTE if dip is None else dip)
    assert strategy.evaluator.get_eval_type() is dict


async def test_what_was_confirmed_is_over_with_the_next_close(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(DipAnalyserStrategyEvaluator)
    write(strategy, "4h", LIGHT, True)
    await strategy.call()
    assert strategy.note() == LIGHT
    write(strategy, "4h", LIGHT, False)
    await strategy.call()
    assert strategy.note() == START_PENDING_EVAL_NOTE


async def test_jumps_have_the_evaluators_look_again(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(DipAnalyserStrategyEvaluator)
    await strategy.call("REAL_TIME", "InstantFluctuationsEvaluator")
    assert len(strategy.asked) == 1
    await strategy.call("SOCIAL", "Other")
    assert len(strategy.asked) == 1
