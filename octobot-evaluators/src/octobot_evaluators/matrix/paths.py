# SPDX-License-Identifier: Apache-2.0
"""Paths into a matrix: lists of the parts that are present."""

from __future__ import annotations


def get_tentacle_path(
    exchange_name: str | None = None, tentacle_type: str | None = None, tentacle_name: str | None = None
) -> list[str]:
    """The path of an evaluator, without what it evaluates."""
    return _present(exchange_name, tentacle_type, tentacle_name)


def get_tentacle_value_path(
    cryptocurrency: str | None = None, symbol: str | None = None, time_frame: str | None = None
) -> list[str]:
    """The path of a value below its evaluator."""
    return _present(cryptocurrency, symbol, time_frame)


def get_matrix_default_value_path(
    tentacle_name: str | None,
    tentacle_type: str | None,
    exchange_name: str | None = None,
    cryptocurrency: str | None = None,
    symbol: str | None = None,
    time_frame: str | None = None,
) -> list[str]:
    """The whole path of a value; the evaluator's name comes first among the arguments, as in OctoBot 2."""
    return _present(exchange_name, tentacle_type, tentacle_name, cryptocurrency, symbol, time_frame)


def _present(*parts: str | None) -> list[str]:
    return [part for part in parts if part is not None]
