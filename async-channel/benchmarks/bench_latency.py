# SPDX-License-Identifier: Apache-2.0
"""Microseconds from a send to the callback of a consumer that idles, beside asyncio.Queue with a task each.

Run: python benchmarks/bench_latency.py [--samples N] [--repetitions N]

One consumer, and the last of a hundred that all get the message. peers/latency.py says what a sample is. The ratio is
that to asyncio.Queue's put_nowait in the same process and on the same event loop: below 1 is faster. Medians over the
repetitions are shown.
"""

import argparse
import asyncio
from statistics import median

import ways
from latency import QUEUE, QUEUES, percentiles
from peer_runs import PREDECESSOR_LATENCY, started
from tables import print_head, print_remarks, print_table

#: Number of consumers, and which part of the samples is taken with it.
FAN_OUTS = {1: 1, 100: 5}


async def begin(callbacks):
    channel = ways.TickerChannel()
    for callback in callbacks:
        await channel.new_consumer(callback)
    return channel


async def live(callbacks):
    channel = await begin(callbacks)
    return channel.get_internal_producer().send, channel.stop


async def live_nowait(callbacks):
    channel = await begin(callbacks)
    return channel.topic({}).send_nowait, channel.stop


CONTENDERS = {**QUEUES, "async_channel live, send_nowait": live_nowait, "async_channel live, await send": live}


def on_asyncio(consumers, samples):
    return asyncio.run(percentiles(CONTENDERS, consumers, samples))


def on_uvloop(consumers, samples):
    return ways.on_uvloop(percentiles, CONTENDERS, consumers, samples)


OURS = (on_asyncio, on_uvloop)


def run(samples, repetitions, groups):
    """{(row, fan-out): [((p50, p99), (ratio, ratio)), ...]}"""
    results = {}
    for repetition in range(repetitions + 1):
        for fan_out, part in FAN_OUTS.items():
            for row, ask in groups.items():
                measured = ask(fan_out, samples // part)
                base = measured[QUEUE]
                for name, each in measured.items():
                    is_shown = name not in QUEUES or ask in OURS  # Of a peer's process they are the yardstick only.
                    if is_shown and repetition:  # The first one warms up.
                        ratios = [value / yardstick for value, yardstick in zip(each, base, strict=True)]
                        results.setdefault((row.format(name), fan_out), []).append((each, ratios))
    return results


def rows(results):
    for name in dict.fromkeys(name for name, _ in results):
        cells = []
        for fan_out in FAN_OUTS:
            values, ratios = zip(*results[name, fan_out], strict=True)
            medians = zip(map(median, zip(*values, strict=True)), map(median, zip(*ratios, strict=True)), strict=True)
            cells += [f"{value:.2f} ({ratio:.2f})" for value, ratio in medians]
        yield name, cells


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=3000, help="per repetition, to one consumer")
    parser.add_argument("--repetitions", type=int, default=7)
    arguments = parser.parse_args()
    groups = {"{}, asyncio": on_asyncio}
    if ways.uvloop is not None:
        groups["{}, uvloop"] = on_uvloop
    peers, remarks = started([PREDECESSOR_LATENCY])
    groups |= {f"{process.version} {{}}, asyncio": process.ask for process in peers.values()}
    results = run(arguments.samples, arguments.repetitions, groups)
    for process in peers.values():
        process.close()
    print_head(arguments.repetitions)
    heads = ["1 idle, p50", "p99", "last of 100, p50", "p99"]
    print_table("microseconds (ratio to asyncio.Queue)", heads, rows(results))
    print_remarks(ways.REMARKS, remarks, (process.told for process in peers.values()))


if __name__ == "__main__":
    main()
