# SPDX-License-Identifier: Apache-2.0
"""Scripted evaluators: one coroutine for each closed candle, which returns the note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator
from octobot_evaluators.evaluators.candles import evaluate_last_candles, subscribe_to_candles
from octobot_evaluators.evaluators.turn import Turn
from octobot_evaluators.util import get_eval_time

if TYPE_CHECKING:
    from octobot_commons.configuration import TentaclesSetupConfig
    from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData


@dataclass(frozen=True, slots=True)
class ScriptContext:
    """What a script is called for.

    Attributes:
        candle: the one that closed: [open time, open, high, low, close, volume].
        time: when it closed, in Unix seconds.
        symbol_data: for the candle functions of ``octobot_trading.api``.
    """

    exchange: str
    exchange_id: str
    cryptocurrency: str
    symbol: str
    time_frame: str
    candle: list[float]
    time: float
    symbol_data: ExchangeSymbolData


class ScriptedEvaluator(AbstractEvaluator):
    """Calls ``script`` for each closed candle of its symbols and time frames, one at a time.

    What it returns is the note of this candle; None leaves ``eval_note`` as it is and says nothing. Its notes count
    until the next candle closes and are passed on to strategies at once.
    """

    EVALUATOR_TYPE = EvaluatorMatrixTypes.SCRIPTED

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self._turn = Turn()

    async def script(self, context: ScriptContext) -> Any:
        """The note of a candle, or None."""
        raise NotImplementedError(f"{self.get_name()} has no script")

    async def start(self, bot_id: str | None) -> bool | None:
        """Subscribe to the closed candles of its symbols and time frames."""
        return await subscribe_to_candles(self, self._on_candle)

    async def evaluate_history(self) -> None:
        await evaluate_last_candles(self, self._on_candle)

    async def _on_candle(
        self,
        exchange: str,
        exchange_id: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str,
        candle: list[float],
        is_quiet: bool = False,
    ) -> None:
        time = get_eval_time(full_candle=candle, time_frame=time_frame)
        async with self._turn:
            self._is_quiet = is_quiet
            try:
                symbol_data = self.get_exchange_symbol_data(exchange, exchange_id, symbol)
                note = await self.script(
                    ScriptContext(exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, time, symbol_data)
                )
                if note is not None:
                    self.eval_note = note
                    await self.evaluation_completed(cryptocurrency, symbol, time_frame, eval_time=time)
            except Exception as error:  # noqa: BLE001 - one tentacle's failure stays its own
                self.evaluation_failed(error, cryptocurrency, symbol, time_frame)
            finally:
                self._is_quiet = False
