# SPDX-License-Identifier: Apache-2.0
"""A replay that starts in the middle knows what one from the beginning knows then."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import HOUR, SYMBOL, TradingWorld

from octobot_trading.backtesting.replay import Replay
from octobot_trading.enums import OrderType
from octobot_trading.errors import ReplayError
from octobot_trading.history import CandleSeries, resample, series_from_arrays

_FRAMES = (("1h", HOUR, ("4h", "1d")), ("1d", 24 * HOUR, ("1w", "1M")))
_COUNT = 150
# Some days before a month's end that is no week's end: 2023-01-27.
_BEGIN = 1_674_777_600.0


def _series(numbers: Any, symbol: str = SYMBOL, time_frame: str = "1h", seconds: float = HOUR) -> CandleSeries:
    numbers = np.array(numbers, dtype=float)
    opened = 100 + numbers % 7
    close = 100 + (numbers * 5) % 11
    high, low = np.maximum(opened, close) + numbers % 3, np.minimum(opened, close) - numbers % 2
    return series_from_arrays(
        _BEGIN + seconds * numbers, opened, high, low, close, 1 + numbers % 5, symbol=symbol, time_frame=time_frame
    )


async def _states(series: list[CandleSeries], start_time: float | None) -> dict[float, dict[str, Any]]:
    """What can be seen at each close of the shortest candle."""
    world = TradingWorld()
    await world.manager.initialize()
    world.clock.advance_to(start_time or _BEGIN)
    data = world.manager.get_symbol_data(SYMBOL)
    states = {}

    def look() -> dict[str, Any]:
        rings = {one.time_frame: data.candles(one.time_frame).ring for one in series}
        seen: dict[str, Any] = {
            frame: (ring.column(0).tolist(), ring.column(4).tolist(), ring.construction())
            for frame, ring in rings.items()
        }
        return seen | {"price": data.price}

    async def keep(**_: Any) -> None:
        states[world.clock.now()] = look()

    world._keeper = lambda _: keep  # type: ignore[method-assign]
    await world.listen("OHLCV", time_frame=series[0].time_frame.value)
    await Replay({world.manager: series}, start_time).run()
    await world.manager.stop()
    return states


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(_FRAMES),
    st.lists(st.tuples(st.integers(1, _COUNT - 1), st.integers(1, 40)), max_size=3),
    st.integers(0, 4 * _COUNT),
)
def test_every_ring_and_construction_is_that_of_a_whole_replay(
    frames: tuple[str, float, tuple[str, ...]], gaps: list[tuple[int, int]], quarters: int
) -> None:
    time_frame, seconds, longer = frames
    missing = {number for first, length in gaps for number in range(first, min(first + length, _COUNT - 1))}
    base = _series(sorted(set(range(_COUNT)) - missing), time_frame=time_frame, seconds=seconds)
    series = [base, *(resample(base, frame) for frame in longer)]
    start = _BEGIN + quarters * seconds / 4
    whole = asyncio.run(_states(series, None))
    part = asyncio.run(_states(series, start))
    assert list(part) == [time for time in whole if time > start]
    for time, state in part.items():
        assert state == whole[time]


async def test_the_price_known_at_the_start_is_enough_for_a_market_order() -> None:
    world = TradingWorld()
    await world.manager.initialize()
    world.clock.advance_to(_BEGIN + 5 * HOUR)
    replay = Replay({world.manager: [_series(range(10))]}, _BEGIN + 5 * HOUR)
    ordered: list[Any] = []

    async def buy() -> None:
        ordered.append(await world.order("buy", OrderType.MARKET, "1"))

    for feed in replay._feeds:
        feed.begin(_BEGIN + 5 * HOUR)
    assert world.manager.get_symbol_data(SYMBOL).last_price == 109
    await buy()
    await replay.run()
    assert [(order.closing_time, order.average_price) for order in ordered] == [(_BEGIN + 5 * HOUR, 105)]
    await world.manager.stop()


@pytest.mark.parametrize("days", range(3, 20))
async def test_a_longer_candle_in_construction_is_that_of_the_recorded_grid(days: int) -> None:
    """Three-day candles open on 2023-01-28, which is no multiple of three days since 1970."""
    day = 24 * HOUR
    daily = _series(range(24), seconds=day, time_frame="1d")
    bounds = range(1, 22, 3)
    columns = [
        (
            daily.open_times[first],
            daily.open[first],
            daily.high[first : first + 3].max(),
            daily.low[first : first + 3].min(),
            daily.close[first + 2],
            daily.volume[first : first + 3].sum(),
        )
        for first in bounds
    ]
    three_days = series_from_arrays(*np.array(columns).T, symbol=SYMBOL, time_frame="3d")
    assert three_days.open_times[0] % (3 * day) != 0
    states = await _states([daily, three_days], _BEGIN + (days + 1) * day)
    for time, state in states.items():
        opens, _, construction = state["3d"]
        if construction is not None:
            assert construction[0] == opens[-1] + 3 * day
            first, end = np.searchsorted(daily.open_times, [construction[0], time])
            assert construction[5] == daily.volume[first:end].sum()


async def test_two_series_of_one_time_frame_are_an_error() -> None:
    world = TradingWorld()
    await world.manager.initialize()
    with pytest.raises(ReplayError, match="two series of BTC/USDT 1h"):
        Replay({world.manager: [_series([0, 1]), _series([2, 3])]})
    await world.manager.stop()


async def test_symbols_of_different_time_frames_keep_one_order_of_time() -> None:
    """Closes before opens, at one time short frames first; each fill at its own symbol's open."""
    world = TradingWorld()
    await world.manager.initialize()
    ether = resample(_series(range(24), "ETH/USDT"), "4h")
    heard: list[tuple[float, str, str]] = []

    async def keep(symbol: str, time_frame: str, **_: Any) -> None:
        heard.append((world.clock.now(), symbol, time_frame))
        if time_frame == "4h" and symbol == SYMBOL:
            await world.order("buy", OrderType.MARKET, "0.1", symbol="ETH/USDT")

    world._keeper = lambda _: keep  # type: ignore[method-assign]
    await world.listen("OHLCV")
    bitcoin = _series(range(24))
    await Replay({world.manager: [ether, resample(bitcoin, "4h"), bitcoin]}).run()
    at_four = [event[1:] for event in heard if event[0] == _BEGIN + 4 * HOUR]
    assert at_four == [("ETH/USDT", "4h"), (SYMBOL, "1h"), (SYMBOL, "4h")]
    assert [time for time, _, _ in heard] == sorted(time for time, _, _ in heard)
    fills = world.manager.trades_manager.fills
    assert [fill.time for fill in fills] == [_BEGIN + 4 * HOUR * number for number in range(1, 6)]
    opens = dict(zip(ether.open_times.tolist(), ether.open.tolist(), strict=True))
    assert [float(fill.price) for fill in fills] == [opens[fill.time] for fill in fills]
    await world.manager.stop()
