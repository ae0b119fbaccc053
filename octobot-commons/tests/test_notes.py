# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import inspect

from octobot_commons.notes import NotesReader


def test_what_a_reader_is_asked() -> None:
    parameters = list(inspect.signature(NotesReader.get_strategy_notes).parameters)
    assert parameters == ["self", "matrix_id", "exchange_name", "cryptocurrency", "symbol", "time_frame"]
