# SPDX-License-Identifier: Apache-2.0
"""What all social evaluators here do with a note: it counts for a while, from the time of the event on."""

from __future__ import annotations

from typing import Any

from octobot_evaluators.evaluators import SocialEvaluator

HOUR, DAY = 3_600.0, 86_400.0


class FeedNotes(SocialEvaluator):
    """Notes what its feed tells. An event of another shape is a failure: it is logged, and there is no note then."""

    async def complete(
        self, note: Any, lifetime: float, cryptocurrency: str | None = None, symbol: str | None = None
    ) -> None:
        """Write a note that counts for ``lifetime`` seconds."""
        self.eval_note = note
        self.save_evaluation_expiration_time(lifetime)
        await self.evaluation_completed(cryptocurrency, symbol, eval_time=self.get_current_exchange_time())
