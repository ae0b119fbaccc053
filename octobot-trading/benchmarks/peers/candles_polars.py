# SPDX-License-Identifier: Apache-2.0
"""A polars frame to which a row is added, cut to what is kept."""

import polars as pl
from candle_rows import rows
from measured import reply

SCHEMA = dict.fromkeys(["time", "open", "high", "low", "close", "volume"], pl.Float64)


class Frame:
    by_row = True

    def __init__(self, kept):
        self.kept = kept
        self.frame = pl.DataFrame(schema=SCHEMA)

    def append(self, row):
        self.frame = self.frame.vstack(pl.DataFrame([row], schema=SCHEMA, orient="row")).tail(self.kept)
        if self.frame.n_chunks() > 100:
            self.frame = self.frame.rechunk()

    def closes(self, count):
        closes = self.frame["close"]
        return (closes if count < 0 else closes.tail(count)).to_numpy().copy()


reply(f"polars {pl.__version__}, vstack", rows(Frame))
