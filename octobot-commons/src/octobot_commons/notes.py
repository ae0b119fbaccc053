# SPDX-License-Identifier: Apache-2.0
"""What trading modes know of evaluations, so that they need not know evaluators."""

from __future__ import annotations

from typing import Any, Protocol


class NotesReader(Protocol):
    """Reads the notes that strategies have reached."""

    def get_strategy_notes(
        self,
        matrix_id: str,
        exchange_name: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str | None = None,
    ) -> dict[str, Any]:
        """Strategy name → note, of those strategies whose note is valid now."""
