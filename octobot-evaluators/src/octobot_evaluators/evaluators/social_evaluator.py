# SPDX-License-Identifier: Apache-2.0
"""Social evaluators: called with what a service feed tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from async_channel import Consumer
from octobot_commons.enums import TimeFrames
from octobot_commons.services import FeedSubscription, ServiceFeed, ServiceFeeds, get_service_feeds
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.errors import EvaluatorDefinitionError
from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator
from octobot_evaluators.evaluators.registration import RegistrationTopic
from octobot_trading import api as trading_api

if TYPE_CHECKING:
    from octobot_commons.configuration import TentaclesSetupConfig


class SocialEvaluator(AbstractEvaluator):
    """Evaluates posts, news and indexes as they become known, live and in a backtest alike.

    Its note lives until it is replaced or its time to live ends (``save_evaluation_expiration_time``).

    Attributes:
        feed_config: what it asks of its feed, such as the channels to follow; fill it in ``init_user_inputs``.
    """

    EVALUATOR_TYPE = EvaluatorMatrixTypes.SOCIAL
    #: The feed that it listens to.
    SERVICE_FEED_CLASS: ClassVar[type[ServiceFeed] | None] = None

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.feed_config: dict[str, Any] = {}
        self._feeds: ServiceFeeds | None = None
        self._subscription: FeedSubscription | None = None

    async def _feed_callback(self, *args: Any) -> None:
        """Evaluate what the feed tells and call ``evaluation_completed``. Called positionally with its data."""
        raise NotImplementedError(f"{self.get_name()} has no _feed_callback")

    def get_current_exchange_time(self) -> float:
        """The time in Unix seconds; in a backtest that of the data."""
        if self._exchange_manager is None:
            return self._now()
        return trading_api.get_exchange_current_time(self._exchange_manager)

    def get_data_cache(self, current_time: float, key: str | None = None) -> list[Any]:
        """What the feed told up to ``current_time``, about ``key`` where it is given, oldest first."""
        if self._feeds is None or self._subscription is None:
            return []
        return self._feeds.known(self._subscription.feed_class, current_time, key)

    async def start(self, bot_id: str | None) -> bool | None:
        """Subscribe to the feed, which is started if nobody listens yet.

        Raises:
            EvaluatorDefinitionError: the class names no feed.
            SettingError, EnvironmentFault, DataError: the feed cannot be started, or was not recorded.
        """
        feed_class = self.SERVICE_FEED_CLASS
        if feed_class is None:
            raise EvaluatorDefinitionError(
                f"{self.get_name()} listens to no feed", remedy="set SERVICE_FEED_CLASS, or override start"
            )
        if bot_id is None:
            return False
        self._feeds = get_service_feeds(bot_id)
        self._subscription = await self._feeds.subscribe(
            feed_class, consumer=FeedConsumer(self), feed_config=self.feed_config
        )
        return True

    async def stop_evaluator(self, keeps_notes: bool = False) -> None:
        await super().stop_evaluator(keeps_notes)
        if self._feeds is not None and self._subscription is not None:
            await self._feeds.unsubscribe(self._subscription)
            self._subscription = None

    def _get_tentacle_registration_topic(
        self,
        all_symbols_by_crypto_currencies: dict[str, list[str]],
        time_frames: list[TimeFrames],
        real_time_time_frames: list[TimeFrames],
    ) -> RegistrationTopic:
        """What this instance is about; without a symbol or time frame it is about no particular one."""
        cryptocurrencies = list(all_symbols_by_crypto_currencies)
        if self.cryptocurrency is not None:
            cryptocurrencies = [self.cryptocurrency]
        return cryptocurrencies, [self.symbol], [self.time_frame]


class FeedConsumer(Consumer):
    """Between a feed's channel and a social evaluator; its failures are the evaluator's."""

    def __init__(self, evaluator: SocialEvaluator) -> None:
        super().__init__(self._call, priority_level=evaluator.priority_level)
        self._evaluator = evaluator

    def failed(self, error: Exception, message: Any) -> None:
        self.failures += 1
        self._evaluator.evaluation_failed(error, self._evaluator.cryptocurrency, self._evaluator.symbol, None)

    async def _call(self, feed: str, time: float, key: str | None, data: Any) -> None:
        await self._evaluator._feed_callback(data)
