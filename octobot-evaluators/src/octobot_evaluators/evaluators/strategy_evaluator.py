# SPDX-License-Identifier: Apache-2.0
"""Strategies: called when the evaluations they are made from are complete."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from async_channel import ChannelConsumerPriorityLevels
from octobot_commons.channels_name import OctoBotEvaluatorsChannelsName
from octobot_commons.enums import TimeFrames, UserInputTypes
from octobot_commons.time_frame_manager import parse_time_frames
from octobot_evaluators.constants import STRATEGIES_REQUIRED_TIME_FRAME, STRATEGY_INPUT_TYPES
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.evaluators import strategy_settings
from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator
from octobot_evaluators.evaluators.channel import get_chan
from octobot_evaluators.evaluators.matrix_callback import takes_description
from octobot_evaluators.evaluators.registration import RegistrationTopic
from octobot_evaluators.evaluators.strategy_consumer import StrategyConsumer
from octobot_evaluators.matrix import get_available_time_frames
from octobot_evaluators.matrix._note_writer import Inputs
from octobot_evaluators.matrix.cycles import Cell, CycleWatcher
from octobot_evaluators.matrix.registry import get_matrix

if TYPE_CHECKING:
    from octobot_commons.configuration import TentaclesSetupConfig

_MATRIX_CHANNEL = OctoBotEvaluatorsChannelsName.MATRIX_CHANNEL.value


class StrategyEvaluator(AbstractEvaluator):
    """Reads the matrix and concludes.

    It is called for technical notes once per cycle: when every technical evaluator of every one of its time frames is
    valid for this time. It is called for each real-time or social note at once.

    Attributes:
        strategy_time_frames: its time frames, from its settings.
    """

    EVALUATOR_TYPE = EvaluatorMatrixTypes.STRATEGIES
    DEFAULT_PRIORITY_LEVEL = ChannelConsumerPriorityLevels.MEDIUM.value

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.strategy_time_frames: list[TimeFrames] = []
        self._takes_description = takes_description(self.matrix_callback, self.get_name())
        self._watcher: CycleWatcher | None = None
        self._types_at_once: tuple[str, ...] = ()
        self._available_time_frames: dict[tuple[Any, ...], list[str]] = {}
        self._available_version = -1

    # What a tentacle overrides

    async def matrix_callback(
        self,
        matrix_id: str,
        evaluator_name: str,
        evaluator_type: str,
        eval_note: Any,
        eval_note_type: Any,
        eval_note_description: Any,
        eval_note_metadata: Any,
        exchange_name: str | None,
        cryptocurrency: str | None,
        symbol: str | None,
        time_frame: str | None,
    ) -> None:
        """Conclude from the matrix and call ``strategy_completed``.

        Called positionally, with the note that completed the cycle or that came at once. An older form without
        ``eval_note_description`` and ``eval_note_metadata`` is called with the nine others.
        """
        raise NotImplementedError(f"{self.get_name()} has no matrix_callback")

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Declare ``required_time_frames``; tentacles that override this call it too."""
        default = strategy_settings.required_time_frames(type(self), {})
        self.UI.user_input(
            STRATEGIES_REQUIRED_TIME_FRAME,
            UserInputTypes.MULTIPLE_OPTIONS,
            default,
            inputs,
            options=[time_frame.value for time_frame in TimeFrames],
            title="Time frames: the candles that this strategy's evaluators work on.",
        )

    def get_full_cycle_evaluator_types(self) -> tuple[str, ...]:
        """The kinds whose notes are waited for until all of them are there; the others are passed on at once."""
        return (EvaluatorMatrixTypes.TA.value,)

    # Settings, readable without an instance

    @classmethod
    def get_default_config(cls, time_frames: list[str] | None = None) -> dict[str, Any]:
        """The settings to begin with."""
        return {
            STRATEGIES_REQUIRED_TIME_FRAME: [TimeFrames(each).value for each in time_frames or (TimeFrames.ONE_HOUR,)]
        }

    @classmethod
    def get_required_time_frames(
        cls, config: Any, tentacles_setup_config: TentaclesSetupConfig, strategy_config: dict[str, Any] | None = None
    ) -> list[TimeFrames]:
        """The time frames it needs. ``config``, the profile, is not used."""
        settings = strategy_settings.settings_of(cls, tentacles_setup_config, strategy_config)
        return parse_time_frames(strategy_settings.required_time_frames(cls, settings))

    @classmethod
    def get_required_evaluators(
        cls, tentacles_setup_config: TentaclesSetupConfig, strategy_config: dict[str, Any] | None = None
    ) -> list[str]:
        """The evaluators it is made for, by name; ["*"] means any."""
        settings = strategy_settings.settings_of(cls, tentacles_setup_config, strategy_config)
        return strategy_settings.required_evaluators(settings)

    @classmethod
    def get_default_evaluators(
        cls, tentacles_setup_config: TentaclesSetupConfig, strategy_config: dict[str, Any] | None = None
    ) -> list[str]:
        """The evaluators to begin with, by name."""
        settings = strategy_settings.settings_of(cls, tentacles_setup_config, strategy_config)
        return strategy_settings.default_evaluators(settings)

    @classmethod
    def get_compatible_evaluators_types(
        cls, tentacles_setup_config: TentaclesSetupConfig, strategy_config: dict[str, Any] | None = None
    ) -> list[str]:
        """The kinds of evaluators whose notes it can use."""
        settings = strategy_settings.settings_of(cls, tentacles_setup_config, strategy_config)
        return strategy_settings.compatible_evaluator_types(settings)

    # What a tentacle uses

    def strategy_completed(
        self,
        cryptocurrency: str | None = None,
        symbol: str | None = None,
        time_frame: str | None = None,
        eval_note: Any = None,
        eval_time: float = 0,
        notify: bool = True,
    ) -> Coroutine[Any, Any, None]:
        """Write the conclusion (default: ``self.eval_note``) and wake the trading modes; see ``evaluation_completed``.

        Without a time frame it counts as long as the evaluations that it was made from.
        """
        # A coroutine that only awaits another one would be paid for at every conclusion.
        return self.evaluation_completed(cryptocurrency, symbol, time_frame, eval_note, eval_time, notify=notify)

    def get_available_time_frames(
        self,
        matrix_id: str,
        exchange_name: str | None = None,
        tentacle_type: str | None = None,
        cryptocurrency: str | None = None,
        symbol: str | None = None,
        use_cache: bool = True,
    ) -> list[str]:
        """The time frames that evaluators of this type wrote for this symbol, from the shortest.

        The cached answer is used until the matrix gets a place it did not have.
        """
        version = get_matrix(matrix_id).version
        if not use_cache or version != self._available_version:
            self._available_time_frames.clear()
            self._available_version = version
        asked = (matrix_id, exchange_name, tentacle_type, cryptocurrency, symbol)
        found = self._available_time_frames.get(asked)
        if found is None:
            found = self._available_time_frames[asked] = get_available_time_frames(*asked)
        return list(found)

    # What this package uses

    def _get_tentacle_registration_topic(
        self,
        all_symbols_by_crypto_currencies: dict[str, list[str]],
        time_frames: list[TimeFrames],
        real_time_time_frames: list[TimeFrames],
    ) -> RegistrationTopic:
        """Everything; sets ``strategy_time_frames``."""
        configured = strategy_settings.required_time_frames(type(self), self.specific_config)
        self.strategy_time_frames = parse_time_frames(configured)
        return super()._get_tentacle_registration_topic(
            all_symbols_by_crypto_currencies, time_frames, real_time_time_frames
        )

    async def start(self, bot_id: str | None) -> bool | None:
        """Subscribe to completed cycles and to the notes that are passed on at once."""
        assert self.matrix_id is not None
        cryptocurrencies, symbols, _ = self._registration_topic
        cycle_types = self.get_full_cycle_evaluator_types()
        compatible = strategy_settings.compatible_evaluator_types(self.specific_config)
        self._types_at_once = tuple(
            kind for kind in STRATEGY_INPUT_TYPES if kind in compatible and kind not in cycle_types
        )
        cycle_key = f"{self.get_name()} {id(self)}"
        channel = get_chan(_MATRIX_CHANNEL, self.matrix_id)
        consumer = await channel.new_consumer(
            consumer_instance=StrategyConsumer(self, self._takes_description),
            matrix_id=self.matrix_id,
            exchange_name=self.exchange_name or "*",
            cryptocurrency=cryptocurrencies,
            symbol=symbols,
            evaluator_type=list(self._types_at_once),
            cycle_key=cycle_key,
        )
        self._subscribed(channel, consumer)
        self._watcher = CycleWatcher(
            self.exchange_name,
            cycle_types,
            frozenset(cryptocurrencies),
            frozenset(symbols),
            frozenset(time_frame.value for time_frame in self.strategy_time_frames),
            channel.cycle_topic(cycle_key).send_nowait,
            self._input_lost,
            self._types_at_once,
        )
        get_matrix(self.matrix_id).cycles.watch(self._watcher)
        return True

    async def stop_evaluator(self, keeps_notes: bool = False) -> None:
        await super().stop_evaluator(keeps_notes)
        if self._watcher is not None and self.matrix_id is not None:
            get_matrix(self.matrix_id).cycles.unwatch(self._watcher)

    @property
    def withheld(self) -> int:
        """How many conclusions were stale when they were reached, so that nobody was told of them."""
        return sum(output.withheld for output in self._outputs.values())

    def _get_inputs(self, cell: Cell) -> Inputs | None:
        if self._watcher is None or self.matrix_id is None:
            return None
        return Inputs(get_matrix(self.matrix_id), self._watcher.cycles, cell.place, self._types_at_once)

    def _input_lost(self, lost: Cell) -> None:
        """What was concluded about the same cannot be relied on any more."""
        for output in self._outputs.values():
            pairs = zip(output.cell.place, lost.place, strict=True)
            if all(one is None or other is None or one == other for one, other in pairs):
                output.node.invalidate()
