# SPDX-License-Identifier: Apache-2.0
"""Writing and reading one place of a matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from octobot_evaluators.matrix._matrix import MatrixNode
from octobot_evaluators.matrix.registry import get_matrix


def set_tentacle_value(
    matrix_id: str,
    tentacle_path: Sequence[str],
    tentacle_type: Any,
    tentacle_value: Any,
    timestamp: float = 0,
    description: Any = None,
    metadata: Any = None,
) -> None:
    """Write a value of type ``tentacle_type`` at ``tentacle_path``; ``timestamp=0`` means now."""
    matrix = get_matrix(matrix_id)
    matrix.write(tentacle_path, tentacle_value, timestamp or matrix.clock.now(), tentacle_type, description, metadata)


def get_tentacle_node(matrix_id: str, tentacle_path: Sequence[str]) -> MatrixNode | None:
    """The node at ``tentacle_path``, None when there is none."""
    return get_matrix(matrix_id).find(tentacle_path)


def get_tentacle_value(matrix_id: str, tentacle_path: Sequence[str]) -> Any:
    """The value at ``tentacle_path``, None when there is none."""
    node = get_matrix(matrix_id).find(tentacle_path)
    return None if node is None else node.node_value


def get_tentacle_eval_time(matrix_id: str, tentacle_path: Sequence[str]) -> float | None:
    """When the value at ``tentacle_path`` was evaluated, None when there is none."""
    node = get_matrix(matrix_id).find(tentacle_path)
    return None if node is None else node.node_value_time


def delete_tentacle_node(matrix_id: str, tentacle_path: Sequence[str]) -> MatrixNode | None:
    """Remove the node at ``tentacle_path`` with all below it; returns it, None when there was none."""
    return get_matrix(matrix_id).delete(tentacle_path)


def is_tentacle_value_valid(
    matrix_id: str, tentacle_path: Sequence[str], timestamp: float = 0, delta: float | None = None
) -> bool:
    """Whether the value was evaluated less than its time frame and ``delta`` ago.

    ``timestamp=0`` means now; ``delta`` defaults to what the matrix allows. A value that does not exist is not valid.
    """
    matrix = get_matrix(matrix_id)
    node = matrix.find(tentacle_path)
    if node is None:
        return False
    return node.is_valid(timestamp or matrix.clock.now(), matrix.allowed_delta if delta is None else delta)


def is_tentacles_values_valid(
    matrix_id: str, tentacle_path_list: Iterable[Sequence[str]], timestamp: float = 0, delta: float | None = None
) -> bool:
    """Whether every one of these values is valid."""
    return all(is_tentacle_value_valid(matrix_id, path, timestamp, delta) for path in tentacle_path_list)
