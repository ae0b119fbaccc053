# SPDX-License-Identifier: Apache-2.0
"""Evaluating again on what is known now, the candle in construction included."""

from __future__ import annotations

from collections.abc import Iterable

from octobot_commons.enums import TimeFrames
from octobot_commons.time_frame_manager import parse_time_frame
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.matrix.registry import get_matrix

_TA = EvaluatorMatrixTypes.TA.value


async def trigger_technical_evaluators_re_evaluation_with_updated_data(
    matrix_id: str,
    evaluator_name: str | None,
    evaluator_type: str | None,
    exchange_name: str,
    cryptocurrency: str,
    symbol: str,
    exchange_id: str,
    time_frames: Iterable[TimeFrames | str],
) -> None:
    """Have every technical evaluator of this symbol and these time frames evaluate again, and wait until they did.

    Each is called with its last closed candle and ``inc_in_construction_data=True``. When all of them have evaluated,
    their strategies are called once more, as at the end of any cycle. ``evaluator_name`` and ``evaluator_type`` say
    whose note is the reason. An evaluator that fails is logged and counted, and the others go on.
    """
    cycles = get_matrix(matrix_id).cycles
    asked = [parse_time_frame(time_frame).value for time_frame in time_frames]
    found = cycles.owners(_TA, (exchange_name, cryptocurrency, symbol), asked)
    targets = [(evaluator, cell) for evaluator, cell in found if evaluator.enable_reevaluation()]
    cycles.expect(cell for _, cell in targets)
    for evaluator, cell in targets:
        await evaluator.evaluate_again(exchange_id, cell)
