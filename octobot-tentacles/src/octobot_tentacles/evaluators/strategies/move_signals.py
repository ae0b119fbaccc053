# SPDX-License-Identifier: Apache-2.0
"""MoveSignalsStrategyEvaluator: moves that begin on the shortest time frame and that the longer ones support.

``docs/MoveSignalsStrategyEvaluator.md`` describes the rule for those who set it up; ``move_note`` is this rule.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.time_frame_manager import sort_time_frames
from octobot_evaluators.matrix import get_matrix
from octobot_tentacles.evaluators.strategies.bases import CandlesStrategy
from octobot_tentacles.evaluators.strategies.reading import TA, is_number, valid_notes

TRIGGER, PLACE = "KlingerOscillatorMomentumEvaluator", "BBMomentumEvaluator"
DEFAULT_TIME_FRAMES: Final = ("30m", "1h", "4h")
#: A note of the trigger on the shortest time frame from which on a move has begun.
BEGUN = 0.5


class Frame(NamedTuple):
    """What is known on one time frame: of the Klinger oscillator, and of the place between the Bollinger bands."""

    trigger: float
    place: float


def move_note(frames: Sequence[Frame]) -> float:
    """The note of time frames, shortest first: 0 unless a move has begun on the shortest one.

    Each time frame's trigger counts as far as there is room for its move: whole at the band that the move comes from,
    half in the middle, nothing at the band that it goes to. Of n time frames the shortest weighs n, the longest 1.
    """
    if abs(frames[0].trigger) < BEGUN:
        return 0.0
    weights = range(len(frames), 0, -1)
    supported = (weight * frame.trigger * _room(frame) for weight, frame in zip(weights, frames, strict=True))
    return math.fsum(supported) / sum(weights)


def _room(frame: Frame) -> float:
    return 0.5 * (1.0 + math.copysign(frame.place, frame.place * frame.trigger))


class MoveSignalsStrategyEvaluator(CandlesStrategy):
    """Turns of the Klinger oscillator with the price still far from the band that they lead to."""

    @classmethod
    def get_default_config(cls, time_frames: list[str] | None = None) -> dict[str, Any]:
        """The settings to begin with."""
        return super().get_default_config(time_frames or [*DEFAULT_TIME_FRAMES])

    async def conclude(self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str) -> None:
        """The note of all time frames; pending where something is missing."""
        frames = self._frames(matrix_id, exchange_name, cryptocurrency, symbol)
        self.eval_note = START_PENDING_EVAL_NOTE if frames is None else move_note(frames)
        await self.strategy_completed(cryptocurrency, symbol)

    def _frames(self, matrix_id: str, exchange: str, cryptocurrency: str, symbol: str) -> list[Frame] | None:
        """What is known on each time frame, shortest first; None where something is missing."""
        matrix = get_matrix(matrix_id)
        frames = []
        for frame in sort_time_frames(self.strategy_time_frames):
            notes = valid_notes(matrix, exchange, TA, cryptocurrency, symbol, frame.value)
            trigger, place = notes.get(TRIGGER), notes.get(PLACE)
            if not is_number(trigger) or not is_number(place):
                return None
            frames.append(Frame(trigger, place))
        return frames or None
