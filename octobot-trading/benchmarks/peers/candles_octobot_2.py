# SPDX-License-Identifier: Apache-2.0
"""The candles manager of OctoBot 2, by the signatures that help() prints."""

import asyncio
from importlib import metadata

from candle_rows import candles, rows
from measured import reply

from octobot_trading.exchange_data import CandlesManager


def manager(kept):
    made = CandlesManager(max_candles_count=kept)
    asyncio.run(made.initialize())
    return made


class Manager:
    by_row = True

    def __init__(self, kept):
        made = manager(kept)
        self.filled_by = FILLED_BY.get(kept, 0)
        self.append = made.add_new_candle
        self.closes = made.get_symbol_close_candles


def filled_by(kept):
    """It keeps more than it is told: how many candles until the count grows no more."""
    made, first, seen = manager(kept), 0, -1
    while made.get_symbol_candles_count() != seen:
        seen = made.get_symbol_candles_count()
        for row in candles(first, kept // 10):
            made.add_new_candle(row)
        first += kept // 10
    return first


FILLED_BY = {kept: filled_by(kept) for kept in (1_000, 10_000)}
reply(f"OctoBot {metadata.version('octobot')}", rows(Manager))
