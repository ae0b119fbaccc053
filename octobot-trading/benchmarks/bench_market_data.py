# SPDX-License-Identifier: Apache-2.0
"""The compiled candle ring and matching book against their plain-Python twins: medians of interleaved repetitions."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reference"))

from candle_ring_reference import CandleRingReference
from matching_reference import MatchingBookReference

from octobot_trading.exchange_data.ohlcv._candle_ring import CandleRing
from octobot_trading.exchanges.simulated._matching import BUY_LIMIT, SELL_LIMIT, MatchingBook

REPETITIONS = 7
LOOPS = 2_000


def append_when_full(ring: Any) -> Callable[[], None]:
    for hour in range(1_000):
        ring.append(hour * 3600.0, 1.0, 2.0, 0.5, 1.5, 7.0)
    state = [1_000]

    def run() -> None:
        first = state[0]
        for hour in range(first, first + LOOPS):
            ring.append(hour * 3600.0, 1.0, 2.0, 0.5, 1.5, 7.0)
        state[0] = first + LOOPS

    return run


def last_closes(ring: Any) -> Callable[[], None]:
    for hour in range(1_000):
        ring.append(hour * 3600.0, 1.0, 2.0, 0.5, 1.5, 7.0)

    def run() -> None:
        for _ in range(LOOPS):
            ring.column(4, 500)

    return run


def quiet_candle(book: Any, orders: int) -> Callable[[], None]:
    for key in range(orders):
        kind = BUY_LIMIT if key % 2 else SELL_LIMIT
        book.add(key, kind, 100.0 + (-1 if key % 2 else 1) * (10 + key % 50))
    book.match_open(100.0)

    def run() -> None:
        for _ in range(LOOPS // 10):
            book.match_range(100.0, 105.0, 95.0, 101.0)

    return run


def seconds(run: Callable[[], None]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started


def main() -> None:
    cases: list[tuple[str, int, Callable[[], None], Callable[[], None]]] = [
        (
            "append a closed candle, 1,000 kept",
            LOOPS,
            append_when_full(CandleRing(3600.0, 1_000)),
            append_when_full(CandleRingReference("1h", 1_000)),
        ),
        (
            "last 500 closes as a fresh array",
            LOOPS,
            last_closes(CandleRing(3600.0, 1_000)),
            last_closes(CandleRingReference("1h", 1_000)),
        ),
        *(
            (
                f"a candle that fills none of {orders} orders",
                LOOPS // 10,
                quiet_candle(MatchingBook(), orders),
                quiet_candle(MatchingBookReference(), orders),
            )
            for orders in (1, 100)
        ),
    ]
    print(f"{'ns per operation':<44}{'compiled':>10}{'twin':>12}{'ratio':>8}")
    for name, count, compiled, twin in cases:
        times = [(seconds(compiled), seconds(twin)) for _ in range(REPETITIONS)]
        ours, plain = (statistics.median(column) / count * 1e9 for column in zip(*times, strict=True))
        print(f"{name:<44}{ours:>10,.0f}{plain:>12,.0f}{plain / ours:>8.1f}")


if __name__ == "__main__":
    main()
