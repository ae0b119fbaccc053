# SPDX-License-Identifier: Apache-2.0
"""What the tentacle API says beside names, where no test of a module says it: one test for each sentence."""

from __future__ import annotations

import asyncio

import pytest
from evaluator_world import (
    EXCHANGE_ID,
    HOUR,
    MATRIX_ID,
    CloseEvaluator,
    KlineEvaluator,
    OtherCloseEvaluator,
    RecordingStrategy,
    World,
)

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.enums import TimeFrames, UserInputOtherSchemaValuesTypes, UserInputTypes
from octobot_evaluators.api import get_value
from octobot_evaluators.errors import UnsetTentacleEvaluation
from octobot_evaluators.evaluators import (
    AbstractEvaluator,
    RealTimeEvaluator,
    ScriptedEvaluator,
    SocialEvaluator,
    StrategyEvaluator,
    TAEvaluator,
)
from octobot_evaluators.matrix import get_evaluations_by_evaluator, get_tentacle_node, get_tentacle_value
from octobot_trading import api, exchange_channel

SYMBOLS = {"Bitcoin": ["BTC/USDT", "BTC/EUR"], "Ethereum": ["ETH/USDT"]}
PLACE = ("Bitcoin", "BTC/USDT", "1h")


class Pending(CloseEvaluator):
    """Says nothing but that it was there."""

    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc):
        self.calls.append(self.eval_note)
        await self.evaluation_completed(cryptocurrency, symbol, time_frame)


async def test_the_note_keeps_its_value_from_candle_to_candle(world):
    class Once(CloseEvaluator):
        async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc):
            self.calls.append(self.eval_note)
            if candle[4] > 0:
                self.set_eval_note(0.25)
            await self.evaluation_completed(cryptocurrency, symbol, time_frame)

    (once,) = await world.start(Once)
    heard = await world.listen()
    for hour, close in ((101, 1.0), (102, -1.0), (103, 1.0), (104, -1.0)):
        await world.at(hour).candle("1h", close)
    assert once.calls == [START_PENDING_EVAL_NOTE, 0.25, 0.25, 0.5]
    assert [note["eval_note"] for note in heard] == [0.25, 0.25, 0.5, 0.5]


async def test_a_pending_note_is_one_object_wherever_it_is_seen(world):
    _, strategy = await world.start(Pending, RecordingStrategy)
    heard = await world.listen(evaluator_type="TA")
    await world.at(101).candle("1h")
    node = get_tentacle_node(MATRIX_ID, ["binance", "TA", "Pending", *PLACE])
    for note in (heard[0]["eval_note"], strategy.calls[0][1], node.node_value, get_value(node)):
        assert note is START_PENDING_EVAL_NOTE
        assert note == "0"


async def test_start_pending_can_be_compared_with_any_note(world):
    class Flag(CloseEvaluator):
        @staticmethod
        def get_eval_type():
            return bool

        async def ohlcv_callback(self, *arguments):
            self.eval_note = arguments[5][4] > 0
            await self.evaluation_completed(*arguments[2:5])

    await world.start(Flag)
    heard = await world.listen()
    await world.at(101).candle("1h", -1.0)
    assert heard[0]["eval_note"] is False
    assert heard[0]["eval_note_type"] is bool
    assert get_tentacle_node(MATRIX_ID, ["binance", "TA", "Flag", *PLACE]).is_set()


def topic_of(kind: type, **attributes: object) -> tuple[object, object, object]:
    evaluator = kind(None)
    vars(evaluator).update(attributes)
    evaluator.load_config()
    return evaluator._get_tentacle_registration_topic(SYMBOLS, [TimeFrames.ONE_DAY], [TimeFrames.ONE_HOUR])


ALL = (["Bitcoin", "Ethereum"], ["BTC/USDT", "BTC/EUR", "ETH/USDT"])


@pytest.mark.parametrize(
    ("kind", "attributes", "topic"),
    [
        pytest.param(TAEvaluator, {}, (*ALL, [TimeFrames.ONE_DAY]), id="TA: all"),
        pytest.param(ScriptedEvaluator, {}, (*ALL, [TimeFrames.ONE_DAY]), id="scripted: all"),
        pytest.param(StrategyEvaluator, {}, (*ALL, [TimeFrames.ONE_DAY]), id="strategy: all"),
        pytest.param(RealTimeEvaluator, {}, (*ALL, [TimeFrames.ONE_HOUR]), id="real-time: the real-time frames"),
        pytest.param(SocialEvaluator, {}, (ALL[0], [None], [None]), id="social: its symbol and time frame, if any"),
        pytest.param(
            SocialEvaluator,
            {"cryptocurrency": "Bitcoin", "symbol": "BTC/EUR", "time_frame": TimeFrames.ONE_DAY},
            (["Bitcoin"], ["BTC/EUR"], [TimeFrames.ONE_DAY]),
            id="social: of one symbol",
        ),
        pytest.param(
            TAEvaluator,
            {"cryptocurrency": "Bitcoin", "symbol": "BTC/EUR"},
            (["Bitcoin"], ["BTC/EUR"], [TimeFrames.ONE_DAY]),
            id="TA: of one symbol",
        ),
    ],
)
def test_what_a_kind_registers_for_by_default(kind, attributes, topic):
    assert topic_of(kind, **attributes) == topic


@pytest.mark.parametrize("kind", [CloseEvaluator, KlineEvaluator, RecordingStrategy])
async def test_the_topic_is_asked_for_once_when_the_settings_are_there(world, kind):
    asked = []

    class Asked(kind):
        def init_user_inputs(self, inputs):
            super().init_user_inputs(inputs)
            self.setting = self.UI.user_input("my setting", UserInputTypes.INT, 7, inputs)

        def _get_tentacle_registration_topic(self, currencies, time_frames, real_time_time_frames):
            asked.append((self.setting, currencies, time_frames, real_time_time_frames))
            return super()._get_tentacle_registration_topic(currencies, time_frames, real_time_time_frames)

    configs = {"Asked": {"my_setting": 9}}
    await world.start(Asked, configs=configs, real_time_time_frames=["1m"])
    await world.at(101).candle("1h")
    assert asked == [(9, world.symbols, [TimeFrames.ONE_HOUR], [TimeFrames.ONE_MINUTE])]


async def test_strategy_time_frames_are_members_after_the_base_call(world):
    class Looking(RecordingStrategy):
        def _get_tentacle_registration_topic(self, *arguments):
            topic = super()._get_tentacle_registration_topic(*arguments)
            self.seen = [(type(each), each.value) for each in self.strategy_time_frames]
            return topic

    (looking,) = await world.start(Looking, configs={"Looking": {"required_time_frames": ["1d", "5m"]}})
    assert looking.seen == [(TimeFrames, "1d"), (TimeFrames, "5m")]


async def test_time_frames_are_texts_in_payloads_and_members_as_attributes(world):
    class Framed(CloseEvaluator):
        @classmethod
        def get_is_time_frame_wildcard(cls):
            return False

    framed, strategy = await world.start(Framed, RecordingStrategy)
    heard = await world.listen(evaluator_type="TA")
    await world.at(101).candle("1h")
    for time_frame in (framed.calls[0][4], strategy.calls[0][3], heard[0]["time_frame"]):
        assert type(time_frame) is str
    assert framed.time_frame is TimeFrames.ONE_HOUR
    assert type(strategy.get_available_time_frames(MATRIX_ID, "binance", "TA", *PLACE[:2])[0]) is str
    data = framed.get_exchange_symbol_data("binance", EXCHANGE_ID, "BTC/USDT")
    for time_frame in ("1h", TimeFrames.ONE_HOUR):
        assert api.get_symbol_close_candles(data, time_frame).tolist() == [1.0]
        assert get_evaluations_by_evaluator(MATRIX_ID, "binance", "TA", "Bitcoin", "BTC/USDT", time_frame)


async def test_callbacks_of_a_channel_are_called_by_keyword(world):
    called = []

    class Turned(KlineEvaluator):
        # The parameters in another order: only names can tell which is which.
        async def kline_callback(self, kline, time_frame, symbol, cryptocurrency, exchange_id, exchange):
            called.append((exchange, exchange_id, cryptocurrency, symbol, time_frame, kline[4]))

    await world.start(Turned)
    await world.at(100.5).kline("1h", 0.75)
    assert called == [("binance", EXCHANGE_ID, *PLACE, 0.75)]


async def test_a_real_time_evaluator_may_listen_to_closed_candles_without_a_further_argument(world):
    class OnCandles(RealTimeEvaluator):
        async def start(self, bot_id):
            channel = exchange_channel.get_chan("OHLCV", EXCHANGE_ID)
            await channel.new_consumer(
                callback=self.ohlcv_callback, symbol="BTC/USDT", time_frame=self.available_time_frame
            )

        async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle):
            self.eval_note = candle[4]
            await self.evaluation_completed(cryptocurrency, symbol)

    await world.start(OnCandles)
    await world.at(101).candle("1h", 0.5)
    assert get_tentacle_value(MATRIX_ID, ["binance", "REAL_TIME", "OnCandles", *PLACE[:2]]) == 0.5


async def test_a_list_of_objects_is_live_and_its_elements_are_there_to_be_assigned_to(world):
    class Nested(CloseEvaluator):
        def init_user_inputs(self, inputs):
            ask = self.UI.user_input
            self.levels = ask("all levels", UserInputTypes.OBJECT_ARRAY, [], inputs, item_title="Level")
            ask("price", UserInputTypes.FLOAT, 2.5, inputs, parent_input_name="all levels", array_indexes=[1])
            ask("weights", UserInputTypes.OBJECT, None, inputs, parent_input_name="all levels", array_indexes=[1])
            ask("buy", UserInputTypes.INT, 3, inputs, parent_input_name="weights", array_indexes=[1])
            self.levels[0]["price"] = 1.5

    (nested,) = await world.start(Nested)
    assert nested.levels is nested.specific_config["all_levels"]
    assert nested.specific_config == {"all_levels": [{"price": 1.5}, {"price": 2.5, "weights": {"buy": 3}}]}


async def test_an_input_may_depend_on_another_one(world):
    class Depending(CloseEvaluator):
        def init_user_inputs(self, inputs):
            self.UI.user_input("uses stops", UserInputTypes.BOOLEAN, True, inputs)
            key = UserInputOtherSchemaValuesTypes.DEPENDENCIES.value
            self.UI.user_input("stop", UserInputTypes.FLOAT, 1.0, inputs, editor_options={key: {"uses_stops": True}})

    (depending,) = await world.start(Depending)
    shown = depending.UI.registered["stop"].properties["editor_options"]
    assert shown == {"dependencies": {"uses_stops": True}}


async def test_evaluations_by_evaluator_are_nodes_and_unset_ones_are_refused_or_allowed(world):
    await world.start(CloseEvaluator, Pending)
    await world.at(101).candle("1h", 0.5)
    place = (MATRIX_ID, "binance", "TA", *PLACE)
    found = get_evaluations_by_evaluator(*place)
    assert {name: get_value(node) for name, node in found.items()} == {"CloseEvaluator": 0.5}
    with pytest.raises(UnsetTentacleEvaluation, match="Pending"):
        get_evaluations_by_evaluator(*place, allow_missing=False)
    allowed = get_evaluations_by_evaluator(*place, allow_missing=False, allowed_values=[START_PENDING_EVAL_NOTE])
    assert {name: get_value(node) for name, node in allowed.items()} == {"CloseEvaluator": 0.5, "Pending": "0"}


async def test_candle_functions_give_arrays_that_the_caller_may_change(world):
    (evaluator,) = await world.start(CloseEvaluator)
    await world.at(101).candle("1h", 0.5)
    data = evaluator.get_exchange_symbol_data("binance", EXCHANGE_ID, "BTC/USDT")
    closes = api.get_symbol_close_candles(data, "1h")
    assert closes.dtype == "float64"
    closes[0] = 7.0
    assert api.get_symbol_close_candles(data, "1h").tolist() == [0.5]


async def test_an_evaluator_that_waits_holds_up_its_strategy_and_nobody_else():
    world = World({"Bitcoin": ["BTC/USDT"]}, ["1h"], 10.0, is_live=True)
    await world.open()
    answered, called, concluded = asyncio.Event(), asyncio.Event(), asyncio.Event()

    class Waiting(CloseEvaluator):
        async def ohlcv_callback(self, *arguments):
            called.set()
            await answered.wait()
            await super().ohlcv_callback(*arguments)

    class Concluding(RecordingStrategy):
        async def matrix_callback(self, *arguments):
            await super().matrix_callback(*arguments)
            concluded.set()

    try:
        close, other, waiting, strategy = await world.start(CloseEvaluator, OtherCloseEvaluator, Waiting, Concluding)
        world.at(101).queue_candle("1h", 0.5)
        await asyncio.wait_for(called.wait(), 5)
        # The three were woken in this order, so the one that waits was the last to be called.
        assert [len(each.calls) for each in (close, other, waiting, strategy)] == [1, 1, 0, 0]
        answered.set()
        await asyncio.wait_for(concluded.wait(), 5)
        assert strategy.calls == [("Waiting", 0.5, "BTC/USDT", "1h")]
    finally:
        await world.close()


async def test_in_a_backtest_the_strategy_waits_too(world):
    class Waiting(CloseEvaluator):
        async def ohlcv_callback(self, *arguments):
            answer = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(answer.set_result, None)
            await answer
            await super().ohlcv_callback(*arguments)

    *_, strategy = await world.start(Waiting, OtherCloseEvaluator, RecordingStrategy)
    for hour in (101, 102):
        await world.at(hour).candle("1h", hour / HOUR)
    assert [call[1] for call in strategy.calls] == [101 / HOUR, 102 / HOUR]


async def test_a_lower_priority_is_called_later(world):
    order = []

    def prioritised(name: str, level: int) -> type:
        class Prioritised(CloseEvaluator):
            def __init__(self, setup):
                super().__init__(setup)
                self.priority_level = level

            async def ohlcv_callback(self, *arguments):
                order.append(type(self).__name__)

        Prioritised.__name__ = name
        return Prioritised

    await world.start(prioritised("A", 2), prioritised("B", 1), prioritised("C", 0), prioritised("D", 1))
    await world.at(101).candle("1h")
    assert order == ["C", "B", "D", "A"]


def test_an_evaluator_needs_nothing_but_the_setup():
    """Tentacles are made with one argument, which scripts leave None."""
    for kind in (TAEvaluator, RealTimeEvaluator, SocialEvaluator, ScriptedEvaluator, StrategyEvaluator):
        evaluator = kind(None)
        assert isinstance(evaluator, AbstractEvaluator)
        assert evaluator.eval_note is START_PENDING_EVAL_NOTE
