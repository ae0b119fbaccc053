# SPDX-License-Identifier: Apache-2.0
"""A feed and a social evaluator that know nothing of where they run."""

from __future__ import annotations

from typing import Any, ClassVar

from octobot_commons.services import ServiceFeed
from octobot_evaluators.evaluators import SocialEvaluator


class MoodFeed(ServiceFeed):
    """Tells when a test says so; each one that was started is kept."""

    started: ClassVar[list[MoodFeed]] = []

    async def start(self) -> None:
        self.started.append(self)


class MoodEvaluator(SocialEvaluator):
    """Its note is the mean of the last three moods."""

    SERVICE_FEED_CLASS = MoodFeed
    heard: ClassVar[list[tuple[float, Any]]] = []

    async def _feed_callback(self, data: Any) -> None:
        now = self.get_current_exchange_time()
        self.heard.append((now, data))
        moods = [one["mood"] for one in self.get_data_cache(now, key="Bitcoin")[-3:]]
        self.eval_note = sum(moods) / len(moods)
        self.save_evaluation_expiration_time(6 * 3600.0)
        await self.evaluation_completed("Bitcoin", "BTC/USDT", eval_time=now)
