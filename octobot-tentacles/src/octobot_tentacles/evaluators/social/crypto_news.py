# SPDX-License-Identifier: Apache-2.0
"""CryptoNewsEvaluator: whether the news of the last hours sound good or bad.

``docs/CryptoNewsEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

import re
from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.feed_notes import FeedNotes
from octobot_tentacles.evaluators.social.sentiment import LIFETIME, RecentNotes, text_note
from octobot_tentacles.service_feeds.crypto_news import CryptoNewsData, CryptoNewsServiceFeed


class CryptoNewsEvaluator(FeedNotes):
    """Its note is about the whole market."""

    SERVICE_FEED_CLASS = CryptoNewsServiceFeed

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.language = "en"
        self._recent = RecentNotes()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings, and ask the feed for this language.

        Raises:
            SettingError: it is no code of a language.
        """
        language = self.UI.user_input(
            "language",
            UserInputTypes.TEXT,
            "en",
            inputs,
            title="Language: of the news that are read, as its code of two letters.",
        )
        self.language = language.strip().lower()
        if re.fullmatch("[a-z]{2}", self.language) is None:
            raise SettingError(
                f"{language!r} is no code of a language",
                file=self.UI.file,
                field="language",
                remedy="write its two letters (ISO 639-1), like en",
            )
        self.feed_config = {"languages": [self.language]}

    async def _feed_callback(self, data: Any) -> None:
        news = CryptoNewsData.parse(data)
        if news.language == self.language:
            note = text_note(news.title, news.text)
            await self.complete(self._recent.mean_with(self.get_current_exchange_time(), note), LIFETIME)
