# SPDX-License-Identifier: Apache-2.0
"""The orders on backtesting.py: a file of candles and one of decisions in, fills and what is left out, as JSON."""

import json
import sys
import warnings
from importlib import metadata

import pandas as pd
from backtesting import Backtest, Strategy


def main(candles, decisions, cash, fee):
    warnings.simplefilter("ignore")
    frame = pd.read_csv(candles)
    frame.index = pd.to_datetime(frame.pop("timestamp"), unit="ms")
    frame.columns = [name.capitalize() for name in frame.columns]
    with open(decisions) as file:
        to_send = {row: (side, quantity) for row, side, quantity in json.load(file)}

    class Decided(Strategy):
        def init(self):
            pass

        def next(self):
            side, quantity = to_send.get(len(self.data) - 1, (None, 0))
            if side == "buy":
                self.buy(size=quantity)
            elif side == "sell":
                self.sell(size=quantity)

    result = Backtest(frame, Decided, cash=float(cash), commission=float(fee)).run()
    assert not result["_strategy"].trades
    fills = {}
    for trade in result["_trades"].itertuples():
        for bar, side, price in ((trade.EntryBar, "buy", trade.EntryPrice), (trade.ExitBar, "sell", trade.ExitPrice)):
            known = fills.setdefault((bar, side), [0, price])
            assert known[1] == price
            known[0] += trade.Size
    listed = [[int(bar), side, int(size), float(price)] for (bar, side), (size, price) in sorted(fills.items())]
    version = f"backtesting.py {metadata.version('backtesting')}"
    print(json.dumps({"engine": version, "fills": listed, "equity": float(result["Equity Final [$]"])}))


if __name__ == "__main__":
    main(*sys.argv[1:])
