# SPDX-License-Identifier: Apache-2.0
"""The work on backtrader, event by event, its candles parsed by its own generic CSV feed."""

import datetime as dt
import sys

import backtrader
from measured import FAST_WEIGHT, FEE, SLOW_WEIGHT, WARM_UP, Stopwatch, report, version_of


class EmaCross(backtrader.Strategy):
    def __init__(self):
        self.averages = None
        self.candles = self.fills = 0
        self.holds = False

    def notify_order(self, order):
        if order.status == order.Completed:
            self.fills += 1

    def next(self):
        close = self.data.close[0]
        fast, slow = self.averages or (close, close)
        fast, slow = self.averages = fast + (close - fast) * FAST_WEIGHT, slow + (close - slow) * SLOW_WEIGHT
        self.candles += 1
        if self.candles < WARM_UP or fast == slow:
            return
        wants = fast > slow
        if wants is not self.holds:
            self.holds = wants
            (self.buy if wants else self.sell)(size=0.01)


def main(file):
    watch = Stopwatch()
    cerebro = backtrader.Cerebro(stdstats=False)
    cerebro.adddata(
        backtrader.feeds.GenericCSVData(
            dataname=file, dtformat=_date, timeframe=backtrader.TimeFrame.Minutes, openinterest=-1
        )
    )
    cerebro.addstrategy(EmaCross)
    cerebro.broker.setcash(1e6)
    cerebro.broker.setcommission(commission=FEE)
    watch.lap("load")
    strategy = cerebro.run()[0]
    watch.lap("run")
    report(watch, strategy.candles, strategy.fills, f"backtrader {version_of('backtrader')}")


def _date(text):
    return dt.datetime.fromtimestamp(int(text) / 1000, dt.UTC).replace(tzinfo=None)


if __name__ == "__main__":
    main(sys.argv[1])
