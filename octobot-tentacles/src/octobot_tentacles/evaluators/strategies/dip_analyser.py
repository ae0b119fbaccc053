# SPDX-License-Identifier: Apache-2.0
"""DipAnalyserStrategyEvaluator: dips whose end volume has confirmed.

``docs/DipAnalyserStrategyEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_evaluators.matrix import get_matrix
from octobot_tentacles.evaluators.strategies.bases import CandlesStrategy
from octobot_tentacles.evaluators.strategies.reading import TA, valid_notes

DIP, CONFIRMATION = "RSIWeightMomentumEvaluator", "KlingerOscillatorReversalConfirmationMomentumEvaluator"
DEFAULT_TIME_FRAMES: Final = ("4h",)
_VOLUME, _PRICE = "volume", "price"


class DipAnalyserStrategyEvaluator(CandlesStrategy):
    """Its note is the weights of a dip, ``{"price": 1 to 3, "volume": 1 to 3}``, when the turn up was just confirmed.

    It says nothing otherwise. As long as a time frame's turn stays confirmed, by jumps within a candle, its close and
    the closes of shorter candles, it is one dip. Trading modes, which buy each that they hear of, are told once.
    """

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        #: Exchange and symbol → the time frames whose dip was told and has been confirmed ever since.
        self._told: dict[tuple[str, str], frozenset[str]] = {}

    @classmethod
    def get_default_config(cls, time_frames: list[str] | None = None) -> dict[str, Any]:
        """The settings to begin with."""
        return super().get_default_config(time_frames or [*DEFAULT_TIME_FRAMES])

    @staticmethod
    def get_eval_type() -> type:
        """Its notes are no numbers."""
        return dict

    async def conclude(self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str) -> None:
        """The heaviest of the dips that are new; else of those that still are confirmed, which nobody is told again."""
        dips = self._confirmed_dips(matrix_id, exchange_name, cryptocurrency, symbol)
        told = self._told.get((exchange_name, symbol), frozenset())
        self._told[exchange_name, symbol] = frozenset(dips)
        new = [dip for frame, dip in dips.items() if frame not in told]
        self.eval_note = _heaviest(new or dips.values())
        await self.strategy_completed(cryptocurrency, symbol, notify=bool(new))

    def _confirmed_dips(
        self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str
    ) -> dict[str, dict[str, int]]:
        """Time frame → its dip, of those on which the turn is confirmed."""
        matrix = get_matrix(matrix_id)
        dips = {}
        for frame in self.strategy_time_frames:
            notes = valid_notes(matrix, exchange_name, TA, cryptocurrency, symbol, frame.value)
            dip = notes.get(DIP)
            if notes.get(CONFIRMATION) is True and isinstance(dip, dict) and dip.get(_VOLUME, 0) > 0:
                dips[frame.value] = dip
        return dips


def _heaviest(dips: Iterable[dict[str, int]]) -> Any:
    heaviest = max(dips, key=lambda dip: (dip[_VOLUME], dip[_PRICE]), default=None)
    return START_PENDING_EVAL_NOTE if heaviest is None else dict(heaviest)
