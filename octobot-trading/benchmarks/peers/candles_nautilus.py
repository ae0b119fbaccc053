# SPDX-License-Identifier: Apache-2.0
"""NautilusTrader's cache of bars, each bar built from the same numbers; it has no candle in construction."""

from importlib import metadata

import numpy as np
from candle_rows import rows
from measured import reply
from nautilus_trader.cache.cache import Cache
from nautilus_trader.cache.config import CacheConfig
from nautilus_trader.model.data import Bar, BarType
from nautilus_trader.model.objects import Price, Quantity

BAR_TYPE = BarType.from_str("BTCUSDT.BINANCE-1-MINUTE-LAST-EXTERNAL")


class Bars:
    by_row = True

    def __init__(self, kept):
        self.cache = Cache(config=CacheConfig(bar_capacity=kept))

    def append(self, row):
        time, first, high, low, close, volume = row
        nanoseconds = int(time * 1e9)
        high = max(high, close)  # A bar must be a possible one.
        bar = Bar(
            BAR_TYPE,
            Price(first, 2),
            Price(high, 2),
            Price(low, 2),
            Price(close, 2),
            Quantity(volume, 2),
            nanoseconds,
            nanoseconds,
        )
        self.cache.add_bar(bar)

    def closes(self, count):
        bars = self.cache.bars(BAR_TYPE)  # newest first
        return np.array([bar.close.as_double() for bar in (bars if count < 0 else bars[:count])[::-1]])


reply(f"NautilusTrader {metadata.version('nautilus_trader')} cache", rows(Bars))
