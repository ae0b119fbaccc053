# SPDX-License-Identifier: Apache-2.0
"""What strategies of other bots do: a frame to which a row is added, cut to what is kept."""

import pandas as pd
from candle_rows import rows
from measured import reply

COLUMNS = ["time", "open", "high", "low", "close", "volume"]


class Frame:
    by_row = True

    def __init__(self, kept):
        self.kept = kept
        self.frame = pd.DataFrame([[0.0] * 6], columns=COLUMNS).iloc[:0]

    def append(self, row):
        self.frame = pd.concat([self.frame, pd.DataFrame([row], columns=COLUMNS)], ignore_index=True)[-self.kept :]

    def closes(self, count):
        closes = self.frame["close"]
        return (closes if count < 0 else closes.iloc[-count:]).to_numpy(copy=True)


reply(f"pandas {pd.__version__}, concat", rows(Frame))
