# SPDX-License-Identifier: Apache-2.0
"""Strategies: both generations of matrix_callback, settings, and how long their notes count."""

from __future__ import annotations

import pytest
from evaluator_world import HOUR, MATRIX_ID, CloseEvaluator, KlineEvaluator, RecordingStrategy

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import SettingError, UnknownSettingError
from octobot_evaluators.errors import EvaluatorDefinitionError
from octobot_evaluators.evaluators import StrategyEvaluator
from octobot_evaluators.matrix import matrix_notes_reader

READER_PLACE = (MATRIX_ID, "binance", "Bitcoin", "BTC/USDT")


class Eleven(StrategyEvaluator):
    called_with: tuple = ()

    async def matrix_callback(self, *arguments):
        self.called_with = arguments


class Nine(StrategyEvaluator):
    called_with: tuple = ()

    async def matrix_callback(
        self,
        matrix_id,
        evaluator_name,
        evaluator_type,
        eval_note,
        eval_note_type,
        exchange_name,
        cryptocurrency,
        symbol,
        time_frame,
    ):
        self.called_with = (
            matrix_id,
            evaluator_name,
            evaluator_type,
            eval_note,
            eval_note_type,
            exchange_name,
            cryptocurrency,
            symbol,
            time_frame,
        )


async def test_both_generations_are_called_with_their_own_arguments(world):
    class Describing(CloseEvaluator):
        async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc):
            await self.evaluation_completed(cryptocurrency, symbol, time_frame, 0.5, 0, "words", {"why": 1})

    _, eleven, nine = await world.start(Describing, Eleven, Nine)
    await world.at(101).candle("1h")
    head = (MATRIX_ID, "Describing", "TA", 0.5, float)
    place = ("binance", "Bitcoin", "BTC/USDT", "1h")
    assert eleven.called_with == (*head, "words", {"why": 1}, *place)
    assert nine.called_with == (*head, *place)


async def test_a_type_error_inside_an_older_strategy_is_its_own(world, caplog):
    class Broken(Nine):
        calls = 0

        async def matrix_callback(self, a, b, c, d, e, f, g, h, i):
            self.calls += 1
            raise TypeError("inside")

    _, broken = await world.start(CloseEvaluator, Broken)
    await world.at(101).candle("1h")
    assert (broken.calls, broken.failures) == (1, 1)


def test_another_number_of_arguments_is_refused_with_a_remedy():
    class Ten(StrategyEvaluator):
        async def matrix_callback(self, a, b, c, d, e, f, g, h, i, j):
            pass

    with pytest.raises(EvaluatorDefinitionError, match=r"takes neither 11 nor 9.*eval_note_metadata"):
        Ten(None)


async def test_time_frames_come_from_the_settings(world):
    config = {"required_time_frames": ["4h", "30m"]}
    (strategy,) = await world.start(RecordingStrategy, configs={"RecordingStrategy": config})
    assert strategy.strategy_time_frames == [TimeFrames.FOUR_HOURS, TimeFrames.THIRTY_MINUTES]
    assert "required_time_frames" in strategy.UI.registered


async def test_settings_are_completed_with_the_default_config(world):
    class TwoDays(RecordingStrategy):
        @classmethod
        def get_default_config(cls, time_frames=None):
            return {"required_time_frames": time_frames or ["1d"]}

    (strategy,) = await world.start(TwoDays)
    assert strategy.strategy_time_frames == [TimeFrames.ONE_DAY]
    assert strategy.specific_config == {"required_time_frames": ["1d"]}
    assert strategy.tentacles_setup_config.get_config(TwoDays) is strategy.specific_config


async def test_set_default_config_fills_the_live_settings(world):
    class Custom(RecordingStrategy):
        def set_default_config(self):
            self.specific_config = {"required_time_frames": ["2h"]}

    (strategy,) = await world.start(Custom)
    assert strategy.strategy_time_frames == [TimeFrames.TWO_HOURS]
    assert strategy.tentacles_setup_config.get_config(Custom) == {"required_time_frames": ["2h"]}


@pytest.mark.parametrize(
    ("config", "error"),
    [({"required_time_frames": ["7h"]}, SettingError), ({"required_time_frame": ["1h"]}, UnknownSettingError)],
)
async def test_unusable_settings_are_refused(world, config, error):
    with pytest.raises(error, match="required_time_frame"):
        await world.start(RecordingStrategy, configs={"RecordingStrategy": config})


def test_settings_are_readable_without_an_instance():
    setup = TentaclesSetupConfig(
        configs={
            "RecordingStrategy": {
                "required_time_frames": ["1h", "1d"],
                "required_evaluators": ["*"],
                "default_config": ["CloseEvaluator"],
                "compatible_evaluator_types": ["TA"],
            }
        }
    )
    assert RecordingStrategy.get_required_time_frames({}, setup) == [TimeFrames.ONE_HOUR, TimeFrames.ONE_DAY]
    assert RecordingStrategy.get_required_evaluators(setup) == ["*"]
    assert RecordingStrategy.get_default_evaluators(setup) == ["CloseEvaluator"]
    assert RecordingStrategy.get_compatible_evaluators_types(setup) == ["TA"]
    given = {"required_evaluators": ["A", "B"]}
    assert RecordingStrategy.get_required_time_frames({}, setup, given) == [TimeFrames.ONE_HOUR]
    assert RecordingStrategy.get_default_evaluators(setup, given) == ["A", "B"]
    assert RecordingStrategy.get_compatible_evaluators_types(setup, given) == ["TA", "SOCIAL", "REAL_TIME", "SCRIPTED"]


def test_the_default_config_takes_time_frames():
    assert RecordingStrategy.get_default_config() == {"required_time_frames": ["1h"]}
    assert RecordingStrategy.get_default_config([TimeFrames.ONE_DAY]) == {"required_time_frames": ["1d"]}


async def test_available_time_frames_are_those_that_were_written(make_world):
    world = await make_world(time_frames=["1h", "4h"])
    _, strategy = await world.start(CloseEvaluator, RecordingStrategy)
    place = (MATRIX_ID, "binance", "TA", "Bitcoin", "BTC/USDT")
    assert strategy.get_available_time_frames(*place) == []
    world.at(104).queue_candle("4h")
    world.queue_candle("1h")
    await world.settle()
    assert strategy.get_available_time_frames(*place) == ["1h", "4h"]
    strategy.get_available_time_frames(*place).clear()
    assert strategy.get_available_time_frames(*place, use_cache=False) == ["1h", "4h"]


async def test_a_conclusion_is_sent_and_read_by_trading_modes(world):
    *_, strategy = await world.start(CloseEvaluator, RecordingStrategy)
    heard = await world.listen(evaluator_type="STRATEGIES")
    await world.at(101).candle("1h")
    assert [(note["evaluator_name"], note["eval_note"], note["time_frame"]) for note in heard] == [
        ("RecordingStrategy", 0.5, None)
    ]
    assert matrix_notes_reader(MATRIX_ID).get_strategy_notes(*READER_PLACE) == {"RecordingStrategy": 0.5}
    assert strategy.eval_note == 0.5


async def test_a_conclusion_is_as_fresh_as_what_it_was_made_from(world):
    await world.start(CloseEvaluator, RecordingStrategy)
    reader = matrix_notes_reader(MATRIX_ID)
    await world.at(101).candle("1h")
    world.at(101.99)
    assert reader.get_strategy_notes(*READER_PLACE) == {"RecordingStrategy": 0.5}
    world.at(102)
    assert reader.get_strategy_notes(*READER_PLACE) == {}
    await world.candle("1h")
    assert reader.get_strategy_notes(*READER_PLACE) == {"RecordingStrategy": 0.5}


async def test_a_conclusion_from_a_real_time_note_alone_does_not_expire(world):
    await world.start(KlineEvaluator, RecordingStrategy)
    await world.at(100.5).kline("1h", 0.5)
    world.at(2000)
    assert matrix_notes_reader(MATRIX_ID).get_strategy_notes(*READER_PLACE) == {"RecordingStrategy": 0.5}


async def test_a_conclusion_about_a_time_frame_expires_with_it(world):
    class Framed(RecordingStrategy):
        async def matrix_callback(self, *arguments):
            self.set_eval_note(0.25)
            await self.strategy_completed("Bitcoin", "BTC/USDT", arguments[-1], eval_time=arguments[3] * HOUR)

    await world.start(CloseEvaluator, Framed)
    await world.at(101).candle("1h", 101.0)
    reader = matrix_notes_reader(MATRIX_ID)
    assert reader.get_strategy_notes(*READER_PLACE, "1h") == {"Framed": 0.25}
    world.at(102)
    assert reader.get_strategy_notes(*READER_PLACE, "1h") == {}
