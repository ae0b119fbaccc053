# SPDX-License-Identifier: Apache-2.0
"""Reading several places of a matrix at once."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from octobot_commons.time_frame_manager import sort_time_frames
from octobot_evaluators.matrix._matrix import MatrixNode
from octobot_evaluators.matrix.matrix import DURATIONS
from octobot_evaluators.matrix.paths import get_tentacle_path, get_tentacle_value_path
from octobot_evaluators.matrix.registry import get_matrix


def get_tentacle_nodes(
    matrix_id: str,
    exchange_name: str | None = None,
    tentacle_type: str | None = None,
    tentacle_name: str | None = None,
) -> list[MatrixNode]:
    """The node of this evaluator, or of every one of this exchange and type."""
    path = get_tentacle_path(exchange_name, tentacle_type, tentacle_name)
    node = get_matrix(matrix_id).find(path)
    if node is None:
        return []
    return list(node.children.values()) if tentacle_name is None else [node]


def get_tentacles_value_nodes(
    matrix_id: str,
    tentacle_nodes: Iterable[MatrixNode],
    cryptocurrency: str | None = None,
    symbol: str | None = None,
    time_frame: str | None = None,
) -> list[MatrixNode]:
    """The nodes of this cryptocurrency, symbol and time frame below these evaluators, where they exist."""
    path = get_tentacle_value_path(cryptocurrency, symbol, time_frame)
    found = (_below(node, path) for node in tentacle_nodes)
    return [node for node in found if node is not None]


def get_evaluations_by_evaluator(
    matrix_id: str,
    exchange_name: str | None = None,
    tentacle_type: str | None = None,
    cryptocurrency: str | None = None,
    symbol: str | None = None,
    time_frame: str | None = None,
    allow_missing: bool = True,
    allowed_values: Container[Any] | None = None,
) -> dict[str, MatrixNode]:
    """Evaluator name → node, of every evaluator whose value there is set or one of ``allowed_values``.

    None, a pending note, no number, and a value whose time to live is over count as unset. Evaluators that never
    evaluated this place have no node and are left out.

    Raises:
        UnsetTentacleEvaluation: a value is unset and ``allow_missing`` is False.
    """
    matrix = get_matrix(matrix_id)
    return matrix.evaluations(
        matrix.clock.now(),
        exchange_name,
        tentacle_type,
        cryptocurrency,
        symbol,
        time_frame,
        allow_missing,
        allowed_values,
    )


def get_latest_eval_time(
    matrix_id: str,
    exchange_name: str | None = None,
    tentacle_type: str | None = None,
    cryptocurrency: str | None = None,
    symbol: str | None = None,
    time_frame: str | None = None,
) -> float | None:
    """The latest evaluation time of these evaluators' values, None when there is none."""
    entries = get_matrix(matrix_id).entries(exchange_name, tentacle_type, cryptocurrency, symbol, time_frame)
    return max((node.node_value_time for _, node in entries if node.node_value_time is not None), default=None)


def get_available_time_frames(
    matrix_id: str,
    exchange_name: str | None = None,
    tentacle_type: str | None = None,
    cryptocurrency: str | None = None,
    symbol: str | None = None,
) -> list[str]:
    """The time frames that these evaluators wrote for this symbol, from the shortest."""
    entries = get_matrix(matrix_id).entries(exchange_name, tentacle_type, cryptocurrency, symbol, None)
    return sort_time_frames({key for _, node in entries for key in node.children if key in DURATIONS})


def get_available_symbols(
    matrix_id: str,
    exchange_name: str | None = None,
    cryptocurrency: str | None = None,
    tentacle_type: str | None = None,
) -> list[str]:
    """The symbols of this cryptocurrency that evaluators of the type (default: of any type) wrote, sorted."""
    entries = get_matrix(matrix_id).entries(exchange_name, tentacle_type, cryptocurrency, None, None)
    return sorted({key for _, node in entries for key in node.children if key not in DURATIONS})


def _below(node: MatrixNode, path: list[str]) -> MatrixNode | None:
    found: MatrixNode | None = node
    for part in path:
        if found is None:
            return None
        found = found.children.get(part)
    return found
