# SPDX-License-Identifier: Apache-2.0
"""What evaluators of closes do when there is nothing to note."""

from __future__ import annotations

from typing import Protocol

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.logging import BotLogger
from octobot_tentacles.errors import IndicatorInputError
from octobot_tentacles.indicators import FloatArray


class NotesCloses(Protocol):
    """An evaluator that makes a note of closes."""

    logger: BotLogger

    def note_of(self, closes: FloatArray) -> float | None:
        """The note of these closes, None when they are too few; IndicatorInputError when one is no number."""


def note_or_pending(evaluator: NotesCloses, symbol: str, time_frame: str, closes: FloatArray) -> float | str:
    """The evaluator's note, or the pending one while closes are too few or where one of them is no number."""
    try:
        note = evaluator.note_of(closes)
    except IndicatorInputError as error:
        evaluator.logger.debug("%s on %s is left pending: %s", symbol, time_frame, error)
        note = None
    return START_PENDING_EVAL_NOTE if note is None else note
