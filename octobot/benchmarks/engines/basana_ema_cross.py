# SPDX-License-Identifier: Apache-2.0
"""The work on basana. Its events are built from the file first, by its own parser, then replayed: two phases."""

import asyncio
import csv
import datetime as dt
import sys
from decimal import Decimal

import basana
from basana.backtesting import exchange as backtesting_exchange
from basana.backtesting import fees, liquidity
from basana.external.common.csv.bars import RowParser
from measured import AMOUNT, FAST_WEIGHT, SLOW_WEIGHT, WARM_UP, Stopwatch, report, version_of

PAIR = basana.Pair("BTC", "USDT")


def read_events(file):
    parser = RowParser(PAIR, tzinfo=dt.UTC, timedelta=dt.timedelta(minutes=1))
    with open(file, newline="") as lines:
        return [event for row in csv.DictReader(lines) for event in parser.parse_row(row)]


class EmaCross:
    def __init__(self, exchange):
        self.exchange = exchange
        self.fast = self.slow = None
        self.candles = 0
        self.holds = False
        self.order_ids = []

    async def on_bar_event(self, event):
        close = float(event.bar.close)
        if self.fast is None:
            self.fast = self.slow = close
        self.fast += (close - self.fast) * FAST_WEIGHT
        self.slow += (close - self.slow) * SLOW_WEIGHT
        self.candles += 1
        if self.candles < WARM_UP or self.fast == self.slow:
            return
        wants = self.fast > self.slow
        if wants is not self.holds:
            self.holds = wants
            operation = basana.OrderOperation.BUY if wants else basana.OrderOperation.SELL
            order = await self.exchange.create_market_order(operation, PAIR, Decimal(AMOUNT))
            self.order_ids.append(order.id)


async def main(file):
    watch = Stopwatch()
    events = read_events(file)
    watch.lap("load")
    dispatcher = basana.backtesting_dispatcher()
    exchange = backtesting_exchange.Exchange(
        dispatcher,
        initial_balances={"BTC": Decimal(2), "USDT": Decimal(1_000_000)},
        liquidity_strategy_factory=liquidity.InfiniteLiquidity,
        fee_strategy=fees.Percentage(percentage=Decimal("0.1")),
    )
    exchange.set_pair_info(PAIR, basana.PairInfo(8, 2))
    cross = EmaCross(exchange)
    exchange.add_bar_source(basana.FifoQueueEventSource(events=events))
    exchange.subscribe_to_bar_events(PAIR, cross.on_bar_event)
    await dispatcher.run()
    watch.lap("run")
    orders = [await exchange.get_order_info(order_id) for order_id in cross.order_ids]
    fills = sum(1 for order in orders if order.amount_filled == Decimal(AMOUNT))
    report(watch, len(events), fills, f"basana {version_of('basana')}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
