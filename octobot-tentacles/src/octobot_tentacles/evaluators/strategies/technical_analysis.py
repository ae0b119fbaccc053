# SPDX-License-Identifier: Apache-2.0
"""TechnicalAnalysisStrategyEvaluator: the notes of each time frame, each with its weight.

``docs/TechnicalAnalysisStrategyEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

import math
from typing import Any, Final

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.enums import TimeFrames, UserInputTypes
from octobot_commons.errors import SettingError
from octobot_commons.time_frame_manager import sort_time_frames
from octobot_evaluators.matrix import get_matrix
from octobot_tentacles.evaluators.strategies.bases import CandlesStrategy
from octobot_tentacles.evaluators.strategies.reading import REAL_TIME, TA, is_number, valid_notes

DEFAULT_TIME_FRAMES: Final = ("30m", "1h", "2h", "4h", "1d")
DEFAULT_WEIGHTS: Final = {"30m": 30, "1h": 50, "2h": 50, "4h": 50, "1d": 30}
_WEIGHTS = "time_frames_to_weight"


class TechnicalAnalysisStrategyEvaluator(CandlesStrategy):
    """The weighted mean, over time frames, of the mean note of each."""

    READS_REAL_TIME = True

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.weights: dict[str, float] = {}

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings.

        Raises:
            SettingError: no time frame has a weight above 0, or one has two.
        """
        super().init_user_inputs(inputs)
        default = [{"time_frame": name, "weight": weight} for name, weight in DEFAULT_WEIGHTS.items()]
        entries = self.UI.user_input(
            _WEIGHTS, UserInputTypes.OBJECT_ARRAY, default, inputs,
            title="Weights: how much each time frame counts.", item_title="Time frame",
        )  # fmt: skip
        weights = [self._weight(index, inputs) for index in range(len(entries))]
        self.weights = dict(weights)
        is_twice = len(self.weights) < len(weights)
        if is_twice or not any(self.weights.values()):
            raise SettingError(
                "one stands there twice" if is_twice else "no time frame has a weight above 0",
                file=self.UI.file,
                field=_WEIGHTS,
                remedy='write each once, like {"time_frame": "1h", "weight": 50}',
            )

    @classmethod
    def get_default_config(cls, time_frames: list[str] | None = None) -> dict[str, Any]:
        """The settings to begin with."""
        return super().get_default_config(time_frames or [*DEFAULT_TIME_FRAMES])

    async def conclude(self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str) -> None:
        """The weighted mean of what is noted."""
        self.eval_note = self._conclusion(matrix_id, exchange_name, cryptocurrency, symbol)
        await self.strategy_completed(cryptocurrency, symbol)

    def _conclusion(self, matrix_id: str, exchange: str, cryptocurrency: str, symbol: str) -> Any:
        """The weighted mean; pending while no note counts that has a weight."""
        matrix, about = get_matrix(matrix_id), (cryptocurrency, symbol)
        frames = [frame.value for frame in sort_time_frames(self.strategy_time_frames)]
        groups: list[tuple[float, str, str | None]] = [(self.weights.get(frame, 0.0), TA, frame) for frame in frames]
        # of its shortest time frame: real-time notes are about now
        usual = groups[0][0] if groups else 0.0
        live = self.get_available_time_frames(matrix_id, exchange, REAL_TIME, *about)
        groups += [(self.weights.get(frame or "", usual), REAL_TIME, frame) for frame in (None, *live)]
        means = []
        for weight, kind, frame in groups:
            notes = valid_notes(matrix, exchange, kind, *about, frame).values()
            numbers = [note for note in notes if is_number(note)]
            if numbers:
                means.append((weight, math.fsum(numbers) / len(numbers)))
        total = math.fsum(weight for weight, _ in means)
        return math.fsum(weight * mean for weight, mean in means) / total if total else START_PENDING_EVAL_NOTE

    def _weight(self, index: int, inputs: dict[str, Any]) -> tuple[str, float]:
        at: dict[str, Any] = {"parent_input_name": _WEIGHTS, "array_indexes": [index]}
        frame = self.UI.user_input(
            "time_frame", UserInputTypes.OPTIONS, TimeFrames.ONE_HOUR.value, inputs,
            options=[each.value for each in TimeFrames], title="Time frame", **at,
        )  # fmt: skip
        weight = self.UI.user_input(
            "weight", UserInputTypes.FLOAT, 50, inputs, min_val=0, max_val=100, title="Weight, 0 to 100", **at
        )
        return str(frame), float(weight)
