# SPDX-License-Identifier: Apache-2.0
"""How late a timer and another channel get while one producer sends in a tight loop, and what memory that takes.

Run: python benchmarks/bench_flood.py [--messages 5000000] [--repetitions N]

peers/flood.py says what is sent. Each run is a process of its own, in turn; medians over the runs are shown, also of
the runs' largest lateness. Where nothing makes the producer wait its whole flood stays in memory: such rows get no more
than 500,000 messages.
"""

import argparse
import json
import subprocess
import sys
from statistics import median

import ways
from bench_latency import live
from flood import flood
from latency import asyncio_queues, put
from measured import on_asyncio
from peer_runs import PREDECESSOR_FLOOD, started
from tables import print_head, print_remarks, print_table

UNBOUNDED_MESSAGES = 500_000
OURS = "async_channel live, await send"
NOTHING = "nothing sent"
UNBOUNDED = "asyncio.Queue(), await put"
CONTENDERS = {
    NOTHING: live,
    OURS: live,
    "asyncio.Queue(1000), await put": asyncio_queues(put, 1000),
    UNBOUNDED: asyncio_queues(put),
}
ON_UVLOOP = ", uvloop"


def names():
    yield from CONTENDERS
    if ways.uvloop is not None:
        yield from (name + ON_UVLOOP for name in CONTENDERS)


def messages_of(name, messages):
    if name.startswith(NOTHING):
        return 0
    return min(messages, UNBOUNDED_MESSAGES) if name.startswith(UNBOUNDED) else messages


def run_here(name, messages):
    contender = CONTENDERS[name.removesuffix(ON_UVLOOP)]
    run = ways.on_uvloop if name.endswith(ON_UVLOOP) else on_asyncio
    return run(flood, contender, messages_of(name, messages))


def run_apart(name, messages):
    command = [sys.executable, __file__, "--only", name, "--messages", str(messages)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def run_all(messages, repetitions):
    """{row: what each of its runs measured}, and a remark on the peer."""
    results, remarks = {}, set()
    for _ in range(repetitions):
        for name in names():
            results.setdefault(name, []).append(run_apart(name, messages))
        peers, missing = started([PREDECESSOR_FLOOD])
        for process in peers.values():
            result = process.ask(min(messages, UNBOUNDED_MESSAGES))
            process.close()
            results.setdefault(f"{process.version} live, await send", []).append(result)
        remarks |= {*missing, *(process.told for process in peers.values())}
    return results, remarks


def rows(results):
    for name, runs in results.items():
        timer = [median(values) for values in zip(*(run["timer"] for run in runs), strict=True)]
        cells = [f"{median(run['sent per second'] for run in runs) / 1e6:.2f}M", *(f"{value:.2f}" for value in timer)]
        cells.append(f"{median(run['other'][1] for run in runs):.2f}")
        cells.append(f"{median(run['memory'] for run in runs) / 1024:.1f}")
        yield name, cells


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=500_000)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--only", help="run this one once, here, and print what was measured as JSON")
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(run_here(arguments.only, arguments.messages)))
        return
    results, remarks = run_all(arguments.messages, arguments.repetitions)
    print_head(arguments.repetitions)
    heads = ["messages/s", "timer late: p50", "p99", "max, ms", "other's p99, ms", "peak grew, MB"]
    print_table(f"{arguments.messages:,} messages in a tight loop", heads, rows(results))
    print_remarks(ways.REMARKS, remarks)


if __name__ == "__main__":
    main()
