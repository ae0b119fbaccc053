# SPDX-License-Identifier: Apache-2.0
"""What `octobot data collect` says of a series that is complete."""

from __future__ import annotations

from octobot.cli.dates import format_date
from octobot.cli.progress import say
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.collecting import Collected, CollectedRecords
from octobot_trading.history.validation import format_time

_GAPS_TOLD = 3


def say_candles(done: Collected) -> None:
    """What was stored, and what the exchange does not have."""
    name = f"{done.exchange_name} {done.symbol} {done.time_frame.value}"
    say(f"{name}: {done.added:,} candles stored, {done.already_stored:,} there before, {done.requests:,} requests")
    if done.first_time is None:
        say("  the exchange has none of that time")
    elif done.first_time >= done.start_time + get_seconds(done.time_frame):
        say(f"  the exchange's first one is of {format_date(done.first_time)}")
    if done.gaps:
        missing = sum(gap.missing for gap in done.gaps)
        gaps, candles = counted(len(done.gaps), "gap"), counted(missing, "candle")
        say(f"  {gaps}: {candles} that the exchange does not have")
        for gap in done.gaps[:_GAPS_TOLD]:
            say(f"    {format_time(gap.start_time)} to {format_time(gap.end_time)}: {gap.missing:,}")
        if len(done.gaps) > _GAPS_TOLD:
            say("    ... all of them: `octobot data check --json`")


def say_records(done: CollectedRecords) -> None:
    """What was stored."""
    name = f"{done.exchange_name} {done.symbol}"
    say(f"{name}: {done.added:,} {done.kind.plural} stored, {done.requests:,} requests")


def counted(count: int, noun: str) -> str:
    """A number and what it counts, in the plural where there are more."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
