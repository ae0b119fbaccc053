# SPDX-License-Identifier: Apache-2.0
"""The compiled core beside its plain-Python twin of tests/reference.

Run: python benchmarks/bench_core.py [--repetitions N]
"""

import argparse
import statistics
import time
from types import SimpleNamespace

from twin import load_reference

from async_channel import _engine

COMPILED = SimpleNamespace(**vars(_engine))
CONSUMERS = 100
MESSAGE = {"exchange": "binance", "symbol": "BTC/USDT", "price": 60_000.5, "volume": 2.25}


async def callback(exchange, symbol, price, volume):
    return price


def world(core, attached):
    """A route to CONSUMERS consumers, and the ready-set that serves them."""
    router, ready, entries = core.Router(), core.ReadySet(), []
    consumer_class = type("BenchConsumer", (core.ConsumerCore,), {})
    for number in range(CONSUMERS):
        consumer = consumer_class()
        consumer.queue, consumer.callback, consumer.priority_level = core.MailboxCore(), callback, number % 3
        entries.append({"symbol": "BTC/USDT", "instance": consumer})
        if attached:
            ready.attach(consumer)
    topic = core.TopicCore(
        router, lambda filters: router.match(entries, filters, "instance", "*"), {"symbol": "BTC/USDT"}
    )
    return topic, ready, entries


def put_and_get(core, rounds):
    mailbox = core.MailboxCore()
    put, get = mailbox.put_nowait, mailbox.get_nowait
    start = time.perf_counter()
    for _ in range(rounds):
        put(MESSAGE)
        get()
    return time.perf_counter() - start


def choose(core, rounds):
    topic, _, _ = world(core, attached=False)
    start = time.perf_counter()
    for _ in range(rounds):
        _ = topic.consumers
    return time.perf_counter() - start


def deliver(core, rounds):
    topic, _, entries = world(core, attached=False)
    start = time.perf_counter()
    for _ in range(rounds):
        topic.send_nowait(MESSAGE)
    elapsed = time.perf_counter() - start
    assert entries[-1]["instance"].queue.qsize() == rounds
    return elapsed


def dispatch(core, rounds):
    topic, ready, _ = world(core, attached=True)
    start = time.perf_counter()
    for _ in range(rounds):
        topic.send_nowait(dict(MESSAGE))
        ready.begin_drain()
    elapsed = time.perf_counter() - start
    assert ready.delivered == rounds * CONSUMERS
    return elapsed


# name: (what is measured, rounds, operations per round)
WORK = {
    "mailbox: put_nowait + get_nowait": (put_and_get, 5000, 1),
    f"topic: choose among {CONSUMERS} consumers": (choose, 50, 1),
    f"topic: append to {CONSUMERS} mailboxes, each": (deliver, 20, CONSUMERS),
    f"ready-set: send and deliver to {CONSUMERS}, each": (dispatch, 3, CONSUMERS),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=7)
    repetitions = parser.parse_args().repetitions
    reference = load_reference()
    print(f"{'nanoseconds, medians':44}{'compiled':>12}{'plain':>12}{'gain':>10}")
    for name, (work, rounds, operations) in WORK.items():
        times = {"compiled": [], "plain": []}
        for _ in range(repetitions):
            for label, core in (("compiled", COMPILED), ("plain", reference)):
                times[label].append(work(core, rounds) / rounds / operations * 1e9)
        compiled, plain = (statistics.median(measured) for measured in times.values())
        print(f"{name:44}{compiled:12.0f}{plain:12.0f}{plain / compiled:9.1f}x")


if __name__ == "__main__":
    main()
