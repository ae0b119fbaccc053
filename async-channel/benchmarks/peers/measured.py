# SPDX-License-Identifier: Apache-2.0
"""What every way of delivering is given, and how the process of a peer answers. Standard library only.

A way is `async (consumers, rounds) -> seconds`: it makes that many consumers, sends MESSAGE to all of them `rounds`
times, and returns how long it took until the last one was served. Each process measures the bare await loop right after
each of its own ways: a ratio is made of neighbouring figures of one process, whatever Python it has.
"""

import asyncio
import json
import platform
import sys
import time
from importlib import metadata
from itertools import cycle, islice

MESSAGE = {"exchange": "binance", "symbol": "BTC/USDT", "price": 60_000.5, "volume": 2.25}
#: Sends between two turns of the event loop, and the room of channels that are bounded.
BATCH = 100
#: As in a program each send has a payload of its own: nothing may be gained by sending the same object again.
PAYLOADS = [dict(MESSAGE) for _ in range(BATCH)]


class Ticker:
    """MESSAGE for libraries whose messages are objects."""

    __slots__ = tuple(MESSAGE)

    def __init__(self, exchange, symbol, price, volume):
        self.exchange, self.symbol, self.price, self.volume = exchange, symbol, price, volume


def payloads(rounds):
    """The payload of each send."""
    return islice(cycle(PAYLOADS), rounds)


async def callback(exchange, symbol, price, volume):
    return price


async def bare_awaits(consumers, rounds):
    callbacks = [callback] * consumers
    start = time.perf_counter()
    for message in payloads(rounds):
        for call in callbacks:
            await call(**message)
    return time.perf_counter() - start


def on_asyncio(way, *arguments):
    return asyncio.run(way(*arguments))


def measure(ways, consumers, rounds, run=on_asyncio):
    """{way: [its seconds, the bare loop's]}; `run(way, consumers, rounds)` starts an event loop."""
    return {name: [run(way, consumers, rounds), run(bare_awaits, consumers, rounds)] for name, way in ways.items()}


def answer(ways, distribution, run=on_asyncio):
    """Be a peer's process: measure its ways for each line "CONSUMERS ROUNDS" of stdin."""
    reply(lambda consumers, rounds: measure(ways, consumers, rounds, run), distribution)


def reply(function, distribution):
    """Print one line of JSON that says who answers, then one with function(*integers) for each line of stdin."""
    print(json.dumps([f"{distribution} {metadata.version(distribution)}", platform.python_version()]), flush=True)
    for line in sys.stdin:
        print(json.dumps(function(*map(int, line.split()))), flush=True)
