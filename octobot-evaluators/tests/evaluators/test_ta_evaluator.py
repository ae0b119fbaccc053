# SPDX-License-Identifier: Apache-2.0
"""Technical evaluators: what they are called with, and evaluating again."""

from __future__ import annotations

import asyncio

from evaluator_world import (
    EXCHANGE_ID,
    HOUR,
    MATRIX_ID,
    CloseEvaluator,
    KlineEvaluator,
    OtherCloseEvaluator,
    RecordingStrategy,
)

from octobot_commons.enums import TimeFrames
from octobot_evaluators.evaluators.channel import (
    trigger_technical_evaluators_re_evaluation_with_updated_data as trigger,
)
from octobot_evaluators.matrix import get_tentacle_value

BOTH = {"required_time_frames": ["1h", "4h"]}


class ReEvaluating(RecordingStrategy):
    """Asks for new technical evaluations on each real-time note, as tentacles do."""

    async def matrix_callback(self, *arguments):
        matrix_id, name, kind, _, _, _, _, exchange_name, cryptocurrency, symbol, _ = arguments
        if kind != "REAL_TIME":
            await super().matrix_callback(*arguments)
            return
        await trigger(
            matrix_id,
            name,
            kind,
            exchange_name,
            cryptocurrency,
            symbol,
            EXCHANGE_ID,
            self.strategy_time_frames,
        )


async def test_called_positionally_with_the_closed_candle(world):
    (evaluator,) = await world.start(CloseEvaluator)
    await world.at(101).candle("1h", 0.5)
    candle = [100 * HOUR, 0.5, 0.5, 0.5, 0.5, 1.0]
    assert evaluator.calls == [("binance", EXCHANGE_ID, "Bitcoin", "BTC/USDT", "1h", candle, False)]
    assert len(evaluator.consumers) == 1


async def test_candles_that_it_did_not_register_for_do_not_reach_it(make_world):
    class Hourly(CloseEvaluator):
        def _get_tentacle_registration_topic(self, symbols, time_frames, real_time):
            currencies, symbols, _ = super()._get_tentacle_registration_topic(symbols, time_frames, real_time)
            return currencies, symbols, [TimeFrames.ONE_HOUR]

    world = await make_world(time_frames=["1h", "4h"])
    hourly, strategy = await world.start(Hourly, RecordingStrategy, configs={"RecordingStrategy": BOTH})
    world.at(104).queue_candle("1h")
    world.queue_candle("4h")
    await world.settle()
    assert [call[4] for call in hourly.calls] == ["1h"]
    assert len(strategy.calls) == 1


async def test_a_stopped_evaluator_is_called_no_more(world):
    (evaluator,) = await world.start(CloseEvaluator)
    await evaluator.stop_evaluator()
    await world.at(101).candle("1h")
    assert (evaluator.calls, evaluator.consumers) == ([], [])


async def test_evaluating_again_includes_the_candle_in_construction_and_calls_the_strategy_once(make_world):
    world = await make_world(time_frames=["1h", "4h"])
    configs = {"ReEvaluating": BOTH, "KlineEvaluator": {}}
    close, _, _, strategy = await world.start(
        CloseEvaluator, OtherCloseEvaluator, KlineEvaluator, ReEvaluating, configs=configs
    )
    world.at(104).queue_candle("1h", 0.25)
    world.queue_candle("4h", 0.5)
    await world.settle()
    assert len(strategy.calls) == 1
    close.calls.clear()
    await world.at(104.5).kline("1h", 0.75)
    assert [(call[4], call[5][4], call[6]) for call in close.calls] == [("1h", 0.25, True), ("4h", 0.5, True)]
    assert strategy.calls[1:] == [("OtherCloseEvaluator", 0.5, "BTC/USDT", "4h")]
    await world.at(105).candle("1h", 0.25)
    assert len(strategy.calls) == 3


async def test_evaluating_again_skips_who_does_not_want_it(world):
    class Steady(CloseEvaluator):
        def enable_reevaluation(self):
            return False

    other, steady = await world.start(Steady, OtherCloseEvaluator)
    await world.at(101).candle("1h")
    await trigger(MATRIX_ID, None, None, "binance", "Bitcoin", "BTC/USDT", EXCHANGE_ID, ["1h"])
    assert (len(steady.calls), len(other.calls)) == (1, 2)


async def test_evaluating_again_without_any_candle_does_nothing(world):
    (evaluator,) = await world.start(CloseEvaluator)
    await trigger(MATRIX_ID, None, None, "binance", "Bitcoin", "BTC/USDT", EXCHANGE_ID, ["1h", "4h"])
    assert (evaluator.calls, evaluator.failures) == ([], 0)


async def test_a_failure_while_evaluating_again_does_not_reach_the_others(world):
    class Failing(CloseEvaluator):
        async def ohlcv_callback(self, *arguments):
            if arguments[-1]:
                raise ValueError("cannot")
            await super().ohlcv_callback(*arguments)

    failing, other = await world.start(Failing, OtherCloseEvaluator)
    await world.at(101).candle("1h", 0.5)
    await trigger(MATRIX_ID, None, None, "binance", "Bitcoin", "BTC/USDT", EXCHANGE_ID, ["1h"])
    assert (failing.failures, len(other.calls)) == (1, 2)
    assert get_tentacle_value(MATRIX_ID, ["binance", "TA", "Failing", "Bitcoin", "BTC/USDT", "1h"]) is None


async def test_data_that_is_not_there_is_a_failure_of_the_evaluator(world, caplog):
    (evaluator,) = await world.start(CloseEvaluator)
    cell = evaluator._get_cell("Bitcoin", "DOGE/USDT", "1h")
    await evaluator.evaluate_again(EXCHANGE_ID, cell)
    assert evaluator.failures == 1
    assert "DOGE/USDT" in caplog.text


async def test_evaluations_of_one_instance_never_overlap(world):
    class Slow(CloseEvaluator):
        running = 0

        async def ohlcv_callback(self, *arguments):
            Slow.running += 1
            assert Slow.running == 1
            await asyncio.sleep(0)
            self.calls.append(arguments)
            Slow.running -= 1

    (evaluator,) = await world.start(Slow)
    tasks = [asyncio.create_task(world.evaluate_one(evaluator, hour)) for hour in range(101, 106)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [call[5][0] / HOUR + 1 for call in evaluator.calls] == [101, 102, 104, 105]
    assert (evaluator.failures, evaluator._turn.is_taken) == (0, False)
