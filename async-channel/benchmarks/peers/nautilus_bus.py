# SPDX-License-Identifier: Apache-2.0
"""NautilusTrader's message bus: plain functions, called at once with the message object, for one topic."""

import time

from measured import MESSAGE, Ticker, answer
from nautilus_trader.common.component import MessageBus, TestClock
from nautilus_trader.model.identifiers import TraderId

TOPIC = "data.ticker.BINANCE.BTCUSDT"


class Listener:
    def on_ticker(self, ticker):
        return ticker.price


async def publish(consumers, rounds):
    bus = MessageBus(trader_id=TraderId("TRADER-001"), clock=TestClock())
    for _ in range(consumers):
        bus.subscribe(TOPIC, Listener().on_ticker)
    ticker = Ticker(**MESSAGE)
    start = time.perf_counter()
    for _ in range(rounds):
        bus.publish(TOPIC, ticker)
    return time.perf_counter() - start


answer({"MessageBus, synchronous": publish}, "nautilus_trader")
