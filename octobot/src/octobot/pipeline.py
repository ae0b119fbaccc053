# SPDX-License-Identifier: Apache-2.0
"""Connects the stages. Read this file first.

::

    exchange ─▶ OHLCV channel ─▶ evaluators ─▶ matrix + Matrix channel ─▶ strategies
    service feeds ─▶ social evaluators ──▲                                   │ notes, on the Matrix channel
    exchange ◀─ orders ◀─ mode consumer ◀─ Mode channel ◀─ mode producer ◀───┘ (here)

Several accounts may trade on one chain of evaluators and strategies (``ExchangeManager.beside``): each has trading
modes and orders of its own, and every strategy's note wakes all of them.

The same pipeline runs live, on paper and in a backtest: the exchange manager brings the clock and the exchange.
"""

from __future__ import annotations

import copy
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from async_channel import Consumer
from octobot.tentacles import ActiveTentacles
from octobot_commons.configuration import Profile, TentaclesSetupConfig
from octobot_commons.enums import TimeFrames
from octobot_commons.notifications import Notifier
from octobot_commons.services import RecordedEvents, ServiceFeeds, delete_service_feeds, register_service_feeds
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.evaluators import AbstractEvaluator, create_evaluators
from octobot_evaluators.evaluators.channel import create_matrix_channel, del_chan, get_chan
from octobot_evaluators.matrix import create_matrix, delete_matrix, matrix_notes_reader
from octobot_trading.automations import AbstractAutomations
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeProducer, create_trading_modes


class Pipeline:
    """Evaluators, strategies and trading modes of one profile on one exchange.

    In a backtest the events of service feeds come from ``recorded_feeds``, those up to ``end_time``. On
    ``other_venues`` the trading modes run too, for modes that compare exchanges.
    """

    def __init__(
        self,
        profile: Profile,
        tentacles: ActiveTentacles,
        exchange_manager: ExchangeManager,
        matrix_id: str,
        recorded_feeds: RecordedEvents | None = None,
        end_time: float = math.inf,
        other_venues: Sequence[ExchangeManager] = (),
    ) -> None:
        self.profile = profile
        self.tentacles = tentacles
        self.exchange_manager = exchange_manager
        self.venues = [exchange_manager, *other_venues]
        for venue in self.venues:
            venue.other_venues[:] = [one for one in self.venues if one is not venue]
        self.matrix_id = matrix_id
        #: Started as evaluators subscribe.
        self.service_feeds = ServiceFeeds(
            matrix_id,
            exchange_manager.clock,
            profile.tentacles_setup,
            dispatcher=exchange_manager.dispatcher,
            replays=exchange_manager.is_backtesting,
            recorded=recorded_feeds,
            end_time=end_time,
        )
        self.evaluators: list[AbstractEvaluator] = []
        self.modes: list[AbstractTradingMode] = []
        #: Those of every account, and who brings their messages to the user.
        self.automations: list[AbstractAutomations] = []
        self.notifiers: list[Notifier] = []
        self.symbols: dict[str, list[str]] = {}
        self.time_frames: list[TimeFrames] = []
        self._matrix_channel: Any = None
        self._wakers: dict[AbstractTradingMode, list[Consumer]] = {}

    async def start(
        self, symbols_by_cryptocurrency: Mapping[str, Sequence[str]], time_frames: Sequence[TimeFrames]
    ) -> None:
        """Create every stage, from the exchange on, and subscribe each to the one before it."""
        manager = self.exchange_manager
        self.symbols = {name: list(pairs) for name, pairs in symbols_by_cryptocurrency.items()}
        self.time_frames = list(time_frames)
        for venue in self.venues:
            await venue.initialize(self.matrix_id)
            for world in venue.worlds:
                await world.initialize()
        matrix = create_matrix(self.matrix_id, manager.clock, 0.0 if manager.is_backtesting else 10.0)
        self._matrix_channel = await create_matrix_channel(matrix.matrix_id, dispatcher=manager.dispatcher)
        register_service_feeds(self.service_feeds)
        self.evaluators = self.create_evaluators(
            [*self.tentacles.evaluators, *self.tentacles.strategies], self.profile.tentacles_setup
        )
        for evaluator in self.evaluators:
            await evaluator.start_evaluator()
        # What a mode keeps in its live settings is no business of the other accounts' modes.
        first, *others = self.accounts()
        profiles = [(first, self.profile), *((account, copy.deepcopy(self.profile)) for account in others)]
        for account, profile in profiles:
            await self.start_modes(self.tentacles.trading_mode, profile, account)
            for automations_class in self.tentacles.automations:
                automations = automations_class(profile.tentacles_setup, account, self.notifiers)
                await automations.start()
                self.automations.append(automations)

    def accounts(self) -> list[ExchangeManager]:
        """Every account that trades: of each exchange its own, then those beside it."""
        return [account for venue in self.venues for account in (venue, *venue.worlds)]

    def create_evaluators(
        self, classes: Sequence[type[AbstractEvaluator]], setup: TentaclesSetupConfig, is_awaited: bool = True
    ) -> list[AbstractEvaluator]:
        """The instances of these classes, which hear of nothing until they are started."""
        return create_evaluators(
            classes,
            exchange_manager=self.exchange_manager,
            matrix_id=self.matrix_id,
            bot_id=self.matrix_id,
            tentacles_setup_config=setup,
            symbols_by_cryptocurrency=self.symbols,
            time_frames=self.time_frames,
            is_awaited=is_awaited,
        )

    async def start_modes(
        self, mode_class: type[AbstractTradingMode], profile: Profile, account: ExchangeManager
    ) -> list[AbstractTradingMode]:
        """Create an account's trading modes and let strategies' notes wake them."""
        modes = await create_trading_modes(
            mode_class, profile, account, self.symbols, matrix_notes_reader(self.matrix_id), self.matrix_id
        )
        self.modes += modes
        for mode in modes:
            self._wakers[mode] = [
                await self._matrix_channel.new_consumer(
                    _waker(producer), evaluator_type=EvaluatorMatrixTypes.STRATEGIES.value, symbol=mode.symbol or "*"
                )
                for producer in mode.producers
                if producer.takes_notes
            ]
        return modes

    async def stop_mode(self, mode: AbstractTradingMode) -> None:
        """Let a trading mode decide nothing any more. Its open orders stay open."""
        for waker in self._wakers.pop(mode, ()):
            await self._matrix_channel.remove_consumer(waker)
        self.modes.remove(mode)
        mode.exchange_manager.trading_modes.remove(mode)
        await mode.stop()

    def failures(self) -> dict[str, int]:
        """How often what an evaluator, a strategy or a trading mode does on being woken has raised, by name."""
        counts: Counter[str] = Counter()
        for evaluator in self.evaluators:
            counts[evaluator.get_name()] += evaluator.failures
        for mode in self.modes:
            counts[mode.get_name()] += mode.failures + sum(waker.failures for waker in self._wakers.get(mode, ()))
        return {name: count for name, count in sorted(counts.items()) if count}

    async def evaluate_history(self) -> None:
        """Have evaluators note what they make of the candles that have closed before the start; nobody is woken."""
        for evaluator in self.evaluators:
            await evaluator.evaluate_history()

    async def stop(self) -> None:
        """Stop every stage, the last one first, whatever one of them raises. Open orders stay open."""
        automations = [one.stop for one in reversed(self.automations)]
        accounts = [*reversed(self.accounts())]
        evaluators = [evaluator.stop_evaluator for evaluator in reversed(self.evaluators)]
        stages = [self._stop_feeds, self._stop_matrix, *(account.stop for account in accounts)]
        await _do_all([*automations, *evaluators, *stages])

    async def _stop_feeds(self) -> None:
        delete_service_feeds(self.matrix_id)
        await self.service_feeds.stop()

    async def _stop_matrix(self) -> None:
        if self._matrix_channel is not None:  # it failed to start before that
            await self._matrix_channel.stop()
            self._matrix_channel.flush()
            del_chan("Matrix", self.matrix_id)
            delete_matrix(self.matrix_id)

    @property
    def matrix_channel(self) -> Any:
        """Where every note passes."""
        return get_chan("Matrix", self.matrix_id)


async def _do_all(steps: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """One after the other, also after one that raises; each error keeps the one before as its context."""
    if steps:
        try:
            await steps[0]()
        finally:
            await _do_all(steps[1:])


def _waker(producer: AbstractTradingModeProducer) -> Callable[..., Awaitable[None]]:
    """A callback of the Matrix channel that tells a trading mode of a strategy's note."""

    def wake(
        matrix_id: str, evaluator_name: str, evaluator_type: str, eval_note: Any, eval_note_type: Any,
        eval_note_description: Any, eval_note_metadata: Any, exchange_name: str | None, cryptocurrency: str,
        symbol: str, time_frame: str | None,
    ) -> Awaitable[None]:  # fmt: skip
        # Not async: the channel awaits what this returns, without a coroutine in between. All arguments are named, as
        # a dict of the others would be made for each note.
        return producer.wake(matrix_id, cryptocurrency, symbol, time_frame, evaluator_name)

    return wake
