# SPDX-License-Identifier: Apache-2.0
"""What strategies do alike: read valid notes, tell numbers from other notes, ask for new evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.evaluators.channel import trigger_technical_evaluators_re_evaluation_with_updated_data
from octobot_evaluators.matrix import Matrix
from octobot_trading import api

if TYPE_CHECKING:
    from octobot_evaluators.evaluators import StrategyEvaluator

TA = EvaluatorMatrixTypes.TA.value
SOCIAL = EvaluatorMatrixTypes.SOCIAL.value
REAL_TIME = EvaluatorMatrixTypes.REAL_TIME.value


def is_number(note: Any) -> TypeGuard[float]:
    """Whether a note is a number; True and False are none."""
    return type(note) is float or (isinstance(note, int | float) and not isinstance(note, bool))


def valid_notes(
    matrix: Matrix, exchange_name: str, kind: str, cryptocurrency: str, symbol: str, time_frame: str | None
) -> dict[str, Any]:
    """Evaluator → its note, of those of this kind and place that count now."""
    return matrix.valid_notes(
        matrix.clock.now(), matrix.allowed_delta, exchange_name, kind, cryptocurrency, symbol, time_frame
    )


async def re_evaluate(
    strategy: StrategyEvaluator,
    matrix_id: str,
    evaluator_name: str,
    evaluator_type: str,
    exchange_name: str,
    cryptocurrency: str,
    symbol: str,
) -> None:
    """Have the technical evaluators of a symbol look at the candle in construction."""
    await trigger_technical_evaluators_re_evaluation_with_updated_data(
        matrix_id,
        evaluator_name,
        evaluator_type,
        exchange_name,
        cryptocurrency,
        symbol,
        api.get_exchange_id_from_matrix_id(exchange_name, matrix_id),
        strategy.strategy_time_frames,
    )
