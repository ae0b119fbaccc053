# SPDX-License-Identifier: Apache-2.0
"""Scripted evaluators: a coroutine for each closed candle."""

from __future__ import annotations

import asyncio

import pytest
from evaluator_world import EXCHANGE_ID, HOUR, MATRIX_ID, RecordingStrategy

from octobot_evaluators.evaluators import ScriptedEvaluator
from octobot_evaluators.matrix import get_tentacle_node
from octobot_trading import api

PATH = ["binance", "SCRIPTED", "Script", "Bitcoin", "BTC/USDT", "1h"]


class Script(ScriptedEvaluator):
    contexts: list = []  # noqa: RUF012 - one list for each test, set by it

    async def script(self, context):
        self.contexts.append(context)
        close = context.candle[4]
        if close < 0:
            raise ValueError("no price")
        return close or None


@pytest.fixture(autouse=True)
def contexts():
    Script.contexts = []
    return Script.contexts


async def test_what_a_script_returns_is_the_note_of_the_candle(world, contexts):
    await world.start(Script)
    await world.at(101).candle("1h", 0.5)
    node = get_tentacle_node(MATRIX_ID, PATH)
    assert (node.node_value, node.node_value_time, node.node_type) == (0.5, 101 * HOUR, float)
    assert [node.is_valid(hour * HOUR) for hour in (101, 101.9, 102)] == [True, True, False]
    (context,) = contexts
    assert (context.exchange, context.exchange_id) == ("binance", EXCHANGE_ID)
    assert (context.cryptocurrency, context.symbol, context.time_frame) == ("Bitcoin", "BTC/USDT", "1h")
    assert (context.candle, context.time) == ([100 * HOUR, 0.5, 0.5, 0.5, 0.5, 1.0], 101 * HOUR)
    assert api.get_symbol_close_candles(context.symbol_data, context.time_frame).tolist() == [0.5]


async def test_none_says_nothing(world):
    (script,) = await world.start(Script)
    await world.at(101).candle("1h", 0.5)
    await world.at(102).candle("1h", 0.0)
    assert script.eval_note == 0.5
    assert not get_tentacle_node(MATRIX_ID, PATH).is_valid(world.clock.now())


async def test_strategies_hear_of_it_at_once(world):
    *_, strategy = await world.start(Script, RecordingStrategy)
    await world.at(101).candle("1h", 0.5)
    assert strategy.calls == [("Script", 0.5, "BTC/USDT", "1h")]


async def test_a_strategy_may_wait_for_all_scripts(world):
    class Other(Script):
        pass

    class Waiting(RecordingStrategy):
        def get_full_cycle_evaluator_types(self):
            return ("TA", "SCRIPTED")

    *_, strategy = await world.start(Script, Other, Waiting)
    await world.at(101).candle("1h", 0.5)
    assert strategy.calls == [("Script", 0.5, "BTC/USDT", "1h")]


async def test_its_failure_is_counted_and_leaves_no_note(world, caplog):
    (script,) = await world.start(Script)
    await world.at(101).candle("1h", 0.5)
    await world.at(101.5).candle("1h", -0.5)
    assert script.failures == 1
    assert "Script failed on Bitcoin BTC/USDT 1h: no price" in caplog.text
    assert get_tentacle_node(MATRIX_ID, PATH).node_value is None


async def test_scripts_of_one_instance_never_overlap(make_world):
    class Slow(Script):
        running = 0

        async def script(self, context):
            Slow.running += 1
            assert Slow.running == 1
            await asyncio.sleep(0)
            Slow.running -= 1
            return await super().script(context)

    world = await make_world(time_frames=["1h", "4h"])
    (slow,) = await world.start(Slow)
    world.at(104).queue_candle("1h", 0.25)
    world.queue_candle("4h", 0.5)
    candles = [[hour * HOUR, 1.0, 1.0, 1.0, 1.0, 1.0] for hour in range(3)]
    await asyncio.gather(
        world.settle(),
        *(slow._on_candle("binance", EXCHANGE_ID, "Bitcoin", "BTC/USDT", "1h", candle) for candle in candles),
    )
    assert (slow.failures, len(Script.contexts)) == (0, 5)


async def test_one_without_a_script_says_so():
    with pytest.raises(NotImplementedError, match="ScriptedEvaluator has no script"):
        await ScriptedEvaluator(None).script(None)
