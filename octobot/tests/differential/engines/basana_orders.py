# SPDX-License-Identifier: Apache-2.0
"""The orders on basana: a file of candles and one of decisions in, fills and what is left out, as JSON."""

import asyncio
import csv
import datetime as dt
import json
import sys
from decimal import Decimal
from importlib import metadata

import basana
from basana.backtesting import exchange as backtesting_exchange
from basana.backtesting import fees, liquidity

PAIR = basana.Pair("BASE", "QUOTE")


def read_events(candles, seconds):
    length = dt.timedelta(seconds=float(seconds))
    with open(candles, newline="") as lines:
        for row in csv.DictReader(lines):
            begin = dt.datetime.fromtimestamp(int(row["timestamp"]) / 1000, dt.UTC)
            prices = [Decimal(row[name]) for name in ("open", "high", "low", "close", "volume")]
            yield basana.BarEvent(begin + length, basana.Bar(begin, PAIR, *prices, length))


def read_decisions(decisions):
    with open(decisions) as file:
        return {row: (side, quantity) for row, side, quantity in json.load(file)}


async def main(events, to_send, cash, fee):
    dispatcher = basana.backtesting_dispatcher()
    exchange = backtesting_exchange.Exchange(
        dispatcher,
        initial_balances={"QUOTE": Decimal(cash)},
        liquidity_strategy_factory=liquidity.InfiniteLiquidity,
        fee_strategy=fees.Percentage(percentage=Decimal(fee) * 100),
    )
    exchange.set_pair_info(PAIR, basana.PairInfo(8, 8))
    sent = []
    row = -1

    async def on_bar(event):
        nonlocal row
        row += 1
        side, quantity = to_send.get(row, (None, 0))
        if side is not None:
            operation = basana.OrderOperation.BUY if side == "buy" else basana.OrderOperation.SELL
            order = await exchange.create_market_order(operation, PAIR, Decimal(quantity))
            sent.append((row + 1, side, quantity, order.id))

    exchange.add_bar_source(basana.FifoQueueEventSource(events=events))
    exchange.subscribe_to_bar_events(PAIR, on_bar)
    await dispatcher.run()
    fills = []
    for filled_row, side, quantity, order_id in sent:
        info = await exchange.get_order_info(order_id)
        assert info.amount_filled == quantity
        assert not info.is_open
        fills.append([filled_row, side, quantity, float(info.fill_price), float(sum(info.fees.values()))])
    held = (await exchange.get_balance("BASE")).total
    assert held == 0
    left = (await exchange.get_balance("QUOTE")).total
    version = f"basana {metadata.version('basana')}"
    print(json.dumps({"engine": version, "fills": fills, "equity": float(left)}))


if __name__ == "__main__":
    candle_file, decision_file, money, rate, length = sys.argv[1:]
    asyncio.run(main(list(read_events(candle_file, length)), read_decisions(decision_file), money, rate))
