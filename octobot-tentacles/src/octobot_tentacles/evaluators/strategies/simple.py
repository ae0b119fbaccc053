# SPDX-License-Identifier: Apache-2.0
"""SimpleStrategyEvaluator: the mean of everything that has been noted.

``docs/SimpleStrategyEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.constants import CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT, START_PENDING_EVAL_NOTE
from octobot_commons.enums import TimeFrames, UserInputTypes
from octobot_evaluators.matrix import Matrix, MatrixNode, get_available_time_frames, get_matrix
from octobot_tentacles.evaluators.strategies.bases import AnyNoteStrategy
from octobot_tentacles.evaluators.strategies.reading import REAL_TIME, SOCIAL, TA, is_number, re_evaluate

DEFAULT_TIME_FRAMES = (TimeFrames.ONE_HOUR.value, TimeFrames.FOUR_HOURS.value, TimeFrames.ONE_DAY.value)


class _Sources(NamedTuple):
    """Where the notes about one symbol are, as long as the matrix has the same places."""

    version: int
    places: list[tuple[str, str | None]]
    social: list[MatrixNode]


class SimpleStrategyEvaluator(AnyNoteStrategy):
    """Averages, with equal weights, the valid float notes of technical, real-time and social evaluators."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.social_evaluators_notification_timeout = 3600.0
        self.re_evaluates_technical = True
        self.background_social_evaluators: frozenset[str] = frozenset()
        self._sources: dict[tuple[str, str, str], _Sources] = {}

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        super().init_user_inputs(inputs)
        self.UI.user_input(
            CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT,
            UserInputTypes.INT,
            1000,
            inputs,
            min_val=21,
            title="Initialization candles: history to load before the start, in candles.",
        )
        self.social_evaluators_notification_timeout = self.UI.user_input(
            "social_evaluators_notification_timeout",
            UserInputTypes.INT,
            3600,
            inputs,
            min_val=0,
            title="Social notes: seconds that one counts.",
        )
        self.re_evaluates_technical = self.UI.user_input(
            "re_evaluate_TA_when_social_or_realtime_notification",
            UserInputTypes.BOOLEAN,
            True,
            inputs,
            title="Real-time and social notes: have the technical evaluators look at the candle in construction.",
        )
        self.background_social_evaluators = frozenset(
            self.UI.user_input(
                "background_social_evaluators",
                UserInputTypes.STRING_ARRAY,
                ["RedditForumEvaluator"],
                inputs,
                title="Social evaluators whose notes count but wake nobody.",
            )
        )

    @classmethod
    def get_default_config(cls, time_frames: list[str] | None = None) -> dict[str, Any]:
        """The settings to begin with."""
        return super().get_default_config(time_frames or list(DEFAULT_TIME_FRAMES))

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
        """The technical notes of a time are complete, or a real-time or social one has come."""
        if evaluator_type == SOCIAL and evaluator_name in self.background_social_evaluators:
            return
        exchange = exchange_name or self.exchange_name
        if exchange is None:
            return
        for about in self.pairs_of(cryptocurrency, symbol):
            if self.re_evaluates_technical and evaluator_type in (SOCIAL, REAL_TIME):
                await re_evaluate(self, matrix_id, evaluator_name, evaluator_type, exchange, *about)
            notes = self._notes(get_matrix(matrix_id), exchange, *about)
            self.eval_note = math.fsum(notes) / len(notes) if notes else START_PENDING_EVAL_NOTE
            await self.strategy_completed(*about)

    def _notes(self, matrix: Matrix, exchange_name: str, cryptocurrency: str, symbol: str) -> list[float]:
        sources = self._sources.get((exchange_name, cryptocurrency, symbol))
        if sources is None or sources.version != matrix.version:
            sources = self._find_sources(matrix, exchange_name, cryptocurrency, symbol)
            self._sources[exchange_name, cryptocurrency, symbol] = sources
        now, allowed_delta = matrix.clock.now(), matrix.allowed_delta
        notes = [
            note
            for evaluator_type, time_frame in sources.places
            for note in matrix.valid_notes(
                now, allowed_delta, exchange_name, evaluator_type, cryptocurrency, symbol, time_frame
            ).values()
            if is_number(note)
        ]
        for node in sources.social:
            age = math.inf if node.node_value_time is None else now - node.node_value_time
            is_recent = age <= self.social_evaluators_notification_timeout
            if is_recent and node.is_set(now) and is_number(node.node_value):
                notes.append(node.node_value)
        return notes

    def _find_sources(self, matrix: Matrix, exchange_name: str, cryptocurrency: str, symbol: str) -> _Sources:
        about = (cryptocurrency, symbol)
        real_time = get_available_time_frames(matrix.matrix_id, exchange_name, REAL_TIME, *about)
        places: list[tuple[str, str | None]] = [(TA, time_frame.value) for time_frame in self.strategy_time_frames]
        places += [(REAL_TIME, time_frame) for time_frame in (None, *real_time)]
        # a social note is about a symbol, a currency or the world, and mostly about no exchange
        social_places = (about, (cryptocurrency, None), (None, None))
        return _Sources(
            matrix.version,
            [
                (kind, time_frame)
                for kind, time_frame in places
                if matrix.entries(exchange_name, kind, *about, time_frame)
            ],
            [
                node
                for exchange in (None, exchange_name)
                for its_cryptocurrency, its_symbol in social_places
                for _, node in matrix.entries(exchange, SOCIAL, its_cryptocurrency, its_symbol, None)
            ],
        )
