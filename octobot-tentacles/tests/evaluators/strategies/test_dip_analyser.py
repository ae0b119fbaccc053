# SPDX-License-Identifier: Apache-2.0
"""DipAnalyserStrategyEvaluator: dips that are confirmed, once."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
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


async def test_a_dip_is_told_once_as_long_as_it_is_confirmed(make_any_strategy: Any, told: Any) -> None:
    strategy = make_any_strategy(DipAnalyserStrategyEvaluator, required_time_frames=["1h", "4h"])
    write(strategy, "4h", HEAVY, True)
    await strategy.call()
    assert await told.notes() == [("BTC/USDT", HEAVY)]
    await strategy.call()
    write(strategy, "4h", LIGHT, True)
    await strategy.call()
    assert (await told.notes(), strategy.note()) == ([], LIGHT), "of another weight it still is the same dip"
    write(strategy, "1h", LIGHT, True)
    write(strategy, "4h", HEAVY, True)
    await strategy.call()
    assert await told.notes() == [("BTC/USDT", LIGHT)], "that of another time frame is another one"
    write(strategy, "1h", LIGHT, False)
    write(strategy, "4h", HEAVY, False)
    await strategy.call()
    assert (await told.notes(), strategy.note()) == ([], START_PENDING_EVAL_NOTE), "nobody has to hear of nothing"
    write(strategy, "4h", HEAVY, True)
    await strategy.call()
    assert await told.notes() == [("BTC/USDT", HEAVY)]


async def test_each_symbol_has_its_dips(make_any_strategy: Any, told: Any) -> None:
    strategy = make_any_strategy(DipAnalyserStrategyEvaluator)
    write(strategy, "4h", LIGHT, True)
    for name, note in ((DIP, HEAVY), (CONFIRMATION, True)):
        strategy.write(f"binance TA {name} Ethereum ETH/USDT 4h", note, note_type=type(note))
    await strategy.call()
    await strategy.call(cryptocurrency="Ethereum", symbol="ETH/USDT")
    await strategy.call(symbol="BTC/USDC")
    assert await told.notes() == [("BTC/USDT", LIGHT), ("ETH/USDT", HEAVY)]
    assert strategy.note(symbol="BTC/USDC") == START_PENDING_EVAL_NOTE


async def test_a_dip_is_over_with_its_candle(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(DipAnalyserStrategyEvaluator)
    strategy.write(f"binance TA {DIP} Bitcoin BTC/USDT 4h", LIGHT, age=4 * 3600.0, note_type=dict)
    strategy.write(f"binance TA {CONFIRMATION} Bitcoin BTC/USDT 4h", True, note_type=bool)
    await strategy.call()
    assert strategy.note() == START_PENDING_EVAL_NOTE
    strategy.write(f"binance TA {DIP} Bitcoin BTC/USDT 4h", LIGHT, age=4 * 3600.0 - 1.0, note_type=dict)
    await strategy.call()
    assert strategy.note() == LIGHT


async def test_jumps_have_the_evaluators_look_again(make_any_strategy: Any, told: Any) -> None:
    strategy = make_any_strategy(DipAnalyserStrategyEvaluator)
    write(strategy, "4h", LIGHT, True)
    await strategy.call("REAL_TIME", "InstantFluctuationsEvaluator")
    assert len(strategy.asked) == 1
    assert await told.notes() == [], "it is called again once they have"
    await strategy.call("SOCIAL", "Other")
    assert len(strategy.asked) == 1


def test_defaults_complete_the_settings(make_any_strategy: Any) -> None:
    assert make_any_strategy(DipAnalyserStrategyEvaluator).evaluator.specific_config == {"required_time_frames": ["4h"]}


def test_unusable_settings_are_refused(make_any_strategy: Any) -> None:
    with pytest.raises(SettingError, match="required_time_frames: '4x' is none of the options"):
        make_any_strategy(DipAnalyserStrategyEvaluator, required_time_frames=["4x"])
