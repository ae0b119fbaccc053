# SPDX-License-Identifier: Apache-2.0
"""DipAnalyserStrategyEvaluator: dips whose end volume has confirmed.

``docs/DipAnalyserStrategyEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

from typing import Any, Final

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_evaluators.evaluators import StrategyEvaluator
from octobot_evaluators.matrix import get_matrix
from octobot_tentacles.evaluators.strategies.reading import REAL_TIME, TA, re_evaluate, valid_notes

DIP, CONFIRMATION = "RSIWeightMomentumEvaluator", "KlingerOscillatorReversalConfirmationMomentumEvaluator"
DEFAULT_TIME_FRAMES: Final = ("4h",)
_VOLUME, _PRICE = "volume", "price"


class DipAnalyserStrategyEvaluator(StrategyEvaluator):
    """Its note is the weights of a dip, ``{"price": 1 to 3, "volume": 1 to 3}``, when the turn up was just confirmed.

    It says nothing otherwise.
    """

    @classmethod
    def get_default_config(cls, time_frames: list[str] | None = None) -> dict[str, Any]:
        """The settings to begin with."""
        return super().get_default_config(time_frames or [*DEFAULT_TIME_FRAMES])

    @staticmethod
    def get_eval_type() -> type:
        """Its notes are no numbers."""
        return dict

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
        """The technical notes of a time are complete, or the price has jumped."""
        exchange = exchange_name or self.exchange_name
        if evaluator_type not in (TA, REAL_TIME) or exchange is None or cryptocurrency is None or symbol is None:
            return
        about = (exchange, cryptocurrency, symbol)
        if evaluator_type == REAL_TIME:
            await re_evaluate(self, matrix_id, evaluator_name, evaluator_type, *about)
        dip = self._confirmed_dip(matrix_id, *about)
        if dip is None:
            # What was concluded before is over; nobody has to hear of that.
            self.eval_note = START_PENDING_EVAL_NOTE
            await self.strategy_completed(cryptocurrency, symbol, notify=False)
            return
        self.eval_note = dip
        await self.strategy_completed(cryptocurrency, symbol)

    def _confirmed_dip(self, matrix_id: str, exchange: str, cryptocurrency: str, symbol: str) -> dict[str, int] | None:
        """The heaviest dip of all time frames on which the turn was confirmed."""
        matrix = get_matrix(matrix_id)
        dips = []
        for frame in self.strategy_time_frames:
            notes = valid_notes(matrix, exchange, TA, cryptocurrency, symbol, frame.value)
            dip = notes.get(DIP)
            if notes.get(CONFIRMATION) is True and isinstance(dip, dict) and dip.get(_VOLUME, 0) > 0:
                dips.append(dip)
        heaviest = max(dips, key=lambda dip: (dip[_VOLUME], dip[_PRICE]), default=None)
        return None if heaviest is None else dict(heaviest)
