# SPDX-License-Identifier: Apache-2.0
"""Messages delivered per second, beside plain Python, asyncio and other libraries with the same payload.

Run: python benchmarks/bench_messages.py [--messages N] [--repetitions N] [--json]; PEERS=all adds libraries.

A delivery is one callback called with one message. Every way is measured once per repetition, in turn, and right after
it the bare await loop in the same process, which the ratio is made with: that of a peer is its own Python's. Medians
are shown. Figures of different runs or machines are not comparable, ratios are. Further ways belong into ways.py,
further peers into peer_runs.py.
"""

import argparse
import json
import sys
from statistics import median

import ways
from measured import BATCH
from peer_runs import PREDECESSOR, started
from tables import print_head, print_remarks, print_table

BARE = "bare await loop"
FAN_OUTS = (1, 10, 100)
PREDECESSOR_LIVE = f"async-channel 2.2.2 live, batches of {BATCH}"


def run(messages, repetitions, groups):
    """{(row, fan-out): [(deliveries per second, ratio), ...]}"""
    results = {}
    for repetition in range(repetitions + 1):
        for fan_out in FAN_OUTS:
            rounds = max(1, messages // fan_out // BATCH) * BATCH
            for prefix, bare_name, ask in groups:
                measured = ask(fan_out, rounds)
                if not repetition:
                    continue  # It warms up.
                for name, (seconds, bare) in measured.items():
                    for row, each in ((bare_name, bare), (prefix + name, seconds)):
                        results.setdefault((row, fan_out), []).append((rounds * fan_out / each, bare / each))
    return results


def rows(results):
    for name in dict.fromkeys(name for name, _ in results):
        yield name, [_cell(results[name, fan_out]) for fan_out in FAN_OUTS]


def _cell(pairs):
    rates, ratios = zip(*pairs, strict=True)
    return f"{median(rates) / 1e6:.2f}M ({median(ratios):.2f})"


def gains(results):
    """Ratio of ours to that of async-channel 2.2.2, by fan-out."""
    ratios = {key: median(ratio for _, ratio in pairs) for key, pairs in results.items()}
    return [f"{ratios[ways.LIVE, fan_out] / ratios[PREDECESSOR_LIVE, fan_out]:.1f} x" for fan_out in FAN_OUTS]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=50_000, help="deliveries per measurement")
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print every figure as one JSON object")
    arguments = parser.parse_args()
    peers, remarks = started()
    groups = [("", BARE, ways.ask)]
    groups += [(f"{process.version} ", f"{BARE}, Python {process.python}", process.ask) for process in peers.values()]
    results = run(arguments.messages, arguments.repetitions, groups)
    for process in peers.values():
        process.close()
    if arguments.json:
        json.dump({f"{name} 1:{fan_out}": pairs for (name, fan_out), pairs in results.items()}, sys.stdout, indent=1)
        return
    print_head(arguments.repetitions)
    heads = [f"1 → {fan_out}" for fan_out in FAN_OUTS]
    print_table("deliveries per second (ratio to bare await)", heads, rows(results))
    if PREDECESSOR in peers:
        print_table("gain of live over async-channel 2.2.2, by ratio", heads, [("", gains(results))])
    print_remarks(ways.REMARKS, remarks, (process.told for process in peers.values()))


if __name__ == "__main__":
    main()
