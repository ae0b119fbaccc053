# SPDX-License-Identifier: Apache-2.0
"""What social evaluators do that follow the trend of a value of the whole market, told once a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.feed_notes import DAY, FeedNotes
from octobot_tentacles.evaluators.util.trend_analysis import TrendAnalysis

DEFAULT_AVERAGES = (40, 30, 20, 15, 10)
LONGEST_AVERAGE = 1_000
#: One day without a new value is borne with.
LIFETIME = 2 * DAY
_AVERAGES = "trend_averages"


class HasValues(Protocol):
    """Data with a value a day, oldest first."""

    @property
    def values(self) -> Sequence[float]:
        """At least one."""


class AveragesTrend(FeedNotes):
    """Compares averages of the last values, the longest first: each step up or down is part of the note."""

    #: The note's direction while the value rises: 1 sells, -1 buys.
    RISING: ClassVar[int]

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.trend_averages = DEFAULT_AVERAGES

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings.

        Raises:
            SettingError: an average is no whole number from 1 on or stands there twice, or there are fewer than two.
        """
        averages = self.UI.user_input(
            _AVERAGES,
            UserInputTypes.OBJECT_ARRAY,
            list(DEFAULT_AVERAGES),
            inputs,
            title="Averages: over how many of the last days each is taken.",
        )
        for index, days in enumerate(averages):
            if type(days) is not int or not 1 <= days <= LONGEST_AVERAGE:
                raise self._refused(
                    f"{_AVERAGES}[{index}]", f"{days!r} is no number of days from 1 to {LONGEST_AVERAGE}"
                )
            if days in averages[:index]:
                raise self._refused(f"{_AVERAGES}[{index}]", f"{days} stands there twice")
        if len(averages) < 2:
            raise self._refused(_AVERAGES, "a trend takes at least two averages")
        self.trend_averages = tuple(averages)

    def data_of(self, data: Any) -> HasValues:
        """The data of an event; FeedDataError where it has another shape."""
        raise NotImplementedError(f"{self.get_name()} reads no data")

    async def _feed_callback(self, data: Any) -> None:
        note = self.note_of(self.data_of(data).values)
        await self.complete(START_PENDING_EVAL_NOTE if note is None else note, LIFETIME)

    def note_of(self, values: Sequence[float]) -> float | None:
        """The note of these daily values, None when they are fewer than the longest average takes."""
        longest = max(self.trend_averages)
        if len(values) < longest:
            return None
        # + 0.0: no trend is 0, not -0
        return self.RISING * TrendAnalysis.get_trend(values[-longest:], self.trend_averages) + 0.0

    def _refused(self, field: str, what: str) -> SettingError:
        remedy = f"write whole numbers, each once, like {list(DEFAULT_AVERAGES)}"
        return SettingError(what, file=self.UI.file, field=field, remedy=remedy)
