# SPDX-License-Identifier: Apache-2.0
"""Between the Matrix channel and a strategy, without a coroutine of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from octobot_evaluators.evaluators.channel import MatrixChannelConsumer

if TYPE_CHECKING:
    from octobot_evaluators.evaluators.strategy_evaluator import StrategyEvaluator


class StrategyConsumer(MatrixChannelConsumer):
    """Calls ``matrix_callback`` positionally, in the form that the strategy takes; its failures are the strategy's."""

    def __init__(self, strategy: StrategyEvaluator, takes_description: bool) -> None:
        callback = self._call if takes_description else self._call_without_description
        super().__init__(callback, priority_level=strategy.priority_level)
        self._strategy = strategy

    def failed(self, error: Exception, message: Any) -> None:
        self.failures += 1
        self._strategy.evaluation_failed(error, message["cryptocurrency"], message["symbol"], message["time_frame"])

    # Not async: what matrix_callback returns is awaited by who calls them.

    def _call(
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
    ) -> Awaitable[None]:
        return self._strategy.matrix_callback(
            matrix_id,
            evaluator_name,
            evaluator_type,
            eval_note,
            eval_note_type,
            eval_note_description,
            eval_note_metadata,
            exchange_name,
            cryptocurrency,
            symbol,
            time_frame,
        )

    def _call_without_description(
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
    ) -> Awaitable[None]:
        older: Callable[..., Awaitable[None]] = self._strategy.matrix_callback
        return older(
            matrix_id,
            evaluator_name,
            evaluator_type,
            eval_note,
            eval_note_type,
            exchange_name,
            cryptocurrency,
            symbol,
            time_frame,
        )
