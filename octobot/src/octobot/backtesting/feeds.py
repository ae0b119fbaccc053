# SPDX-License-Identifier: Apache-2.0
"""Finds the recorded events of the service feeds that a backtest's evaluators listen to."""

from __future__ import annotations

from pathlib import Path

from octobot.tentacles import ActiveTentacles
from octobot_commons.configuration import Profile, user_folder
from octobot_commons.errors import DataError
from octobot_commons.services import open_recorded_events
from octobot_evaluators.evaluators import SocialEvaluator


def feeds_path() -> Path:
    """The file that live feeds are recorded into."""
    return user_folder() / "feeds.sqlite"


def find_feeds(given: Path | None, profile: Profile, tentacles: ActiveTentacles) -> Path | None:
    """The file with the events of every feed that these tentacles listen to; None where they listen to none.

    It is the given one, else the profile's, else what the bot has recorded.

    Raises:
        DataError: a feed was not recorded, as without it the backtest would not do what the bot does live.
    """
    listeners = _listeners(tentacles)
    if given is None and not listeners:
        return None
    if given is None and profile.backtesting.feeds is not None:
        given = (profile.path or Path()) / profile.backtesting.feeds
    path = feeds_path() if given is None else given
    if given is None and not path.exists():
        feed, evaluator = next(iter(listeners.items()))
        raise DataError(
            f"{evaluator} listens to {feed}, of which no events are recorded",
            field="--feeds",
            remedy=f"give a file of recorded feeds with --feeds, or set {evaluator} to false in tentacles_config.json",
        )
    with open_recorded_events(path) as store:
        for feed in listeners:
            store.check_has(feed)
    return path


def _listeners(tentacles: ActiveTentacles) -> dict[str, str]:
    """Feed → the first tentacle that listens to it."""
    found: dict[str, str] = {}
    for evaluator in tentacles.evaluators:
        if issubclass(evaluator, SocialEvaluator) and evaluator.SERVICE_FEED_CLASS is not None:
            found.setdefault(evaluator.SERVICE_FEED_CLASS.get_name(), evaluator.get_name())
    for feed in tentacles.trading_mode.SERVICE_FEED_CLASSES:
        found.setdefault(feed.get_name(), tentacles.trading_mode.get_name())
    return found
