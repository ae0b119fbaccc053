# SPDX-License-Identifier: Apache-2.0
"""The order of a replay: what is known when, and by whom."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import LiveClock, SimulatedClock
from octobot_trading import api
from octobot_trading.backtesting.replay import Replay
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.errors import ReplayError
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets
from octobot_trading.history import CandleSeries, resample, series_from_arrays
from octobot_trading.personal_data.orders.order_request import OrderRequest

_HOUR = 3600.0
_ids = itertools.count()
_PAIRS = {"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT"]}


def _series(symbol: str, time_frame: str, seconds: float, closes: list[float], start: float = 0.0) -> CandleSeries:
    count = len(closes)
    close = np.array(closes, dtype=float)
    opened = np.concatenate([[close[0]], close[:-1]])
    times = start + seconds * np.arange(count)
    return series_from_arrays(
        times, opened, np.maximum(opened, close) + 1, np.minimum(opened, close) - 1, close, np.ones(count),
        symbol=symbol, time_frame=time_frame,
    )  # fmt: skip


class World:
    """An exchange with two pairs, and a list of all that was heard."""

    def __init__(self) -> None:
        self.clock = SimulatedClock(0.0)
        symbols = [symbol for symbols in _PAIRS.values() for symbol in symbols]
        funds = {"USDT": Decimal(100_000), "BTC": Decimal(10), "ETH": Decimal(10)}
        self.exchange = SimulatedExchange("binance", self.clock, simulated_markets(symbols), funds)
        self.manager = ExchangeManager(
            f"replay-{next(_ids)}", self.exchange, self.clock, _PAIRS, dispatcher=SynchronizedDispatcher(),
            is_backtesting=True, candles_capacity=20,
        )  # fmt: skip
        self.heard: list[dict[str, Any]] = []

    async def listen(self, channel: str, react: Callable[..., Any] | None = None, **filters: Any) -> None:
        async def hear(**payload: Any) -> None:
            self.heard.append({"channel": channel, "now": self.clock.now(), **payload})
            if react is not None:
                await react(**payload)

        await get_chan(channel, self.manager.id).new_consumer(hear, **filters)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    await made.manager.initialize()
    yield made
    await made.manager.stop()


async def test_each_candle_is_heard_at_its_close_with_the_promised_keys(world: World) -> None:
    await world.listen("OHLCV")
    await world.listen("Ticker")
    await Replay({world.manager: [_series("BTC/USDT", "1h", _HOUR, [100, 101, 102])]}).run()
    candles = [event for event in world.heard if event["channel"] == "OHLCV"]
    assert [event["now"] for event in candles] == [_HOUR, 2 * _HOUR, 3 * _HOUR]
    assert [event["candle"][0] for event in candles] == [0.0, _HOUR, 2 * _HOUR]
    assert candles[1]["candle"] == [_HOUR, 100.0, 102.0, 99.0, 101.0, 1.0]
    names = {"exchange", "exchange_id", "cryptocurrency", "symbol"}
    assert set(candles[0]) - {"channel", "now"} == names | {"time_frame", "candle"}
    assert (candles[0]["cryptocurrency"], candles[0]["time_frame"]) == ("Bitcoin", "1h")
    ticker = next(event for event in world.heard if event["channel"] == "Ticker")
    assert set(ticker) - {"channel", "now"} == names | {"ticker"}
    assert ticker["ticker"] == {"symbol": "BTC/USDT", "last": 100.0, "close": 100.0, "timestamp": _HOUR}


async def test_a_longer_candle_is_visible_at_its_own_close_and_not_before(world: World) -> None:
    hourly = _series("BTC/USDT", "1h", _HOUR, [float(100 + hour) for hour in range(12)])
    seen: list[tuple[int, int, list[float] | None]] = []

    async def look(time_frame: str, **_: Any) -> None:
        data = world.manager.get_symbol_data("BTC/USDT")
        rings = [data.candles(frame).ring for frame in ("1h", "4h")]
        if time_frame == "1h":
            seen.append((len(rings[0]), len(rings[1]), rings[1].construction()))

    await world.listen("OHLCV", look)
    await Replay({world.manager: [hourly, resample(hourly, "4h")]}).run()
    assert [(short, long) for short, long, _ in seen] == [(hour, hour // 4) for hour in range(1, 13)]
    # What is in construction is what the hours since its open show, and nothing after a close.
    assert seen[5][2] == [4 * _HOUR, 103.0, 106.0, 102.0, 105.0, 2.0]
    assert seen[3][2] is None
    heard = [event for event in world.heard if event["time_frame"] == "4h"]
    assert [event["now"] for event in heard] == [4 * _HOUR, 8 * _HOUR, 12 * _HOUR]


async def test_candles_in_construction_are_heard_where_somebody_listens(world: World) -> None:
    hourly = _series("BTC/USDT", "1h", _HOUR, [100.0, 101.0, 102.0, 103.0])
    await world.listen("Kline", time_frame="4h")
    await Replay({world.manager: [hourly, resample(hourly, "4h")]}).run()
    assert [event["kline"][4] for event in world.heard] == [100.0, 101.0, 102.0]
    assert {event["kline"][0] for event in world.heard} == {0.0}


async def test_an_order_fills_at_the_next_open_of_its_own_symbol(world: World) -> None:
    async def buy_once(symbol: str, candle: list[float], **_: Any) -> None:
        if symbol == "ETH/USDT" and candle[0] == 0.0:
            request = OrderRequest(symbol, OrderSide.BUY, OrderType.MARKET, Decimal(1))
            await world.manager.trader.create_order(request)

    await world.listen("OHLCV", buy_once)
    await world.listen("Trades")
    bitcoin = _series("BTC/USDT", "15m", 900.0, [100.0] * 16)
    ether = _series("ETH/USDT", "1h", _HOUR, [10.0, 12.0, 11.0, 13.0])
    await Replay({world.manager: [bitcoin, ether]}).run()
    (trade,) = [event for event in world.heard if event["channel"] == "Trades"]
    assert trade["trade"]["time"] == _HOUR
    assert trade["trade"]["price"] == 10
    assert trade["now"] == _HOUR
    times = [event["now"] for event in world.heard]
    assert times == sorted(times)


async def test_nothing_fills_in_the_candle_whose_close_caused_it(world: World) -> None:
    """At each close a limit that this very candle would have filled: it waits for the next candle."""

    async def ask(candle: list[float], **_: Any) -> None:
        price = Decimal(repr(candle[3])) + Decimal("0.5")
        request = OrderRequest("BTC/USDT", OrderSide.BUY, OrderType.LIMIT, Decimal("0.1"), price=price)
        await world.manager.trader.create_order(request)

    await world.listen("OHLCV", ask)
    await Replay({world.manager: [_series("BTC/USDT", "1h", _HOUR, [100.0, 105.0, 100.0, 108.0, 110.0])]}).run()
    orders = {order.order_id: order for order in world.manager.orders_manager.all_orders()}
    fills = api.get_trade_history(world.manager)
    assert fills
    assert all(fill.time > orders[fill.order_id].creation_time for fill in fills)


async def test_what_was_known_at_the_start_is_there_but_not_heard(world: World) -> None:
    await world.listen("OHLCV")
    series = _series("BTC/USDT", "1h", _HOUR, [float(100 + hour) for hour in range(50)])
    await Replay({world.manager: [series]}, start_time=40 * _HOUR).run()
    assert [event["candle"][0] for event in world.heard] == [hour * _HOUR for hour in range(40, 50)]
    closes = api.get_symbol_close_candles(world.manager.get_symbol_data("BTC/USDT"), "1h")
    assert closes.tolist() == [float(100 + hour) for hour in range(30, 50)]


async def test_gaps_stay_gaps(world: World) -> None:
    await world.listen("OHLCV")
    before = _series("BTC/USDT", "1h", _HOUR, [100.0, 101.0])
    after = _series("BTC/USDT", "1h", _HOUR, [103.0, 104.0], start=5 * _HOUR)
    whole = series_from_arrays(
        *(np.concatenate(pair) for pair in zip(before.columns(), after.columns(), strict=True)),
        symbol="BTC/USDT",
        time_frame="1h",
    )
    await Replay({world.manager: [whole]}).run()
    assert [event["now"] / _HOUR for event in world.heard] == [1, 2, 6, 7]


async def test_progress_adds_up(world: World) -> None:
    told: list[int] = []
    replay = Replay({world.manager: [_series("BTC/USDT", "1h", _HOUR, [100.0] * 4500)]})
    await replay.run(told.append)
    assert sum(told) == replay.candles == 4500
    assert len(told) > 1


async def test_a_replay_needs_a_simulated_clock(world: World) -> None:
    exchange = SimulatedExchange("binance", LiveClock(), simulated_markets(["BTC/USDT"]), {})
    manager = ExchangeManager("live", exchange, LiveClock(), {"Bitcoin": ["BTC/USDT"]})
    with pytest.raises(ReplayError, match="simulated clock"):
        Replay({manager: []})
