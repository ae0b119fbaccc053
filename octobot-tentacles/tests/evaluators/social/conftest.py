# SPDX-License-Identifier: Apache-2.0
"""Social evaluators that hear recorded events, as in a backtest: each at its time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.services import (
    FeedEvent,
    FeedEventStore,
    ServiceFeeds,
    delete_service_feeds,
    register_service_feeds,
)
from octobot_evaluators.evaluators import SocialEvaluator, create_evaluators
from octobot_evaluators.evaluators.channel import create_matrix_channel, del_chan, get_chan
from octobot_evaluators.matrix import create_matrix, delete_matrix
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets

SYMBOLS = {"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT", "ETH/BTC"]}
BOT, MATRIX_ID, EXCHANGE_ID = "social-bot", "social-matrix", "social-exchange"
START_TIME = 1_700_006_400.0
HOUR = 3600.0


class Listener:
    """The instances of one social evaluator, what they are told and what they note."""

    def __init__(self, folder: Path) -> None:
        self.clock = SimulatedClock(START_TIME)
        self.dispatcher = SynchronizedDispatcher()
        self.matrix = create_matrix(MATRIX_ID, self.clock, 0.0)
        self.store = FeedEventStore(folder / "feeds")
        exchange = SimulatedExchange("binance", self.clock, simulated_markets(["BTC/USDT"]), {"USDT": Decimal(1)})
        self.manager = ExchangeManager(
            EXCHANGE_ID, exchange, self.clock, {"Bitcoin": ["BTC/USDT"]}, dispatcher=self.dispatcher,
            is_backtesting=True,
        )  # fmt: skip
        self.evaluators: list[Any] = []
        self.feeds: Any = None
        #: (hours since the start, what it is about, note)
        self.notes: list[tuple[float, str | None, Any]] = []

    async def hear(
        self, evaluator_class: type[SocialEvaluator], events: list[tuple[float, Any]], settings: dict[str, Any]
    ) -> None:
        """Record these events (hours since the start, data), start the evaluator, and tell them."""
        assert evaluator_class.SERVICE_FEED_CLASS is not None
        name = evaluator_class.SERVICE_FEED_CLASS.get_name()
        for hours, data in events:
            self.store.append(name, FeedEvent(START_TIME + hours * HOUR, None, data))
        setup = TentaclesSetupConfig(configs={evaluator_class.get_name(): settings})
        self.feeds = ServiceFeeds(BOT, self.clock, setup, dispatcher=self.dispatcher, replays=True, recorded=self.store)
        register_service_feeds(self.feeds)
        await self.manager.initialize(MATRIX_ID)
        await create_matrix_channel(MATRIX_ID, self.dispatcher)
        await get_chan("Matrix", MATRIX_ID).new_consumer(self._hear)
        self.evaluators = create_evaluators(
            [evaluator_class], exchange_manager=self.manager, matrix_id=MATRIX_ID, bot_id=BOT,
            tentacles_setup_config=setup, symbols_by_cryptocurrency=SYMBOLS, time_frames=["1h"],
        )  # fmt: skip
        for evaluator in self.evaluators:
            await evaluator.start_evaluator()
        (recorded,) = self.feeds.recorded_feeds()
        recorded.begin(None)
        recorded.read_beyond(float("1e12"))
        for index, event in enumerate(recorded.events):
            self.clock.advance_to(event.time)
            await recorded.tell(index)
            await self.dispatcher.run_until_idle()

    async def close(self) -> None:
        for evaluator in self.evaluators:
            await evaluator.stop_evaluator()
        await self.manager.stop()
        if self.feeds is not None:
            await self.feeds.stop()
            delete_service_feeds(BOT)
            del_chan("Matrix", MATRIX_ID)
        delete_matrix(MATRIX_ID)
        self.store.close()

    async def _hear(self, cryptocurrency: str | None, symbol: str | None, eval_note: Any, **_: Any) -> None:
        self.notes.append(((self.clock.now() - START_TIME) / HOUR, symbol or cryptocurrency, eval_note))

    @property
    def failures(self) -> int:
        return sum(evaluator.failures for evaluator in self.evaluators)

    def counts_at(self, hours: float, *about: str) -> Any:
        """The note about this that counts at a time, None where there is none."""
        path = ["binance", "SOCIAL", self.evaluators[0].get_name(), *about]
        node = self.matrix.find(path)
        time = START_TIME + hours * HOUR
        return node.node_value if node is not None and node.is_set(time) and node.is_valid(time) else None


@pytest.fixture
async def listen(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """``await listen(Class, [(hours, data), …], **settings)``: it has heard all of them."""
    listeners: list[Listener] = []

    async def hear(
        evaluator_class: type[SocialEvaluator], events: list[tuple[float, Any]], **settings: Any
    ) -> Listener:
        listener = Listener(tmp_path)
        listeners.append(listener)
        await listener.hear(evaluator_class, events, settings)
        return listener

    yield hear
    for listener in listeners:
        await listener.close()
