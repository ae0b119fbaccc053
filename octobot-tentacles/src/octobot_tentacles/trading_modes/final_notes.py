# SPDX-License-Identifier: Apache-2.0
"""What the strategies of a symbol have noted, for trading modes that conclude from it."""

from __future__ import annotations

import math
from typing import Any

from octobot_commons.errors import BugError
from octobot_trading.modes import AbstractTradingMode


def strategy_notes(
    mode: AbstractTradingMode, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None
) -> dict[str, Any]:
    """Strategy → its valid note about a symbol, whatever its type.

    A strategy's note stands for its symbol; those that note each time frame by itself are asked for this one.

    Raises:
        BugError: the mode was started without anything to read notes from.
    """
    reader = mode.notes_reader
    if reader is None:
        raise BugError(f"{mode.get_name()} was started without anything to read notes from")
    exchange_name = mode.exchange_manager.exchange_name
    notes = reader.get_strategy_notes(matrix_id, exchange_name, cryptocurrency, symbol)
    if not notes and time_frame is not None:
        notes = reader.get_strategy_notes(matrix_id, exchange_name, cryptocurrency, symbol, time_frame)
    return dict(notes)


def number_notes(
    mode: AbstractTradingMode, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None
) -> list[float]:
    """The valid notes that are finite numbers.

    Raises:
        BugError: the mode was started without anything to read notes from.
    """
    notes = strategy_notes(mode, matrix_id, cryptocurrency, symbol, time_frame)
    return [float(note) for note in notes.values() if _is_number(note)]


def _is_number(note: Any) -> bool:
    if type(note) is float:
        return math.isfinite(note)
    return isinstance(note, int | float) and not isinstance(note, bool) and math.isfinite(note)
