# SPDX-License-Identifier: Apache-2.0
"""The Matrix channel: filters and registry."""

from __future__ import annotations

import pytest
from evaluator_world import MATRIX_ID, CloseEvaluator, OtherCloseEvaluator, RecordingStrategy

from octobot_evaluators.errors import UnknownChannelError
from octobot_evaluators.evaluators.channel import MatrixChannel, create_matrix_channel, get_chan, set_chan


async def test_consumers_get_each_matching_note_once(make_world):
    world = await make_world({"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT"]})
    await world.start(CloseEvaluator, OtherCloseEvaluator, RecordingStrategy)
    everything = await world.listen()
    by_name = await world.listen(evaluator_name="CloseEvaluator")
    by_symbol = await world.listen(symbol="ETH/USDT", evaluator_type=["TA", "STRATEGIES"])
    nothing = await world.listen(matrix_id="another")
    for symbol in ("BTC/USDT", "ETH/USDT"):
        await world.at(101).candle("1h", symbol=symbol)
    assert len(everything) == 6
    assert [note["symbol"] for note in by_name] == ["BTC/USDT", "ETH/USDT"]
    assert sorted(note["evaluator_name"] for note in by_symbol) == [
        "CloseEvaluator",
        "OtherCloseEvaluator",
        "RecordingStrategy",
    ]
    assert nothing == []


async def test_a_note_about_everything_reaches_who_asked_for_a_symbol(world):
    (evaluator,) = await world.start(CloseEvaluator)
    heard = await world.listen(symbol="BTC/USDT")
    await evaluator.evaluation_completed(eval_note=0.5)
    await world.settle()
    assert [note["symbol"] for note in heard] == [None]


async def test_a_prefix_hears_of_what_is_noted_at_or_below_it(make_world):
    world = await make_world({"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT"]})
    (evaluator, *_) = await world.start(CloseEvaluator, OtherCloseEvaluator, RecordingStrategy)
    path = ("binance", "TA", "CloseEvaluator", "Bitcoin", "BTC/USDT", "1h")
    heard = [await world.listen(path_prefix=path[:length]) for length in range(7)]
    for symbol in ("BTC/USDT", "ETH/USDT"):
        await world.at(101).candle("1h", symbol=symbol)
    assert [len(notes) for notes in heard] == [6, 6, 4, 2, 1, 1, 1]
    await evaluator.evaluation_completed(eval_note=0.5)
    await world.settle()
    assert [len(notes) for notes in heard] == [7, 7, 5, 3, 1, 1, 1]


async def test_a_prefix_and_other_filters_count_together(make_world):
    world = await make_world({"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT"]})
    await world.start(CloseEvaluator, OtherCloseEvaluator)
    heard = await world.listen(path_prefix=["binance", "TA", "CloseEvaluator"], symbol="ETH/USDT")
    for symbol in ("BTC/USDT", "ETH/USDT"):
        await world.at(101).candle("1h", symbol=symbol)
    assert [(note["evaluator_name"], note["symbol"]) for note in heard] == [("CloseEvaluator", "ETH/USDT")]


async def test_channels_belong_to_their_matrix(world):
    channel = get_chan("Matrix", MATRIX_ID)
    assert isinstance(channel, MatrixChannel)
    assert channel.chan_id == MATRIX_ID
    with pytest.raises(ValueError, match="Matrix"):
        await create_matrix_channel(MATRIX_ID)
    with pytest.raises(ValueError, match="Matrix"):
        set_chan(channel)
    with pytest.raises(UnknownChannelError, match="'other' has no Matrix channel"):
        get_chan("Matrix", "other")
