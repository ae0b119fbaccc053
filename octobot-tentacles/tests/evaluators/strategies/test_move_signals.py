# SPDX-License-Identifier: Apache-2.0
"""MoveSignalsStrategyEvaluator: moves that begin, and room for them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_tentacles.evaluators.strategies.move_signals import Frame, MoveSignalsStrategyEvaluator, move_note

_notes = st.floats(-1, 1)


@pytest.mark.parametrize(
    ("frames", "note"),
    [
        pytest.param([(-0.8, -1), (-0.4, 0), (0.6, 0.5)], (3 * -0.8 + 2 * -0.2 + 0.45) / 6, id="that of the page"),
        pytest.param([(-1, -1), (-1, -1), (-1, -1)], -1, id="a clear buy"),
        pytest.param([(1, 1), (1, 1), (1, 1)], 1, id="a clear sell"),
        pytest.param([(-0.4, -1), (-1, -1), (-1, -1)], 0, id="nothing has begun"),
        pytest.param([(-1, 1), (-1, 1), (-1, 1)], 0, id="no room left"),
        pytest.param([(-0.5, -1)], -0.5, id="one time frame"),
        pytest.param([(-1, 0), (0, 1)], -1 / 3, id="half the room, nothing from the longer one"),
    ],
)
def test_moves(frames: list[tuple[float, float]], note: float) -> None:
    assert move_note([Frame(*frame) for frame in frames]) == pytest.approx(note)


@given(frames=st.lists(st.tuples(_notes, _notes), min_size=1, max_size=4))
def test_notes_stay_within_their_bounds_and_mirror(frames: list[tuple[float, float]]) -> None:
    note = move_note([Frame(*frame) for frame in frames])
    assert -1 <= note <= 1
    assert move_note([Frame(-trigger, -place) for trigger, place in frames]) == pytest.approx(-note)


def write(strategy: Any, frame: str, trigger: Any, place: Any) -> None:
    for name, note in (("KlingerOscillatorMomentumEvaluator", trigger), ("BBMomentumEvaluator", place)):
        strategy.write(f"binance TA {name} Bitcoin BTC/USDT {frame}", note, note_type=type(note))


async def test_time_frames_count_by_their_length_wherever_they_stand(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(MoveSignalsStrategyEvaluator, required_time_frames=["1d", "1h"])
    write(strategy, "1h", -0.9, -1.0)
    write(strategy, "1d", 0.3, 1.0)
    await strategy.call()
    assert strategy.note() == pytest.approx((2 * -0.9 + 0.3) / 3)


@pytest.mark.parametrize("missing", [START_PENDING_EVAL_NOTE, True, None])
async def test_without_one_of_the_notes_there_is_none(make_any_strategy: Any, missing: Any) -> None:
    strategy = make_any_strategy(MoveSignalsStrategyEvaluator, required_time_frames=["1h"])
    write(strategy, "1h", -0.9, -1.0)
    await strategy.call()
    assert strategy.note() == -0.9
    write(strategy, "1h", -0.9, missing)
    await strategy.call()
    assert strategy.note() == START_PENDING_EVAL_NOTE


async def test_a_note_that_is_over_is_missing(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(MoveSignalsStrategyEvaluator, required_time_frames=["1h", "4h"])
    write(strategy, "1h", -0.9, -1.0)
    write(strategy, "4h", -0.3, 0.0)
    await strategy.call()
    assert strategy.note() == pytest.approx((2 * -0.9 + -0.3 / 2) / 3)
    strategy.write("binance TA BBMomentumEvaluator Bitcoin BTC/USDT 4h", 0.0, age=4 * 3600.0)
    await strategy.call()
    assert strategy.note() == START_PENDING_EVAL_NOTE


async def test_each_symbol_has_its_moves(make_any_strategy: Any, told: Any) -> None:
    strategy = make_any_strategy(MoveSignalsStrategyEvaluator, required_time_frames=["1h"])
    write(strategy, "1h", -0.9, -1.0)
    for name, note in (("KlingerOscillatorMomentumEvaluator", 0.8), ("BBMomentumEvaluator", 0.0)):
        strategy.write(f"binance TA {name} Ethereum ETH/USDT 1h", note)
    await strategy.call()
    await strategy.call(cryptocurrency="Ethereum", symbol="ETH/USDT")
    await strategy.call(symbol="BTC/USDC")
    assert await told.notes() == [("BTC/USDT", -0.9), ("ETH/USDT", 0.4), ("BTC/USDC", START_PENDING_EVAL_NOTE)]


async def test_jumps_have_the_evaluators_look_again(make_any_strategy: Any, told: Any) -> None:
    strategy = make_any_strategy(MoveSignalsStrategyEvaluator)
    await strategy.call("REAL_TIME", "InstantFluctuationsEvaluator")
    assert [one[1] for one in strategy.asked] == ["InstantFluctuationsEvaluator"]
    assert await told.notes() == [], "it is called again once they have"


def test_defaults_complete_the_settings(make_any_strategy: Any) -> None:
    evaluator = make_any_strategy(MoveSignalsStrategyEvaluator).evaluator
    assert evaluator.specific_config == {"required_time_frames": ["30m", "1h", "4h"]}
    assert [frame.value for frame in evaluator.strategy_time_frames] == ["30m", "1h", "4h"]
