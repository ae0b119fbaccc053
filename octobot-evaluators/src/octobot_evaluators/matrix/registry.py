# SPDX-License-Identifier: Apache-2.0
"""The matrices of this process, by id."""

from __future__ import annotations

from octobot_commons.clock import Clock, LiveClock
from octobot_evaluators.errors import UnknownMatrixError
from octobot_evaluators.matrix.matrix import Matrix

_MATRICES: dict[str, Matrix] = {}


def create_matrix(matrix_id: str, clock: Clock | None = None, allowed_delta: float = 0.0) -> Matrix:
    """Create the matrix of this id, on the exchange's clock (default: the machine's).

    Raises:
        ValueError: there is one already.
    """
    if matrix_id in _MATRICES:
        raise ValueError(f"there is already a matrix {matrix_id!r}")
    matrix = _MATRICES[matrix_id] = Matrix(matrix_id, LiveClock() if clock is None else clock, allowed_delta)
    return matrix


def get_matrix(matrix_id: str) -> Matrix:
    """The matrix of this id.

    Raises:
        UnknownMatrixError: there is none.
    """
    try:
        return _MATRICES[matrix_id]
    except KeyError:
        raise UnknownMatrixError(f"there is no matrix {matrix_id!r}", remedy="create it with create_matrix") from None


def delete_matrix(matrix_id: str) -> None:
    """Forget the matrix of this id; does nothing when there is none."""
    _MATRICES.pop(matrix_id, None)
