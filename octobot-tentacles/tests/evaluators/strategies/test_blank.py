# SPDX-License-Identifier: Apache-2.0
"""BlankStrategyEvaluator: hands on what it gets."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_tentacles.evaluators.strategies.blank import BlankStrategyEvaluator


@pytest.mark.parametrize("note", [-0.4, 1.0, True, {"price": 1}, "text"])
async def test_hands_on_any_note(make_any_strategy: Any, note: Any) -> None:
    strategy = make_any_strategy(BlankStrategyEvaluator)
    await strategy.call("TA", note=note, time_frame="1h")
    assert strategy.note(time_frame="1h") == note
    await strategy.call("SOCIAL", note=note, cryptocurrency="Ethereum", symbol="ETH/USDT")
    assert strategy.note("Ethereum", "ETH/USDT") == note


async def test_a_note_about_more_is_about_each_symbol(make_any_strategy: Any, told: Any) -> None:
    strategy = make_any_strategy(BlankStrategyEvaluator)
    await strategy.call("SOCIAL", note=0.5, symbol=None)
    assert await told.notes() == [("BTC/USDT", 0.5), ("BTC/USDC", 0.5)]
    await strategy.call("SOCIAL", note=-0.5, cryptocurrency=None, symbol=None)
    assert await told.notes() == [("BTC/USDT", -0.5), ("BTC/USDC", -0.5), ("ETH/USDT", -0.5)]
    await strategy.call("SCRIPTED", note=0.1, time_frame="1h")
    assert await told.notes() == [("BTC/USDT", 0.1)]


def test_waits_for_no_other_notes(make_any_strategy: Any) -> None:
    evaluator = make_any_strategy(BlankStrategyEvaluator).evaluator
    assert evaluator.get_full_cycle_evaluator_types() == ()
    assert evaluator.specific_config == {"required_time_frames": ["1h"], "required_candles_count": 200}
