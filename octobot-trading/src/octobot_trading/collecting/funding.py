# SPDX-License-Identifier: Apache-2.0
"""Funding rates: what is missing by their usual interval is asked for, page by page.

A page without any rate says that there is none within an hour for each rate that it could have had.
"""

from __future__ import annotations

from octobot_commons.constants import HOURS_TO_SECONDS
from octobot_trading.collecting.record_pages import RecordPages
from octobot_trading.collecting.told_hours import ToldHours
from octobot_trading.history.kinds import FUNDING
from octobot_trading.history.records import record_gaps
from octobot_trading.util import FloatArray


async def collect_funding(pages: RecordPages, start: float, end: float, told: ToldHours) -> None:
    """Bring what is missing of a span."""
    for cursor, stop in _missing_funding(pages.stored_times(), start, end):
        while cursor < stop:
            rows = await pages.fetch_funding(cursor)
            wanted = rows[(rows[:, 0] >= cursor) & (rows[:, 0] < stop)]
            pages.keep(wanted)
            if (rows[:, 0] >= stop).any():
                break
            # Two of one minute are one, whatever their milliseconds say; no rate at all says so for a page's hours.
            span = pages.limit * HOURS_TO_SECONDS
            cursor = float(wanted[-1, 0]) + FUNDING.time_resolution if len(wanted) else cursor + span
            told.up_to(min(cursor, stop))
        told.up_to(stop)


def _missing_funding(stored: FloatArray, start: float, end: float) -> list[tuple[float, float]]:
    held = stored[(stored >= start) & (stored < end)]
    if not len(held):
        return [(start, end)]
    gaps = [(gap.start_time - FUNDING.time_resolution, gap.end_time) for gap in record_gaps(FUNDING, held, None)]
    spans = [(start, float(held[0])), *gaps, (float(held[-1]) + FUNDING.time_resolution, end)]
    # The first stored one comes some milliseconds after the hour, the start does not.
    return [(begin, stop) for begin, stop in spans if begin + FUNDING.time_resolution <= stop]
