# SPDX-License-Identifier: Apache-2.0
"""What is asked of a backtest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import UserInputError
from octobot_trading.enums import FillRule


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """One run. Times are Unix seconds; None leaves the choice to the profile or to the data.

    Attributes:
        profile: name of an installed profile, or the folder of one.
        data: files of candles that take the place of the profile's pairs.
        symbols: pairs that take the place of the profile's.
        time_frames: that take the place of the strategies' required ones.
        start_time, end_time: of what is traded; candles before the start are history that evaluators may read.
        all_notes: keep every note instead of the last of each evaluator.
        fill_rules: what to believe of candles that do not say in which order they reached their prices. Several run
            beside each other on the same notes; the first one's orders and figures are the result's own.
        keeps_causes: keep with each order what it was made from.
        explains: keep what trading modes say of what they did or did not.
        feeds: file of recorded service feeds, by default the one that live feeds are recorded into.
        path: match orders against the shortest candles there are, also where no evaluator reads them.
    """

    profile: str
    data: tuple[Path, ...] = ()
    symbols: tuple[str, ...] = ()
    time_frames: tuple[TimeFrames, ...] = ()
    start_time: float | None = None
    end_time: float | None = None
    seed: int = 0
    all_notes: bool = False
    fill_rules: tuple[FillRule, ...] = (FillRule.PESSIMISTIC,)
    path: bool = False
    keeps_causes: bool = True
    explains: bool = False
    feeds: Path | None = None

    def __post_init__(self) -> None:
        if not self.fill_rules or len(set(self.fill_rules)) < len(self.fill_rules):
            raise UserInputError("fill rules: one of each kind at most, and at least one", field="fill_rules")
        if self.start_time is not None and self.end_time is not None and self.start_time >= self.end_time:
            raise UserInputError("the start is not before the end", field="--start", remedy="give an earlier --start")
