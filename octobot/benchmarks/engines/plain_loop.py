# SPDX-License-Identifier: Apache-2.0
"""The work in one Python loop: no channels, no orders, no account. Nothing that calls Python can be faster."""

import csv
import sys

from measured import FAST_WEIGHT, FEE, SLOW_WEIGHT, WARM_UP, Stopwatch, report


def main(file):
    watch = Stopwatch()
    with open(file, newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        opens, closes = [], []
        for row in rows:
            opens.append(float(row[1]))
            closes.append(float(row[4]))
    watch.lap("load")
    fast = slow = closes[0]
    cash, held, fills, wants = 0.0, False, 0, False
    for index, close in enumerate(closes):
        if wants is not held:
            cash += opens[index] * (-1.0 - FEE if wants else 1.0 - FEE)
            held = wants
            fills += 1
        fast += (close - fast) * FAST_WEIGHT
        slow += (close - slow) * SLOW_WEIGHT
        if index + 1 >= WARM_UP and fast != slow:
            wants = fast > slow
    watch.lap("run")
    report(watch, len(closes), fills, "plain Python loop, no engine")


if __name__ == "__main__":
    main(sys.argv[1])
