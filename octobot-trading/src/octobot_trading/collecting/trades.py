# SPDX-License-Identifier: Apache-2.0
"""Trades, by their ids.

Nobody can tell what is missing between two trades. So those stored of a symbol are kept one span without holes: a
collection goes on where they end, and one that would leave a hole is refused.
"""

from __future__ import annotations

from octobot_trading.collecting.record_pages import RecordPages
from octobot_trading.collecting.told_hours import ToldHours
from octobot_trading.history.validation import format_time


async def collect_trades(pages: RecordPages, start: float, end: float, told: ToldHours) -> None:
    """Bring what the store lacks of a span."""
    following = await _next_trade(pages, start, end)
    while following is not None:
        rows = await pages.fetch_trades(following)
        wanted = rows[rows[:, 0] < end]
        pages.keep(wanted)
        if len(wanted) < len(rows) or not len(rows):
            return
        following = int(rows[-1, 4]) + 1
        told.up_to(float(rows[-1, 0]))


async def _next_trade(pages: RecordPages, start: float, end: float) -> int | None:
    """The id to go on with, None where there is nothing to bring."""
    stored = pages.stored_item()
    if stored is None:
        return await pages.find_trade(start, end)
    first, last = pages.stored_trade(stored.first_time, first=True), pages.stored_trade(stored.last_time, first=False)
    if start > stored.last_time:
        raise pages.hole(f"the stored ones end at {format_time(stored.last_time)}", "start where they end, or earlier")
    if start < stored.first_time and await pages.find_trade(start, stored.first_time + 0.001) != first:
        message = f"the stored ones begin at {format_time(stored.first_time)}"
        raise pages.hole(message, "start there, or remove them with `octobot data delete` first")
    return last + 1 if stored.last_time < end else None
