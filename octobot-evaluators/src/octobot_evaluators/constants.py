# SPDX-License-Identifier: Apache-2.0
"""Values that tentacles and this package agree on."""

from __future__ import annotations

from typing import Final

from octobot_evaluators.enums import EvaluatorMatrixTypes

#: The type of a note, unless the evaluator says otherwise.
EVALUATOR_EVAL_DEFAULT_TYPE: Final = float

MIN_EVAL_NOTE: Final = -1
MAX_EVAL_NOTE: Final = 1
START_EVAL_PERTINENCE: Final = 1

#: Keys of a strategy's settings file.
STRATEGIES_REQUIRED_TIME_FRAME: Final = "required_time_frames"
STRATEGIES_REQUIRED_EVALUATORS: Final = "required_evaluators"
STRATEGIES_DEFAULT_EVALUATORS: Final = "default_config"
STRATEGIES_COMPATIBLE_EVALUATOR_TYPES: Final = "compatible_evaluator_types"

#: The kinds of evaluators that a strategy may listen to.
STRATEGY_INPUT_TYPES: Final = (
    EvaluatorMatrixTypes.TA.value,
    EvaluatorMatrixTypes.SOCIAL.value,
    EvaluatorMatrixTypes.REAL_TIME.value,
    EvaluatorMatrixTypes.SCRIPTED.value,
)

#: How long a note stays valid after its time frame, for exchanges and networks that are late.
LIVE_ALLOWED_DELTA_SECONDS: Final = 10.0
