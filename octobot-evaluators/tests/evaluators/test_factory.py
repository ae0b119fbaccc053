# SPDX-License-Identifier: Apache-2.0
"""How many instances of which class are made, and in which order."""

from __future__ import annotations

import random

import pytest
from evaluator_world import CloseEvaluator, KlineEvaluator, OtherCloseEvaluator, RecordingStrategy

from octobot_commons.enums import TimeFrames
from octobot_evaluators.errors import EvaluatorDefinitionError, UnknownMatrixError
from octobot_evaluators.evaluators import AbstractEvaluator
from octobot_evaluators.matrix import delete_matrix, get_matrix

SYMBOLS = {"Ethereum": ["ETH/USDT", "ETH/BTC"], "Bitcoin": ["BTC/USDT"]}


def limited(name, **wildcards):
    """A class that answers these wildcards."""
    body = {f"get_is_{key}_wildcard": classmethod(lambda cls, value=value: value) for key, value in wildcards.items()}
    return type(name, (CloseEvaluator,), body)


def what(evaluators):
    return [(each.cryptocurrency, each.symbol, each.time_frame) for each in evaluators]


async def test_one_instance_for_everything_by_default(make_world):
    world = await make_world(SYMBOLS, ["1h", "4h"])
    (evaluator,) = await world.start(CloseEvaluator)
    assert what([evaluator]) == [(None, None, None)]
    for symbol in ("BTC/USDT", "ETH/BTC"):
        await world.at(104).candle("4h", symbol=symbol)
    assert [call[3:5] for call in evaluator.calls] == [("BTC/USDT", "4h"), ("ETH/BTC", "4h")]


async def test_one_per_symbol_and_time_frame_where_the_class_says_so(make_world):
    world = await make_world(SYMBOLS, ["4h", "1h"])
    every = limited("Each", cryptocurrencies=False, symbol=False, time_frame=False)
    evaluators = await world.start(every)
    assert what(evaluators) == [
        (name, symbol, time_frame)
        for name, symbol in [("Bitcoin", "BTC/USDT"), ("Ethereum", "ETH/BTC"), ("Ethereum", "ETH/USDT")]
        for time_frame in (TimeFrames.ONE_HOUR, TimeFrames.FOUR_HOURS)
    ]
    await world.at(104).candle("4h", symbol="ETH/BTC")
    assert [len(each.calls) for each in evaluators] == [0, 0, 0, 1, 0, 0]


async def test_an_instance_for_one_time_frame_writes_there_by_default(make_world):
    world = await make_world(time_frames=["4h"])
    (evaluator,) = await world.start(limited("Framed", symbol=False, time_frame=False))
    await evaluator.evaluation_completed(eval_note=0.5)
    path = ["binance", "TA", "Framed", "Bitcoin", "BTC/USDT", "4h"]
    assert get_matrix(world.matrix.matrix_id).find(path).node_value == 0.5


async def test_one_per_cryptocurrency_or_name(make_world):
    world = await make_world(SYMBOLS)
    by_currency = await world.start(limited("ByCurrency", cryptocurrencies=False))
    assert what(by_currency) == [("Bitcoin", None, None), ("Ethereum", None, None)]
    by_name = await world.start(limited("ByName", cryptocurrency_name=False))
    assert [(each.cryptocurrency, each.cryptocurrency_name) for each in by_name] == [
        (None, "Bitcoin"),
        (None, "Ethereum"),
    ]


async def test_a_symbol_of_two_cryptocurrencies_gets_one_instance(make_world):
    world = await make_world({"Bitcoin": ["ETH/BTC"], "Ethereum": ["ETH/BTC"]})
    assert what(await world.start(limited("BySymbol", symbol=False))) == [("Bitcoin", "ETH/BTC", None)]


async def test_the_order_does_not_depend_on_the_order_of_the_classes(make_world):
    classes = [CloseEvaluator, OtherCloseEvaluator, KlineEvaluator, RecordingStrategy, CloseEvaluator]
    generator = random.Random(7)
    world = await make_world()
    for _ in range(5):
        generator.shuffle(classes)
        names = [each.get_name() for each in await world.start(*classes)]
        assert names == ["CloseEvaluator", "OtherCloseEvaluator", "KlineEvaluator", "RecordingStrategy"]


async def test_evaluators_know_where_they_are(world):
    (evaluator,) = await world.start(CloseEvaluator)
    assert (evaluator.matrix_id, evaluator.bot_id, evaluator.exchange_name) == ("test-matrix", "bot", "binance")
    assert evaluator.evaluator_type == "TA"


async def test_a_class_of_no_kind_is_refused(world):
    with pytest.raises(EvaluatorDefinitionError, match="AbstractEvaluator is of no kind"):
        await world.start(AbstractEvaluator)


async def test_prepare_comes_before_start(world):
    order = []

    class Preparing(CloseEvaluator):
        async def prepare(self):
            order.append("prepare")

        async def start(self, bot_id):
            order.append(f"start {bot_id}")
            return await super().start(bot_id)

        async def stop(self):
            order.append("stop")

    (evaluator,) = await world.start(Preparing)
    await evaluator.stop_evaluator()
    assert order == ["prepare", "start bot", "stop"]


async def test_the_matrix_must_be_there(make_world):
    world = await make_world()
    delete_matrix(world.matrix.matrix_id)
    with pytest.raises(UnknownMatrixError, match="create it with create_matrix"):
        await world.start(CloseEvaluator)
