# SPDX-License-Identifier: Apache-2.0
"""RedditForumEvaluator: whether the posts about a crypto-currency sound good or bad.

``docs/RedditForumEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.feed_notes import FeedNotes
from octobot_tentacles.evaluators.social.sentiment import LIFETIME, RecentNotes, text_note
from octobot_tentacles.service_feeds.reddit import RedditPostData, RedditServiceFeed

_CURRENCIES, _CURRENCY, _SUBREDDITS = "crypto-currencies", "crypto-currency", "subreddits"
DEFAULT_SUBREDDITS = {"Bitcoin": ["Bitcoin"], "Ethereum": ["ethereum"]}


class RedditForumEvaluator(FeedNotes):
    """One instance for each crypto-currency, which hears the subreddits about it."""

    SERVICE_FEED_CLASS = RedditServiceFeed

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        #: Of this instance's crypto-currency, in small letters.
        self.subreddits: frozenset[str] = frozenset()
        self._recent = RecentNotes()

    @classmethod
    def get_is_cryptocurrencies_wildcard(cls) -> bool:
        """Each has its subreddits."""
        return False

    @classmethod
    def get_is_cryptocurrency_name_wildcard(cls) -> bool:
        """Each has its subreddits."""
        return False

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings, and ask the feed for these subreddits.

        Raises:
            SettingError: the name of a crypto-currency or of a subreddit is empty.
        """
        default = [{_CURRENCY: name, _SUBREDDITS: list(its)} for name, its in DEFAULT_SUBREDDITS.items()]
        entries = self.UI.user_input(
            _CURRENCIES,
            UserInputTypes.OBJECT_ARRAY,
            default,
            inputs,
            title="Crypto-currencies: the subreddits about each.",
            item_title="Crypto-currency",
        )
        asked: list[str] = []
        for index in range(len(entries)):
            currency, subreddits = self._entry(index, inputs)
            if self.cryptocurrency is not None and currency.casefold() == self.cryptocurrency.casefold():
                asked += subreddits
        self.subreddits = frozenset(name.casefold() for name in asked)
        self.feed_config = {_SUBREDDITS: asked}

    def _entry(self, index: int, inputs: dict[str, Any]) -> tuple[str, list[str]]:
        at: dict[str, Any] = {"parent_input_name": _CURRENCIES, "array_indexes": [index]}
        currency = self.UI.user_input(
            _CURRENCY, UserInputTypes.TEXT, "", inputs, title="Crypto-currency: its name in the profile.", **at
        )
        subreddits = self.UI.user_input(
            _SUBREDDITS, UserInputTypes.STRING_ARRAY, [], inputs, title="Subreddits: their names.", **at
        )
        names = [name.strip().removeprefix("r/") for name in subreddits]
        for key, name in ((_CURRENCY, currency.strip()), *((_SUBREDDITS, name) for name in names)):
            if not name:
                raise SettingError(
                    "a name is empty",
                    file=self.UI.file,
                    field=f"{_CURRENCIES}[{index}].{key}",
                    remedy=f'write it like {{"{_CURRENCY}": "Bitcoin", "{_SUBREDDITS}": ["Bitcoin"]}}',
                )
        return currency.strip(), names

    async def _feed_callback(self, data: Any) -> None:
        post = RedditPostData.parse(data)
        if post.subreddit.casefold() in self.subreddits:
            note = text_note(post.title, post.text)
            await self.complete(self._recent.mean_with(self.get_current_exchange_time(), note), LIFETIME)
