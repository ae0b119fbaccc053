# SPDX-License-Identifier: Apache-2.0
"""Technical evaluators: called with each closed candle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator
from octobot_evaluators.evaluators.candles import evaluate_last_candles, last_closed_candle, subscribe_to_candles
from octobot_evaluators.evaluators.note_output import NoteOutput
from octobot_evaluators.evaluators.turn import Turn
from octobot_evaluators.matrix.cycles import Cell

if TYPE_CHECKING:
    from octobot_commons.configuration import TentaclesSetupConfig


class TAEvaluator(AbstractEvaluator):
    """Evaluates the candles of its symbols and time frames, one at a time."""

    EVALUATOR_TYPE = EvaluatorMatrixTypes.TA

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self._turn = Turn()
        self._candle_topic: tuple[str, str, str] | None = None

    async def ohlcv_callback(
        self,
        exchange: str,
        exchange_id: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str,
        candle: list[float],
        inc_in_construction_data: bool,
    ) -> None:
        """Evaluate a closed candle and call ``evaluation_completed``.

        Called positionally. With ``inc_in_construction_data`` it is the last closed candle once more, and the candle in
        construction counts too.
        """
        raise NotImplementedError(f"{self.get_name()} has no ohlcv_callback")

    async def start(self, bot_id: str | None) -> bool | None:
        """Subscribe to the closed candles of its symbols and time frames."""
        return await subscribe_to_candles(self, self._on_candle)

    async def evaluate_history(self) -> None:
        await evaluate_last_candles(self, self._on_candle)

    async def evaluate_again(self, exchange_id: str, cell: Cell) -> None:
        """Evaluate the last closed candle of this cell together with the candle in construction, if there is one."""
        exchange, _, _, cryptocurrency, symbol, time_frame = (part or "" for part in cell)
        try:
            candle = last_closed_candle(self.get_exchange_symbol_data(exchange, exchange_id, symbol), time_frame)
        except Exception as error:  # noqa: BLE001 - one tentacle's failure stays its own
            self.evaluation_failed(error, cryptocurrency, symbol, time_frame)
            return
        if candle is not None:
            await self._on_candle(exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, True)

    async def _on_candle(
        self,
        exchange: str,
        exchange_id: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str,
        candle: list[float],
        inc_in_construction_data: bool = False,
        is_quiet: bool = False,
    ) -> None:
        turn = self._turn
        if turn.is_taken:
            await turn.wait()
        turn.is_taken = True
        if is_quiet:
            self._is_quiet = True
        self._candle_topic = (cryptocurrency, symbol, time_frame)
        try:
            await self.ohlcv_callback(
                exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc_in_construction_data
            )
        except Exception as error:  # noqa: BLE001 - one tentacle's failure stays its own
            self.evaluation_failed(error, cryptocurrency, symbol, time_frame)
        finally:
            self._candle_topic = None
            if is_quiet:
                self._is_quiet = False
            if turn.waiting:
                turn.release()
            else:
                turn.is_taken = False

    def _open_output(self, cryptocurrency: str | None, symbol: str | None, time_frame: str | None) -> NoteOutput:
        place = self._place(cryptocurrency, symbol, time_frame)
        output = self._outputs.get(place)
        return super()._open_output(*place) if output is None else output

    def evaluation_failed(
        self, error: Exception, cryptocurrency: str | None, symbol: str | None, time_frame: str | None
    ) -> None:
        super().evaluation_failed(error, *self._place(cryptocurrency, symbol, time_frame))

    def _place(
        self, cryptocurrency: str | None, symbol: str | None, time_frame: str | None
    ) -> tuple[str | None, str | None, str | None]:
        """What ``evaluation_completed`` was not told is what the candle under evaluation is about."""
        topic = self._candle_topic
        if topic is None:
            return cryptocurrency, symbol, time_frame
        return cryptocurrency or topic[0], symbol or topic[1], time_frame or topic[2]
