# SPDX-License-Identifier: Apache-2.0
"""The two generations of strategies: called with the note's description and metadata, or without."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from octobot_evaluators.errors import EvaluatorDefinitionError

#: matrix_id … eval_note_type, description, metadata, exchange_name … time_frame
ARGUMENTS = 11
ARGUMENTS_WITHOUT_DESCRIPTION = 9


def takes_description(matrix_callback: Callable[..., Any], strategy_name: str) -> bool:
    """Whether a bound ``matrix_callback`` takes 11 arguments rather than 9.

    Raises:
        EvaluatorDefinitionError: it takes neither.
    """
    signature = inspect.signature(matrix_callback)
    for arguments in (ARGUMENTS, ARGUMENTS_WITHOUT_DESCRIPTION):
        try:
            signature.bind(*range(arguments))
        except TypeError:
            continue
        return arguments == ARGUMENTS
    raise EvaluatorDefinitionError(
        f"{strategy_name}.matrix_callback{signature} takes neither {ARGUMENTS} nor {ARGUMENTS_WITHOUT_DESCRIPTION}"
        " positional arguments",
        remedy="declare matrix_id, evaluator_name, evaluator_type, eval_note, eval_note_type, eval_note_description,"
        " eval_note_metadata, exchange_name, cryptocurrency, symbol, time_frame",
    )
