# SPDX-License-Identifier: Apache-2.0
"""The work on vectorbt: whole arrays at once, no events."""

import sys

import numpy as np
import pandas as pd
import vectorbt
from measured import AMOUNT, FAST, FEE, SLOW, WARM_UP, Stopwatch, report, version_of


def backtest(frame):
    fast = frame["close"].ewm(span=FAST, adjust=False).mean()
    slow = frame["close"].ewm(span=SLOW, adjust=False).mean()
    known = np.arange(len(frame)) >= WARM_UP - 1
    return vectorbt.Portfolio.from_signals(
        frame["open"],
        entries=((fast > slow) & known).shift(1, fill_value=False),
        exits=((fast < slow) & known).shift(1, fill_value=False),
        size=float(AMOUNT),
        fees=FEE,
        init_cash=1e6,
        freq="1min",
    )


def main(file):
    backtest(pd.read_csv(file, nrows=100))  # compiles
    watch = Stopwatch()
    frame = pd.read_csv(file)
    watch.lap("load")
    portfolio = backtest(frame)
    fills = portfolio.orders.count()
    watch.lap("run")
    report(watch, len(frame), int(fills), f"vectorbt {version_of('vectorbt')}")


if __name__ == "__main__":
    main(sys.argv[1])
