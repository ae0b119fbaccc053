# SPDX-License-Identifier: Apache-2.0
"""The work on backtesting.py: one asset, indicators computed before the run, the amount scaled to one unit."""

import sys
import warnings

import pandas as pd
from backtesting import Backtest, Strategy
from measured import FAST, FEE, SLOW, WARM_UP, Stopwatch, report, version_of


def ema(values, period):
    averages = pd.Series(values).ewm(span=period, adjust=False).mean()
    averages[: WARM_UP - 1] = float("nan")  # it starts where every indicator is known
    return averages


class EmaCross(Strategy):
    def init(self):
        self.fast = self.I(ema, self.data.Close, FAST)
        self.slow = self.I(ema, self.data.Close, SLOW)

    def next(self):
        if self.fast[-1] > self.slow[-1]:
            if not self.position:
                self.buy(size=1)
        elif self.position and self.fast[-1] < self.slow[-1]:
            self.position.close()


def main(file):
    warnings.simplefilter("ignore")
    watch = Stopwatch()
    frame = pd.read_csv(file)
    frame.index = pd.to_datetime(frame.pop("timestamp"), unit="ms")
    frame.columns = [name.capitalize() for name in frame.columns]
    watch.lap("load")
    result = Backtest(frame, EmaCross, cash=1e9, commission=FEE).run()
    watch.lap("run")
    fills = 2 * len(result["_trades"]) + len(result["_strategy"].trades)
    report(watch, len(frame), fills, f"backtesting.py {version_of('backtesting')}")


if __name__ == "__main__":
    main(sys.argv[1])
