# SPDX-License-Identifier: Apache-2.0
"""basana's dispatcher for backtests: the events lie ready in a source, each handler gets the event itself."""

import datetime as dt
import time

import basana
from measured import MESSAGE, answer

START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
STEP = dt.timedelta(microseconds=1)


class TickerEvent(basana.Event):
    def __init__(self, when, exchange, symbol, price, volume):
        super().__init__(when)
        self.exchange, self.symbol, self.price, self.volume = exchange, symbol, price, volume


class Listener:
    async def on_ticker(self, event):
        return event.price


async def dispatch(consumers, rounds):
    dispatcher = basana.backtesting_dispatcher()
    source = basana.FifoQueueEventSource(events=[TickerEvent(START + STEP * n, **MESSAGE) for n in range(rounds)])
    for _ in range(consumers):
        dispatcher.subscribe(source, Listener().on_ticker)
    start = time.perf_counter()
    await dispatcher.run()
    elapsed = time.perf_counter() - start
    assert dispatcher.now() == START + STEP * (rounds - 1)
    return elapsed


answer({"backtesting dispatcher": dispatch}, "basana")
