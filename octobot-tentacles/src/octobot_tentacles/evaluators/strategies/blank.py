# SPDX-License-Identifier: Apache-2.0
"""BlankStrategyEvaluator: hands evaluations on.

``docs/BlankStrategyEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.constants import CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT
from octobot_commons.enums import UserInputTypes
from octobot_tentacles.evaluators.strategies.bases import AnyNoteStrategy


class BlankStrategyEvaluator(AnyNoteStrategy):
    """Concludes nothing of its own: its note is the one that it was called with."""

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        super().init_user_inputs(inputs)
        self.UI.user_input(
            CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT,
            UserInputTypes.INT,
            200,
            inputs,
            min_val=21,
            title="Initialization candles: history to load before the start, in candles.",
        )

    def get_full_cycle_evaluator_types(self) -> tuple[str, ...]:
        """None: each note is handed on at once."""
        return ()

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
        """Somebody has evaluated something."""
        self.eval_note = eval_note
        for about in self.pairs_of(cryptocurrency, symbol):
            await self.strategy_completed(*about, time_frame)
