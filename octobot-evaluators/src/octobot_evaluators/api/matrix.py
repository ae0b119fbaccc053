# SPDX-License-Identifier: Apache-2.0
"""What a node of the matrix holds."""

from __future__ import annotations

from typing import Any

from octobot_evaluators.matrix import MatrixNode


def get_value(node: MatrixNode) -> Any:
    """The note."""
    return node.node_value


def get_type(node: MatrixNode) -> Any:
    """The type of the note, as the evaluator declared it."""
    return node.node_type


def get_time(node: MatrixNode) -> float | None:
    """When the note was evaluated, None when there is none."""
    return node.node_value_time


def get_description(node: MatrixNode) -> Any:
    """The evaluator's words about the note."""
    return node.node_description


def get_metadata(node: MatrixNode) -> Any:
    """What the evaluator attached to the note."""
    return node.node_metadata
