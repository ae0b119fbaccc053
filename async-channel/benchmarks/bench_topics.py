# SPDX-License-Identifier: Apache-2.0
"""What it costs to choose the consumers of a topic, and what an idle live consumer weighs.

Run: python benchmarks/bench_topics.py [--choices N] [--repetitions N]
"""

import argparse
import asyncio
import time
import tracemalloc
from statistics import median

from tables import print_head, print_table
from twin import load_reference
from ways import TickerChannel, callback

import async_channel as ac

CONSUMERS = (10, 100, 1000)


def topic_choice(consumers, choices):
    """Seconds per choice of the consumers of a topic: asked by filters, through a Topic, by comparing filters."""
    channel = TickerChannel()
    for number in range(consumers):
        channel.add_new_consumer(ac.Consumer(None), {"symbol": f"S{number % 10}", "time_frame": ["1h", "1d"]})
    asked = {"symbol": "*", "time_frame": "4h"}
    asked_by_one = {"symbol": "S3", "time_frame": "4h"}
    topic = channel.topic(asked_by_one)
    compare = load_reference().Router().match
    ways = {
        "get_consumer_from_filters": lambda: channel.get_consumer_from_filters(asked_by_one),
        "Topic.consumers": lambda: topic.consumers,
        "comparing filters (plain Python)": lambda: compare(channel.consumers, asked, channel.INSTANCE_KEY, "*"),
    }
    return {name: seconds_per_call(way, choices if "comparing" not in name else 20) for name, way in ways.items()}


def seconds_per_call(function, calls):
    function()
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


async def idle_consumer_bytes(count=200):
    channel = TickerChannel()
    await channel.new_consumer(callback)
    tracemalloc.start()
    for _ in range(count):
        await channel.new_consumer(callback)
    await asyncio.sleep(0)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    await channel.stop()
    return size / count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--choices", type=int, default=2000, help="per measurement")
    parser.add_argument("--repetitions", type=int, default=7)
    arguments = parser.parse_args()
    nanoseconds = {}
    for _ in range(arguments.repetitions):
        for consumers in CONSUMERS:
            for name, seconds in topic_choice(consumers, arguments.choices).items():
                nanoseconds.setdefault(name, {}).setdefault(consumers, []).append(seconds * 1e9)
    print_head(arguments.repetitions)
    rows = [(name, [f"{median(each[n]):.0f}" for n in CONSUMERS]) for name, each in nanoseconds.items()]
    print_table("choosing the consumers of a topic, ns", CONSUMERS, rows)
    print_table("an idle live consumer, bytes", [f"{asyncio.run(idle_consumer_bytes()):.0f}"], [])


if __name__ == "__main__":
    main()
