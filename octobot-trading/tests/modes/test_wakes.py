# SPDX-License-Identifier: Apache-2.0
"""What wakes a trading mode beside notes: channels and times, in a replay and on an event loop."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest
from trading_world import SYMBOL, TradingWorld

from octobot_commons.errors import SettingError
from octobot_trading.exchange_channel import get_chan
from octobot_trading.modes.wakes import Wakes


class Log:
    """The times at which somebody was called."""

    def __init__(self, trading: TradingWorld) -> None:
        self.trading, self.times = trading, []  # type: tuple[TradingWorld, list[float]]

    async def __call__(self, **_: Any) -> None:
        await asyncio.sleep(0)
        self.times.append(self.trading.clock.now())


async def pass_time(trading: TradingWorld, *times: float) -> None:
    for time in times:
        trading.clock.advance_to(time)
        await trading.dispatcher.run_until_idle()


async def test_alarms_ring_once_at_their_time(trading: TradingWorld) -> None:
    wakes, log, start = Wakes(trading.manager), Log(trading), trading.clock.now()
    await wakes.at(start + 10, log)
    handle = await wakes.at(start + 10, log)
    handle.cancel()
    await wakes.at(start - 5, log)
    await pass_time(trading, start, start + 9, start + 10, start + 30)
    assert log.times == [start, start + 10]


async def test_intervals_keep_their_times_and_leave_out_what_was_missed(trading: TradingWorld) -> None:
    wakes, log, start = Wakes(trading.manager), Log(trading), trading.clock.now()
    await wakes.every(10, log)
    await pass_time(trading, start + 9, start + 10, start + 25, start + 30, start + 75, start + 79, start + 80)
    assert log.times == [start + time for time in (10, 25, 30, 75, 80)]


async def test_a_first_time_sets_the_others(trading: TradingWorld) -> None:
    wakes, log, start = Wakes(trading.manager), Log(trading), trading.clock.now()
    await wakes.every(10, log, start + 3)
    await pass_time(trading, start + 3, start + 13)
    assert log.times == [start + 3, start + 13]


@pytest.mark.parametrize("seconds", [0, -1, math.inf, math.nan])
async def test_intervals_are_positive(trading: TradingWorld, seconds: float) -> None:
    with pytest.raises(SettingError, match="positive interval"):
        await Wakes(trading.manager).every(seconds, Log(trading))


async def test_everything_ends_together(trading: TradingWorld) -> None:
    wakes, log, start = Wakes(trading.manager), Log(trading), trading.clock.now()
    channel = get_chan("Ticker", trading.manager.id)
    before = len(channel.get_consumers())
    await wakes.on("Ticker", log, symbol=SYMBOL)
    assert len(channel.get_consumers()) == before + 1
    await wakes.every(10, log)
    await wakes.at(start + 5, log)
    await wakes.stop()
    await pass_time(trading, start + 100)
    assert log.times == []
    assert len(channel.get_consumers()) == before
    await wakes.at(start + 110, log)
    await pass_time(trading, start + 110)
    assert log.times == [start + 110], "it can be used again"


async def test_a_failing_alarm_does_not_end_the_interval(trading: TradingWorld) -> None:
    wakes, start = Wakes(trading.manager), trading.clock.now()
    calls = 0

    async def fail() -> None:
        nonlocal calls
        calls += 1
        raise ValueError("no")

    await wakes.every(10, fail)
    await pass_time(trading, start + 10, start + 20)
    assert calls == 2


async def test_alarms_ring_on_an_event_loop_too(trading: TradingWorld) -> None:
    rung = asyncio.Event()
    trading.manager.dispatcher = None
    wakes = Wakes(trading.manager)

    async def ring() -> None:
        rung.set()

    await wakes.at(trading.clock.now() + 1, ring)
    trading.clock.advance_to(trading.clock.now() + 1)
    await asyncio.wait_for(rung.wait(), 5)
    await wakes.stop()
