# SPDX-License-Identifier: Apache-2.0
"""What wakes a real-time evaluator, in a replay of recorded data: candles, prices, tickers, order books, trades."""

from __future__ import annotations

import numpy as np
import pytest
from evaluator_world import EXCHANGE_ID, HOUR, MATRIX_ID, CloseEvaluator, RecordingStrategy

from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_evaluators.evaluators import RealTimeEvaluator
from octobot_evaluators.matrix import get_tentacle_node
from octobot_trading.backtesting.replay import Replay
from octobot_trading.exchange_channel import get_chan
from octobot_trading.history import (
    MarkPriceSeries,
    OrderBookSeries,
    TickerSeries,
    TradeSeries,
    records_from_arrays,
    resample,
    series_from_arrays,
)
from octobot_trading.history.kinds import ASK, BID, NO_ID, SNAPSHOT

SYMBOL = "BTC/USDT"
BEGIN = 100 * HOUR
COUNT = 8


def candles():
    close = 1.0 + np.arange(COUNT)
    times = BEGIN + HOUR * np.arange(COUNT)
    return series_from_arrays(times, close, close, close, close, np.ones(COUNT), symbol=SYMBOL, time_frame="1h")


def books():
    rows = [
        (BEGIN + 900.0, 0, SNAPSHOT, side, price, 1.0, NO_ID, 0, NO_ID) for side, price in ((BID, 9.0), (ASK, 11.0))
    ]
    rows += [
        (BEGIN + 5400.0, 1, SNAPSHOT, side, price, 2.0, NO_ID, 1, NO_ID) for side, price in ((BID, 8.0), (ASK, 9.0))
    ]
    return records_from_arrays(OrderBookSeries, *zip(*rows, strict=True), symbol=SYMBOL)


def recorded(trigger):
    short = candles()
    series = {
        "Ticker": lambda: [records_from_arrays(TickerSeries, BEGIN + np.array([60.0, 4000.0]), *np.full((5, 2), 3.0),
                                               symbol=SYMBOL)],
        "OrderBook": lambda: [books()],
        "RecentTrade": lambda: [records_from_arrays(TradeSeries, [BEGIN + 1.5], [2.0], [1.0], [1], [7], symbol=SYMBOL)],
        "MarkPrice": lambda: [records_from_arrays(MarkPriceSeries, BEGIN + np.array([10.0, 20.0]),
                                                  *np.full((4, 2), 5.0), symbol=SYMBOL, ticks=True)],
    }  # fmt: skip
    return [short, resample(short, "4h"), *series.get(trigger, list)()]


class Triggered(RealTimeEvaluator):
    """Listens to one channel, as tentacles do: its method by keyword, a time frame where the channel has one."""

    trigger = ""
    frames: dict = {}  # noqa: RUF012 - set by each test

    async def start(self, bot_id):
        self.calls = []
        channel = get_chan(self.trigger, EXCHANGE_ID)
        await channel.new_consumer(callback=self.on_update, symbol=SYMBOL, **self.frames)

    async def on_update(self, exchange, exchange_id, cryptocurrency, symbol, **what):
        self.calls.append((self._exchange_manager.clock.now() - BEGIN, what))
        self.eval_note = float(len(self.calls))
        await self.evaluation_completed(cryptocurrency, symbol)


async def replay(world, trigger, frames=None):
    """The evaluator and a strategy after a replay, with what it was called for."""
    Triggered.trigger, Triggered.frames = trigger, frames or {}
    configs = {"RecordingStrategy": {"required_time_frames": ["1h", "4h"]}}
    _, evaluator, strategy = await world.start(CloseEvaluator, Triggered, RecordingStrategy, configs=configs)
    await Replay({world.manager: recorded(trigger)}).run()
    return evaluator, strategy


@pytest.mark.parametrize(
    ("trigger", "frames", "times", "keys"),
    [
        ("OHLCV", {"time_frame": "1h"}, [HOUR * n for n in range(1, 9)], {"time_frame", "candle"}),
        ("OHLCV", {"time_frame": "4h"}, [4 * HOUR, 8 * HOUR], {"time_frame", "candle"}),
        # Of the shortest candle nothing is recorded but how it ended, which is told as it closes.
        ("Kline", {"time_frame": "1h"}, [HOUR * n for n in range(1, 9)], {"time_frame", "kline"}),
        ("Kline", {"time_frame": "4h"}, [HOUR * n for n in (1, 2, 3, 5, 6, 7)], {"time_frame", "kline"}),
        ("Ticker", None, [60.0, 4000.0], {"ticker"}),
        ("OrderBook", None, [900.0, 5400.0], {"asks", "bids"}),
        ("RecentTrade", None, [1.5], {"recent_trades"}),
        ("MarkPrice", None, [10.0, 20.0], {"mark_price"}),
    ],
)
async def test_each_trigger_wakes_it_in_a_replay(make_world, trigger, frames, times, keys):
    assert trigger in set(Names), "a name that tentacles take from the enum"
    world = await make_world(time_frames=["1h", "4h"])
    evaluator, strategy = await replay(world, trigger, frames)
    assert [time for time, _ in evaluator.calls] == times
    assert all(set(what) == keys for _, what in evaluator.calls)
    node = get_tentacle_node(MATRIX_ID, ["binance", "REAL_TIME", "Triggered", "Bitcoin", SYMBOL])
    assert (node.node_value, node.node_value_time) == (float(len(times)), BEGIN + times[-1])
    assert sum(call[0] == "Triggered" for call in strategy.calls) == len(times), "its strategy is called at once"


async def test_a_price_change_without_recorded_tickers_is_told_at_each_close(make_world):
    world = await make_world(time_frames=["1h", "4h"])
    Triggered.trigger, Triggered.frames = "Ticker", {}
    (evaluator,) = await world.start(Triggered)
    await Replay({world.manager: [candles()]}).run()
    assert [(time, what["ticker"]["last"]) for time, what in evaluator.calls] == [
        (HOUR * n, float(n)) for n in range(1, COUNT + 1)
    ]


async def test_the_last_state_of_the_shortest_candle_is_the_candle(make_world):
    world = await make_world(time_frames=["1h", "4h"])
    told = {"OHLCV": [], "Kline": []}

    async def hear(**payload):
        told["Kline" if "kline" in payload else "OHLCV"].append(payload.get("kline", payload.get("candle")))

    for channel in told:
        await get_chan(channel, EXCHANGE_ID).new_consumer(hear, time_frame="1h")
    await Replay({world.manager: [candles()]}).run()
    assert told["Kline"] == told["OHLCV"]
    assert len(told["OHLCV"]) == COUNT
