# SPDX-License-Identifier: Apache-2.0
"""When strategies are called, on a real exchange, channels and dispatcher."""

from __future__ import annotations

import asyncio

from evaluator_world import CloseEvaluator, KlineEvaluator, OtherCloseEvaluator, RecordingStrategy, World

BOTH = {"RecordingStrategy": {"required_time_frames": ["1h", "4h"]}}
HOURLY = {"RecordingStrategy": {"required_time_frames": ["1h"]}}


async def test_called_once_when_every_evaluator_of_the_candle_is_done(world):
    *_, strategy = await world.start(CloseEvaluator, OtherCloseEvaluator, RecordingStrategy, configs=HOURLY)
    await world.at(101).candle("1h", 0.25)
    assert strategy.calls == [("OtherCloseEvaluator", 0.25, "BTC/USDT", "1h")]
    await world.at(102).candle("1h", -0.5)
    assert len(strategy.calls) == 2


async def test_every_time_frame_must_be_valid_for_this_time(make_world):
    world = await make_world(time_frames=["1h", "4h"])
    *_, strategy = await world.start(CloseEvaluator, OtherCloseEvaluator, RecordingStrategy, configs=BOTH)
    await world.at(101).candle("1h")
    assert strategy.calls == [], "nothing is known of 4h yet"
    world.at(104).queue_candle("1h")
    world.queue_candle("4h")
    await world.settle()
    assert len(strategy.calls) == 1
    for hour in (105, 106, 107):
        await world.at(hour).candle("1h")
    assert len(strategy.calls) == 4
    await world.at(108).candle("1h")
    assert len(strategy.calls) == 4, "the 4h evaluations ended at 108"
    await world.candle("4h")
    assert len(strategy.calls) == 5


async def test_time_frames_of_others_do_not_count(make_world):
    world = await make_world(time_frames=["1h", "4h"])
    *_, strategy = await world.start(CloseEvaluator, RecordingStrategy, configs=HOURLY)
    await world.at(101).candle("1h")
    await world.at(104).candle("4h")
    assert [call[3] for call in strategy.calls] == ["1h"]


async def test_each_symbol_has_its_own_cycle(make_world):
    world = await make_world({"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT"]})
    *_, strategy = await world.start(CloseEvaluator, OtherCloseEvaluator, RecordingStrategy, configs=HOURLY)
    world.at(101).queue_candle("1h", symbol="ETH/USDT")
    world.queue_candle("1h", symbol="BTC/USDT")
    await world.settle()
    assert sorted(call[2] for call in strategy.calls) == ["BTC/USDT", "ETH/USDT"]


async def test_a_pending_note_counts_as_evaluated(world):
    class Pending(CloseEvaluator):
        async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc):
            await self.evaluation_completed(cryptocurrency, symbol, time_frame)

    *_, strategy = await world.start(CloseEvaluator, Pending, RecordingStrategy, configs=HOURLY)
    await world.at(101).candle("1h")
    assert strategy.calls == [("Pending", "0", "BTC/USDT", "1h")]


async def test_an_evaluator_that_says_nothing_keeps_the_cycle_open(world):
    class Silent(CloseEvaluator):
        async def ohlcv_callback(self, *arguments):
            self.calls.append(arguments)

    *_, silent, strategy = await world.start(CloseEvaluator, Silent, RecordingStrategy, configs=HOURLY)
    await world.at(101).candle("1h")
    assert (len(silent.calls), strategy.calls) == (1, [])
    await silent.stop_evaluator()
    await world.at(102).candle("1h")
    assert len(strategy.calls) == 1, "nobody waits for a stopped evaluator"


async def test_a_failing_evaluator_is_logged_counted_and_keeps_the_cycle_open(world, caplog):
    class Failing(CloseEvaluator):
        async def ohlcv_callback(self, *arguments):
            if arguments[5][4] < 0:
                raise ZeroDivisionError("flat prices")
            await super().ohlcv_callback(*arguments)

    close, failing, strategy = await world.start(CloseEvaluator, Failing, RecordingStrategy, configs=HOURLY)
    await world.at(101).candle("1h", 0.5)
    assert len(strategy.calls) == 1
    await world.at(102).candle("1h", -0.5)
    assert (failing.failures, close.failures, len(close.calls), len(strategy.calls)) == (1, 0, 2, 1)
    assert "Failing failed on Bitcoin BTC/USDT 1h: flat prices" in caplog.text
    node = world.matrix.find(["binance", "TA", "Failing", "Bitcoin", "BTC/USDT", "1h"])
    assert (node.node_value, node.node_value_time) == (None, None)
    await world.at(103).candle("1h", 0.5)
    assert len(strategy.calls) == 2


async def test_a_failing_strategy_is_isolated_and_has_no_note(world):
    class Failing(RecordingStrategy):
        async def matrix_callback(self, *arguments):
            await super().matrix_callback(*arguments)
            if len(self.calls) > 1:
                raise ValueError("second time")

    configs = {**HOURLY, "Failing": {"required_time_frames": ["1h"]}}
    _, failing, strategy = await world.start(CloseEvaluator, Failing, RecordingStrategy, configs=configs)
    await world.at(101).candle("1h")
    await world.at(102).candle("1h")
    assert (failing.failures, strategy.failures, len(strategy.calls)) == (1, 0, 2)
    assert world.matrix.find(["binance", "STRATEGIES", "Failing", "Bitcoin", "BTC/USDT"]).node_value is None


async def test_real_time_notes_are_passed_on_at_once(world):
    *_, strategy = await world.start(CloseEvaluator, KlineEvaluator, RecordingStrategy, configs=HOURLY)
    await world.at(100.5).kline("1h", 0.75)
    assert strategy.calls == [("KlineEvaluator", 0.75, "BTC/USDT", None)]


async def test_a_note_that_is_not_notified_wakes_nobody(world):
    class Quiet(CloseEvaluator):
        async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc):
            await self.evaluation_completed(cryptocurrency, symbol, time_frame, 0.5, notify=False)
            if candle[4] > 0:
                await self.evaluation_completed(cryptocurrency, symbol, time_frame, 0.7)

    _, strategy = await world.start(Quiet, RecordingStrategy, configs=HOURLY)
    heard = await world.listen(evaluator_type="TA")
    await world.at(101).candle("1h", -1.0)
    assert (heard, strategy.calls) == ([], [])
    assert world.matrix.find(["binance", "TA", "Quiet", "Bitcoin", "BTC/USDT", "1h"]).node_value == 0.5
    await world.at(102).candle("1h", 1.0)
    assert [call[1] for call in strategy.calls] == [0.7]


async def test_late_evaluations_do_not_call_twice(make_world):
    world = await make_world(allowed_delta=10.0)

    class Now(CloseEvaluator):
        async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc):
            await self.evaluation_completed(cryptocurrency, symbol, time_frame, candle[4])

    class Later(Now):
        pass

    later, now, strategy = await world.start(Now, Later, RecordingStrategy, configs=HOURLY)
    for hour in (101, 102):
        await world.at(hour + 0.2 / 3600).evaluate_one(now, hour)
        await world.at(hour + 2.5 / 3600).evaluate_one(later, hour)
    assert [call[0] for call in strategy.calls] == ["Later", "Later"]


async def test_a_strategy_may_take_every_technical_note_at_once(world):
    class Eager(RecordingStrategy):
        def get_full_cycle_evaluator_types(self):
            return ()

    *_, strategy = await world.start(CloseEvaluator, OtherCloseEvaluator, Eager)
    await world.at(101).candle("1h")
    assert [call[0] for call in strategy.calls] == ["CloseEvaluator", "OtherCloseEvaluator"]


async def test_incompatible_kinds_are_not_passed_on(world):
    configs = {"RecordingStrategy": {"required_time_frames": ["1h"], "compatible_evaluator_types": ["TA"]}}
    *_, strategy = await world.start(KlineEvaluator, RecordingStrategy, configs=configs)
    await world.at(100.5).kline("1h", 0.75)
    assert strategy.calls == []


async def test_a_strategy_started_later_knows_what_was_evaluated(make_world):
    world = await make_world(time_frames=["1h", "4h"])
    await world.start(CloseEvaluator)
    await world.at(104).candle("4h")
    (strategy,) = await world.start(RecordingStrategy, configs=BOTH)
    await world.at(105).candle("1h")
    assert len(strategy.calls) == 1
    await strategy.stop_evaluator()
    await world.at(106).candle("1h")
    assert len(strategy.calls) == 1


async def test_live_consumers_run_as_tasks_of_the_loop():
    called = asyncio.Event()

    class Signalling(RecordingStrategy):
        async def matrix_callback(self, *arguments):
            await super().matrix_callback(*arguments)
            called.set()

    world = World({"Bitcoin": ["BTC/USDT"]}, ["1h"], 10.0, is_live=True)
    await world.open()
    *evaluators, strategy = await world.start(CloseEvaluator, OtherCloseEvaluator, Signalling)
    world.at(101).queue_candle("1h", 0.5)
    await asyncio.wait_for(called.wait(), 5)
    assert [len(each.calls) for each in (*evaluators, strategy)] == [1, 1, 1]
    await world.close()
