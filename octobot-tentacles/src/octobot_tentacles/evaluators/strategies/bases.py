# SPDX-License-Identifier: Apache-2.0
"""What strategies have in common: those that conclude from candles, and those that hear notes about anything."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import TimeFrames
from octobot_evaluators.evaluators import StrategyEvaluator
from octobot_evaluators.evaluators.registration import RegistrationTopic
from octobot_tentacles.evaluators.strategies.reading import REAL_TIME, TA, re_evaluate


class CandlesStrategy(StrategyEvaluator):
    """Concludes about one symbol at a time, when its technical notes are complete or a real-time note has come.

    Other notes are let be.
    """

    #: False: a real-time note is a reason to have the technical evaluators look again, and nothing else. They wake the
    #: strategy once they have, as at any close, so that it concludes once instead of twice.
    READS_REAL_TIME: ClassVar[bool] = False

    async def conclude(self, matrix_id: str, exchange_name: str, cryptocurrency: str, symbol: str) -> None:
        """Read the notes and call ``strategy_completed``."""
        raise NotImplementedError(f"{self.get_name()} concludes nothing")

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
        """The technical notes of a time are complete, or a real-time one has come."""
        exchange = exchange_name or self.exchange_name
        if evaluator_type not in (TA, REAL_TIME) or exchange is None or cryptocurrency is None or symbol is None:
            return
        about = (exchange, cryptocurrency, symbol)
        if evaluator_type == REAL_TIME:
            await re_evaluate(self, matrix_id, evaluator_name, evaluator_type, *about)
            if not self.READS_REAL_TIME:
                return
        await self.conclude(matrix_id, *about)


class AnyNoteStrategy(StrategyEvaluator):
    """Knows which traded symbols a note is about: a social one may be about a crypto-currency or the whole market."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self._symbols: dict[str, list[str]] = {}

    def pairs_of(self, cryptocurrency: str | None, symbol: str | None) -> list[tuple[str, str]]:
        """The (cryptocurrency, symbol) that a note is about."""
        if cryptocurrency is not None and symbol is not None:
            return [(cryptocurrency, symbol)]
        return [
            (name, its_symbol)
            for name, symbols in self._symbols.items()
            if cryptocurrency in (None, name)
            for its_symbol in symbols
            if symbol in (None, its_symbol)
        ]

    def _get_tentacle_registration_topic(
        self,
        all_symbols_by_crypto_currencies: dict[str, list[str]],
        time_frames: list[TimeFrames],
        real_time_time_frames: list[TimeFrames],
    ) -> RegistrationTopic:
        self._symbols = all_symbols_by_crypto_currencies
        return super()._get_tentacle_registration_topic(
            all_symbols_by_crypto_currencies, time_frames, real_time_time_frames
        )
