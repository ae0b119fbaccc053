# SPDX-License-Identifier: Apache-2.0
"""The kinds of evaluators."""

from __future__ import annotations

from enum import StrEnum


class EvaluatorMatrixTypes(StrEnum):
    """The kind of an evaluator, the second part of its path in the matrix."""

    TA = "TA"
    SOCIAL = "SOCIAL"
    REAL_TIME = "REAL_TIME"
    SCRIPTED = "SCRIPTED"
    STRATEGIES = "STRATEGIES"
