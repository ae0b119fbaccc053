# SPDX-License-Identifier: Apache-2.0
"""Real-time evaluators."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from evaluator_world import EXCHANGE_ID, MATRIX_ID, KlineEvaluator

from octobot_commons.enums import TimeFrames, UserInputTypes
from octobot_evaluators.evaluators import RealTimeEvaluator
from octobot_evaluators.matrix import get_tentacle_node
from octobot_trading.exchange_channel import get_chan

PATH = ["binance", "REAL_TIME", "KlineEvaluator", "Bitcoin", "BTC/USDT"]


class Configured(KlineEvaluator):
    """Has its time frame in its settings, as tentacles do."""

    def init_user_inputs(self, inputs):
        self.time_frame = self.UI.user_input(
            "time_frame", UserInputTypes.OPTIONS, "1m", inputs, options=[member.value for member in TimeFrames]
        )


async def test_it_registers_its_own_callback_and_its_note_lives_until_replaced(world):
    await world.start(KlineEvaluator)
    await world.at(100.5).kline("1h", 0.5)
    node = get_tentacle_node(MATRIX_ID, PATH)
    assert (node.node_value, node.node_value_time) == (0.5, 100.5 * 3600)
    assert node.is_valid(1e12)


async def test_its_failure_is_counted_and_leaves_no_note(world, caplog):
    (evaluator,) = await world.start(KlineEvaluator)
    await world.at(100.25).kline("1h", 0.5)
    await world.at(100.5).kline("1h", -0.5)
    assert evaluator.failures == 1
    assert get_tentacle_node(MATRIX_ID, PATH).node_value is None
    assert "no price" in caplog.text


async def test_the_configured_time_frame_is_taken_where_it_is_followed(world):
    (evaluator,) = await world.start(Configured, real_time_time_frames=["5m", "1m"])
    assert evaluator.available_time_frame == "1m"


async def test_else_the_shortest_one_with_a_warning(world, caplog):
    (evaluator,) = await world.start(Configured, real_time_time_frames=["1h", "5m"])
    assert evaluator.available_time_frame == "5m"
    assert "asks for 1m candles" in caplog.text


async def test_a_time_frame_of_the_settings_is_not_part_of_its_notes_place(world):
    (evaluator,) = await world.start(Configured)
    await evaluator.evaluation_completed("Bitcoin", "BTC/USDT", eval_note=0.5)
    assert get_tentacle_node(MATRIX_ID, ["binance", "REAL_TIME", "Configured", *PATH[3:]]).node_value == 0.5


async def test_it_reads_the_candles_of_a_symbol(world):
    (evaluator,) = await world.start(KlineEvaluator)
    await world.at(101).candle("1h", 0.5)
    candles = evaluator.get_symbol_candles("binance", EXCHANGE_ID, "BTC/USDT", "1h")
    assert np.array_equal(candles.get_symbol_close_candles(-1), [0.5])
    other = RealTimeEvaluator(None)
    assert other.get_exchange_symbol_data("binance", EXCHANGE_ID, "BTC/USDT") is world.manager.get_symbol_data(
        "BTC/USDT"
    )
    assert evaluator._is_in_backtesting()
    assert not other._is_in_backtesting()


async def test_callbacks_that_are_not_written_say_so():
    evaluator = RealTimeEvaluator(None)
    with pytest.raises(NotImplementedError, match="RealTimeEvaluator has no ohlcv_callback"):
        await evaluator.ohlcv_callback("", "", "", "", "", [])
    with pytest.raises(NotImplementedError, match="RealTimeEvaluator has no kline_callback"):
        await evaluator.kline_callback("", "", "", "", "", [])


class PriceEvaluator(RealTimeEvaluator):
    """Listens to tickers by a method of another name, which may fail, and to books by one in a partial."""

    async def start(self, bot_id):
        await get_chan("Ticker", EXCHANGE_ID).new_consumer(callback=self.on_price, symbol="BTC/USDT")
        books = await get_chan("OrderBook", EXCHANGE_ID).new_consumer(callback=partial(self.on_book, "book"))
        self.consumers.append(books)

    async def on_price(self, symbol, ticker, cryptocurrency, **_):
        self.eval_note = 1 / ticker["last"]
        await self.evaluation_completed(cryptocurrency, symbol)

    async def on_book(self, name, asks, bids, **_):
        raise LookupError(name)


async def publish(world, channel, **payload):
    topic = {"cryptocurrency": "Bitcoin", "symbol": "BTC/USDT"}
    message = {"exchange": "binance", "exchange_id": EXCHANGE_ID, **topic, **payload}
    get_chan(channel, EXCHANGE_ID).topic_of(**topic).send_nowait(message)
    await world.settle()


async def test_whatever_it_subscribed_to_is_its_own(world, caplog):
    (evaluator,) = await world.start(PriceEvaluator)
    path = ["binance", "REAL_TIME", "PriceEvaluator", "Bitcoin", "BTC/USDT"]
    await publish(world, "Ticker", ticker={"last": 2.0})
    assert get_tentacle_node(MATRIX_ID, path).node_value == 0.5
    await publish(world, "Ticker", ticker={"last": 0.0})
    assert (evaluator.failures, get_tentacle_node(MATRIX_ID, path).node_value) == (1, None)
    assert "PriceEvaluator failed on Bitcoin BTC/USDT: float division by zero" in caplog.text
    await publish(world, "OrderBook", asks=[], bids=[])
    assert evaluator.failures == 2
    assert len(evaluator.consumers) == 2


async def test_it_hears_nothing_once_it_is_stopped(world):
    (evaluator,) = await world.start(PriceEvaluator)
    await publish(world, "Ticker", ticker={"last": 2.0})
    await evaluator.stop_evaluator()
    await publish(world, "Ticker", ticker={"last": 0.0})
    await publish(world, "OrderBook", asks=[], bids=[])
    assert (evaluator.failures, evaluator.consumers) == (0, [])
    node = get_tentacle_node(MATRIX_ID, ["binance", "REAL_TIME", "PriceEvaluator", "Bitcoin", "BTC/USDT"])
    assert not node.is_set(), "nobody goes by the note of who is gone"


async def test_a_note_about_everything_is_gone_when_one_symbol_fails(world):
    class Everything(PriceEvaluator):
        async def on_price(self, ticker, **_):
            self.eval_note = 1 / ticker["last"]
            await self.evaluation_completed()

    await world.start(Everything)
    await publish(world, "Ticker", ticker={"last": 2.0})
    node = get_tentacle_node(MATRIX_ID, ["binance", "REAL_TIME", "Everything"])
    assert node.node_value == 0.5
    await publish(world, "Ticker", ticker={"last": 0.0})
    assert node.node_value is None
