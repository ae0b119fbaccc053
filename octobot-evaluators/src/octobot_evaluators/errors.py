# SPDX-License-Identifier: Apache-2.0
"""The errors of this package.

::

    OctoBotError (octobot_commons)
    ├── UserInputError
    │   ├── UnsetTentacleEvaluation   a strategy asked for notes that are not all there yet
    │   └── EvaluatorDefinitionError  an evaluator's class cannot be used as it is written
    └── BugError
        ├── UnknownMatrixError        no matrix has this id
        └── UnknownChannelError       no channel of this name belongs to this matrix
"""

from __future__ import annotations

from octobot_commons.errors import BugError, UserInputError


class UnsetTentacleEvaluation(UserInputError):  # noqa: N818 - the name that tentacles catch
    """An evaluation is missing or pending, and the reader did not allow it to be."""


class EvaluatorDefinitionError(UserInputError):
    """An evaluator's class cannot be used as it is written."""


class UnknownMatrixError(BugError, LookupError):
    """No matrix has this id."""


class UnknownChannelError(BugError, LookupError):
    """No channel of this name belongs to this matrix."""
