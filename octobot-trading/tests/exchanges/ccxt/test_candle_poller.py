# SPDX-License-Identifier: Apache-2.0
"""Candles by request, each told of once, in order, and as it was."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")

from venue_world import NOW, VenueWorld, minutes, venue_world

from octobot_commons.enums import TimeFrames
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.ccxt.candle_poller import CandlePoller
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.testing.binance import Fault

_SYMBOL = "BTC/USDT"
_ids = itertools.count()


class Followed:
    """A poller of minutes and what it told of."""

    def __init__(self, world: VenueWorld, manager: ExchangeManager, poller: CandlePoller) -> None:
        self.world, self.manager, self.poller = world, manager, poller
        self.closed: list[list[float]] = []
        self.told_at: list[float] = []

    async def listen(self) -> None:
        async def heard(candle: list[float], **_: Any) -> None:
            self.closed.append(candle)
            self.told_at.append(self.world.clock.now())

        await get_chan("OHLCV", self.manager.id).new_consumer(heard, time_frame="1m")

    def numbers(self) -> list[int]:
        """Which minutes were told of, counted from NOW."""
        return [round((candle[0] - NOW) / 60) for candle in self.closed]


@asynccontextmanager
async def _followed(server_ahead: float = 0.0, history: int = 20, **series: Any) -> AsyncIterator[Followed]:
    async with venue_world(server_ahead, [minutes(**series)]) as world:
        connection = await world.open()
        exchange = SimulatedExchange("binance", world.clock, {_SYMBOL: Market.default(_SYMBOL)}, {})
        manager = ExchangeManager(f"polled-{next(_ids)}", exchange, world.clock, {"Bitcoin": [_SYMBOL]})
        await manager.initialize()
        followed = Followed(world, manager, CandlePoller(connection, manager, _SYMBOL, TimeFrames.ONE_MINUTE))
        await followed.listen()
        await followed.poller.load(history)
        task = asyncio.create_task(followed.poller.run())
        try:
            yield followed
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await manager.stop()
            await connection.close()


async def test_the_history_is_known_and_told_to_nobody() -> None:
    async with _followed() as followed:
        candles = followed.manager.get_symbol_data(_SYMBOL).candles("1m")
        times = candles.get_symbol_time_candles()
        assert times.tolist() == [NOW - 60 * number for number in range(20, 0, -1)]
        assert candles.ring.construction() is not None
        assert followed.closed == []
        assert followed.manager.get_symbol_data(_SYMBOL).price is not None


async def test_a_long_history_comes_in_pages() -> None:
    async with _followed(history=2300, first=-2400) as followed:
        candles = followed.manager.get_symbol_data(_SYMBOL).candles("1m")
        assert len(candles) == 1000, "the ring keeps no more"
        assert candles.get_symbol_time_candles()[-1] == NOW - 60
        assert candles.missing == 0
        assert followed.world.server.requests["klines"] == 3


async def test_each_candle_is_told_of_once_as_it_closes() -> None:
    async with _followed() as followed:
        await followed.world.pass_time(10 * 60 + 2)
        assert followed.numbers() == list(range(10))
        known = {row[0]: row for row in zip(*(column.tolist() for column in minutes().columns()), strict=True)}
        assert followed.closed == [list(known[candle[0]]) for candle in followed.closed]
        assert followed.told_at == [NOW + 60 * number + 61 for number in range(10)]


@pytest.mark.parametrize("ahead", [-40.0, 25.0])
async def test_what_has_closed_is_told_by_the_exchange_s_clock(ahead: float) -> None:
    async with _followed(server_ahead=ahead) as followed:
        await followed.world.pass_time(5 * 60 + 2)
        first = followed.numbers()[0]
        assert followed.numbers() == list(range(first, first + 5))
        assert followed.told_at[0] + ahead == pytest.approx(followed.closed[0][0] + 61)


async def test_what_was_missed_is_taken_in_afterwards() -> None:
    async with _followed() as followed:
        await followed.world.pass_time(2 * 60 + 2)
        followed.world.server.faults.extend([Fault.UNAVAILABLE] * 9)
        await followed.world.pass_time(8 * 60)
        assert followed.numbers() == list(range(10))
        candles = followed.manager.get_symbol_data(_SYMBOL).candles("1m")
        assert candles.missing == 0
        assert max(b - a for a, b in itertools.pairwise(followed.told_at)) > 120


async def test_where_nothing_was_traded_there_is_no_candle() -> None:
    async with _followed(left_out=[2, 3, 4, 7]) as followed:
        await followed.world.pass_time(10 * 60 + 2)
        assert followed.numbers() == [0, 1, 5, 6, 8, 9]
        # Four looks at a minute without a candle, no more.
        assert followed.world.server.requests["klines"] < 60


async def test_a_long_outage_of_a_quiet_market_costs_few_requests() -> None:
    async with _followed(left_out=range(2, 50)) as followed:
        await followed.world.pass_time(2 * 60 + 2)
        followed.world.server.faults.extend([Fault.UNAVAILABLE] * 40)
        await followed.world.pass_time(40 * 60)
        before = followed.world.server.requests["klines"]
        await followed.world.pass_time(12 * 60)
        assert followed.numbers() == [0, 1, 50, 51, 52, 53]
        assert followed.world.server.requests["klines"] - before < 12 * 5


async def test_an_answer_that_is_no_candle_stops_nothing() -> None:
    async with _followed() as followed:
        followed.world.server.faults.extend([Fault.HALF_JSON, Fault.SHUFFLED, Fault.OVERLAPPING])
        await followed.world.pass_time(6 * 60 + 2)
        assert followed.numbers() == list(range(6))
