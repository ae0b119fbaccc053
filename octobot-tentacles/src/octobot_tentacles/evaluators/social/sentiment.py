# SPDX-License-Identifier: Apache-2.0
"""What social evaluators do that read texts: whether they sound good or bad, on the average of the last hours."""

from __future__ import annotations

import math
from collections import deque

from octobot_tentacles.evaluators.social.feed_notes import HOUR
from octobot_tentacles.evaluators.util.text_analysis import TextAnalysis

#: How long a text counts, and a note after the last text.
LIFETIME = 6 * HOUR
#: Of more texts the newest count.
MOST_TEXTS = 200


def text_note(title: str, text: str) -> float:
    """The note of a text: -1 (buy) for the best of news. What stands in the title counts as much as all the rest."""
    good = TextAnalysis.analyse(title)
    if text.strip():
        good = (good + TextAnalysis.analyse(text)) / 2.0
    return -good + 0.0


class RecentNotes:
    """The notes of the texts of the last hours."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, float]] = deque(maxlen=MOST_TEXTS)

    def mean_with(self, time: float, note: float) -> float:
        """One more, and the mean of all that count at this time."""
        while self._notes and self._notes[0][0] + LIFETIME <= time:
            self._notes.popleft()
        self._notes.append((time, note))
        return math.fsum(known for _, known in self._notes) / len(self._notes)
