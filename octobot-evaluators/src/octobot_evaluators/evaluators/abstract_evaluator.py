# SPDX-License-Identifier: Apache-2.0
"""The base of all evaluators: a tentacle that writes notes."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

from async_channel import ChannelConsumerPriorityLevels, Consumer
from octobot_commons.constants import INIT_EVAL_NOTE, START_PENDING_EVAL_NOTE
from octobot_commons.enums import TimeFrames
from octobot_commons.tentacles_management import AbstractTentacle
from octobot_evaluators.constants import (
    EVALUATOR_EVAL_DEFAULT_TYPE,
    MAX_EVAL_NOTE,
    MIN_EVAL_NOTE,
    START_EVAL_PERTINENCE,
)
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.errors import EvaluatorDefinitionError
from octobot_evaluators.evaluators.note_output import NoteOutput
from octobot_evaluators.evaluators.registration import RegistrationTopic, default_registration_topic
from octobot_evaluators.matrix._note_writer import Inputs
from octobot_evaluators.matrix.cycles import Cell
from octobot_evaluators.matrix.registry import get_matrix
from octobot_trading import api as trading_api
from octobot_trading import exchange_channel as trading_channels

if TYPE_CHECKING:
    from async_channel import Channel
    from octobot_commons.configuration import TentaclesSetupConfig
    from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class AbstractEvaluator(AbstractTentacle):
    """Writes its note to the matrix and tells who waits for it.

    ``eval_note`` is a float in [-1, 1], negative means buy, unless ``get_eval_type`` says otherwise. It keeps its value
    until it is assigned, added to with ``set_eval_note``, or ``reset``.

    Attributes:
        cryptocurrency, cryptocurrency_name, symbol, time_frame: what this instance evaluates, None for everything.
        failures: how many evaluations raised; each was logged and left no note.
    """

    #: The kind; each kind's base class sets it.
    EVALUATOR_TYPE: EvaluatorMatrixTypes | None = None
    #: The priority of its consumers.
    DEFAULT_PRIORITY_LEVEL = ChannelConsumerPriorityLevels.HIGH.value

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.evaluator_type = self.EVALUATOR_TYPE
        self.priority_level: int = self.DEFAULT_PRIORITY_LEVEL
        self.eval_note: Any = START_PENDING_EVAL_NOTE
        self.pertinence: float = START_EVAL_PERTINENCE
        self.matrix_id: str | None = None
        self.bot_id: str | None = None
        self.exchange_name: str | None = None
        self.cryptocurrency: str | None = None
        self.cryptocurrency_name: str | None = None
        self.symbol: str | None = None
        self.time_frame: TimeFrames | None = None
        self.consumers: list[Consumer] = []
        self.failures = 0
        self._exchange_manager: ExchangeManager | None = None
        self._registration_topic: RegistrationTopic = ([], [], [])
        self._subscriptions: list[tuple[Channel, Consumer]] = []
        self._outputs: dict[tuple[str | None, str | None, str | None], NoteOutput] = {}
        self._note_expiry_time = math.inf
        self._is_quiet = False

    # What a tentacle may override

    @staticmethod
    def get_eval_type() -> Any:
        """The type of the note."""
        return EVALUATOR_EVAL_DEFAULT_TYPE

    @classmethod
    def get_is_cryptocurrencies_wildcard(cls) -> bool:
        """Whether one instance evaluates every cryptocurrency."""
        return True

    @classmethod
    def get_is_cryptocurrency_name_wildcard(cls) -> bool:
        """Whether one instance evaluates every cryptocurrency name."""
        return True

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        """Whether one instance evaluates every symbol."""
        return True

    @classmethod
    def get_is_time_frame_wildcard(cls) -> bool:
        """Whether one instance evaluates every time frame."""
        return True

    async def start(self, bot_id: str | None) -> bool | None:
        """Subscribe to what is evaluated."""

    async def stop(self) -> None:
        """Release what ``start`` took; the subscriptions of this package are ended after it."""

    async def prepare(self) -> None:
        """Called once, before ``start``."""

    def set_default_config(self) -> None:
        """Fill ``specific_config`` when there are no settings at all."""

    def enable_reevaluation(self) -> bool:
        """Whether it may be asked to evaluate again on what is known between two candles."""
        return True

    def _get_tentacle_registration_topic(
        self,
        all_symbols_by_crypto_currencies: dict[str, list[str]],
        time_frames: list[TimeFrames],
        real_time_time_frames: list[TimeFrames],
    ) -> RegistrationTopic:
        """The (cryptocurrencies, symbols, time frames) it evaluates; called once, after the settings are loaded."""
        return default_registration_topic(self, all_symbols_by_crypto_currencies, time_frames)

    # What a tentacle uses

    def set_eval_note(self, note: float) -> None:
        """Add to the note, kept within [-1, 1]. A pending note, and one that is no number, count as 0."""
        current = self.eval_note
        if current is None or current == START_PENDING_EVAL_NOTE or current != current:
            current = INIT_EVAL_NOTE
        total = current + note
        if total > MAX_EVAL_NOTE:
            total = MAX_EVAL_NOTE
        elif total < MIN_EVAL_NOTE:
            total = MIN_EVAL_NOTE
        self.eval_note = total

    def reset(self) -> None:
        """Nothing evaluated yet."""
        self.eval_note = START_PENDING_EVAL_NOTE
        self.pertinence = START_EVAL_PERTINENCE

    def save_evaluation_expiration_time(self, ttl: float, changed_time: float | None = None) -> None:
        """The note ends ``ttl`` seconds after ``changed_time`` (default: now)."""
        self._note_expiry_time = (self._now() if changed_time is None else changed_time) + ttl

    def ensure_eval_note_is_not_expired(self) -> None:
        """Make the note pending when its time to live is over."""
        if self._note_expiry_time != math.inf and self._now() >= self._note_expiry_time:
            self._note_expiry_time = math.inf
            self.eval_note = START_PENDING_EVAL_NOTE

    def get_exchange_symbol_data(self, exchange_name: str, exchange_id: str, symbol: str) -> ExchangeSymbolData:
        """What is known of a symbol's market on this exchange."""
        manager = self._exchange_manager
        if manager is None or manager.id != exchange_id:
            manager = trading_api.get_exchange_manager_from_exchange_name_and_id(exchange_name, exchange_id)
        return manager.get_symbol_data(symbol)

    async def evaluation_completed(
        self,
        cryptocurrency: str | None = None,
        symbol: str | None = None,
        time_frame: str | None = None,
        eval_note: Any = None,
        eval_time: float = 0,
        eval_note_description: Any = None,
        eval_note_metadata: Any = None,
        notify: bool = True,
        origin_consumer: Consumer | None = None,
        cache_client: Any = None,
        cache_if_available: bool = True,
    ) -> None:
        """Write the note (default: ``self.eval_note`` as it is, pending included) and tell who waits for it.

        Args:
            cryptocurrency, symbol, time_frame: what was evaluated; default: what this instance evaluates.
            eval_time: the time the evaluation stands for; 0 means now.
            notify: False writes the matrix and tells nobody.
            origin_consumer: a consumer of the Matrix channel that is not told.
            cache_client, cache_if_available: accepted and not used.

        A failure in here is logged and counted, not raised.
        """
        try:
            output = self._outputs.get((cryptocurrency, symbol, time_frame))
            if output is None:
                output = self._open_output(cryptocurrency, symbol, time_frame)
            if eval_note is None:
                if self._note_expiry_time != math.inf:
                    self.ensure_eval_note_is_not_expired()
                eval_note = self.eval_note
            waiting = output.write(
                eval_note,
                eval_time or output.clock.now(),
                eval_note_description,
                eval_note_metadata,
                self._note_expiry_time,
                notify and not self._is_quiet,
                origin_consumer,
            )
            if waiting is not None:
                payload, queues = waiting
                for queue in queues:
                    await queue.put(payload)
        except Exception as error:  # noqa: BLE001 - promised: one evaluation's failure stays its own
            self.evaluation_failed(error, cryptocurrency, symbol, time_frame)

    def _is_in_backtesting(self) -> bool:
        return self._exchange_manager is not None and trading_api.get_is_backtesting(self._exchange_manager)

    # What this package uses

    def load_config(self) -> None:
        """Read the settings: ``set_default_config`` where there are none, then ``init_user_inputs``."""
        live_config = self.specific_config
        if not live_config:
            self.set_default_config()
            if self.specific_config is not live_config:
                live_config.update(self.specific_config)
                self.specific_config = live_config
        super().load_config()

    async def start_evaluator(self) -> None:
        """Prepare and start; what these raise goes up."""
        await self.prepare()
        await self.start_prepared()

    async def start_prepared(self) -> None:
        """Start; what it subscribes to is its own: its failures count, and it ends with the evaluator."""
        token = trading_channels.on_subscription.set(self._adopt)
        try:
            await self.start(self.bot_id)
        finally:
            trading_channels.on_subscription.reset(token)
            # Tentacles of OctoBot 2 may list them themselves.
            self.consumers = list(dict.fromkeys(self.consumers))

    async def evaluate_history(self) -> None:
        """Note what is to be made of what is known before the first live candle, without telling anyone."""

    async def stop_evaluator(self, keeps_notes: bool = False) -> None:
        """Stop, end the subscriptions, and let no strategy wait for this evaluator any more.

        Its notes do not count either from now on, unless ``keeps_notes``: another one takes its place.
        """
        await self.stop()
        for channel, consumer in self._subscriptions:
            await channel.remove_consumer(consumer)
        self._subscriptions.clear()
        self.consumers.clear()
        if self.matrix_id is not None:
            get_matrix(self.matrix_id).cycles.unregister(self)
        if not keeps_notes:
            for output in self._outputs.values():
                output.invalidate()

    def _subscribed(self, channel: Channel, consumer: Consumer) -> None:
        if all(known is not consumer for _, known in self._subscriptions):
            self._subscriptions.append((channel, consumer))
            self.consumers.append(consumer)

    def _adopt(self, channel: Channel, consumer: Consumer) -> None:
        self._subscribed(channel, consumer)
        # Consumers of any class: the tentacle chose it.
        consumer.failed = partial(self._consumer_failed, consumer)  # type: ignore[method-assign]

    def _consumer_failed(self, consumer: Consumer, error: Exception, message: Any) -> None:
        consumer.failures += 1
        about = message if isinstance(message, dict) else {}
        self.evaluation_failed(error, about.get("cryptocurrency"), about.get("symbol"), None)

    def _now(self) -> float:
        if self.matrix_id is None:
            raise EvaluatorDefinitionError(f"{self.get_name()} has no matrix_id, so it has no clock")
        return get_matrix(self.matrix_id).clock.now()

    def _get_cell(self, cryptocurrency: str | None, symbol: str | None, time_frame: str | None) -> Cell:
        if self.evaluator_type is None:
            raise EvaluatorDefinitionError(
                f"{self.get_name()} has no evaluator type", remedy="inherit from TAEvaluator or another kind"
            )
        # An instance for every time frame may hold one in its settings: that is not what its notes are about.
        if time_frame is None and not self.get_is_time_frame_wildcard():
            time_frame = self.time_frame
        return Cell(
            self.exchange_name,
            EvaluatorMatrixTypes(self.evaluator_type).value,
            self.get_name(),
            self.cryptocurrency if cryptocurrency is None else cryptocurrency,
            self.symbol if symbol is None else symbol,
            None if time_frame is None else TimeFrames(time_frame).value,
        )

    def _get_inputs(self, cell: Cell) -> Inputs | None:
        """What its notes there are made from, for strategies."""
        return None

    def _open_output(self, cryptocurrency: str | None, symbol: str | None, time_frame: str | None) -> NoteOutput:
        if self.matrix_id is None:
            raise EvaluatorDefinitionError(f"{self.get_name()} has no matrix_id to write to")
        cell = self._get_cell(cryptocurrency, symbol, time_frame)
        output = NoteOutput(get_matrix(self.matrix_id), cell, self.get_eval_type(), self._get_inputs(cell))
        self._outputs[cryptocurrency, symbol, time_frame] = output
        return output

    def evaluation_failed(
        self, error: Exception, cryptocurrency: str | None, symbol: str | None, time_frame: str | None
    ) -> None:
        """Log and count a failure; what it was about has no note until the next evaluation.

        What it was not about is None: a note about everything is gone whatever failed, and the other way around.
        """
        self.failures += 1
        about = " ".join(part for part in (cryptocurrency, symbol, time_frame) if part)
        message = f"{self.get_name()} failed on {about or 'an evaluation'}: {error}"
        self.logger.exception(error, True, message)  # noqa: LOG004 - our loggers take the exception itself
        for output in self._outputs.values():
            its = (output.cell.cryptocurrency, output.cell.symbol, output.cell.time_frame)
            pairs = zip(its, (cryptocurrency, symbol, time_frame), strict=True)
            if all(one is None or other is None or one == other for one, other in pairs):
                output.invalidate()
