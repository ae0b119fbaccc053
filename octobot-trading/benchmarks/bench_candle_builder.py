# SPDX-License-Identifier: Apache-2.0
"""The candle builder, its time frames fed by each other, beside the bare loop that adds a trade to each time frame.

Both are Python. The bare loop knows no late trades, duplicates, gaps or incomplete candles.
"""

from __future__ import annotations

from collections.abc import Callable

from interleaved import Case, print_table

from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.exchange_data.ohlcv.candle_builder import CandleBuilder

LOOPS = 20_000
SECONDS_BETWEEN = 3.0
SETS = (("1h",), ("1m",), ("1m", "5m", "15m", "1h", "4h", "1d"))


def built(time_frames: tuple[str, ...], fed: int, with_ids: bool) -> Callable[[], None]:
    builder = CandleBuilder(time_frames)
    for number in range(fed):
        builder.add_trade(number * SECONDS_BETWEEN, 1.0 + number % 7, 1.0)
    state = [fed]

    def run() -> None:
        first, add = state[0], builder.add_trade
        for number in range(first, first + LOOPS):
            add(number * SECONDS_BETWEEN, 1.0 + number % 7, 1.0, number if with_ids else None)
        state[0] = first + LOOPS

    return run


def bare(time_frames: tuple[str, ...]) -> Callable[[], None]:
    seconds = [float(get_seconds(frame)) for frame in time_frames]
    candles = [[-1.0, 0.0, 0.0, 0.0, 0.0, 0.0] for _ in seconds]
    state = [0]

    def run() -> None:
        first = state[0]
        for number in range(first, first + LOOPS):
            time, price = number * SECONDS_BETWEEN, 1.0 + number % 7
            for place, length in enumerate(seconds):
                candle = candles[place]
                start = time // length * length
                if candle[0] != start:
                    candles[place] = [start, price, price, price, price, 1.0]
                    continue
                if price > candle[2]:
                    candle[2] = price
                elif price < candle[3]:
                    candle[3] = price
                candle[4] = price
                candle[5] += 1.0
        state[0] = first + LOOPS

    return run


def main() -> None:
    cases = [Case(f"a trade into {' '.join(frames)}", LOOPS, built(frames, 0, False), bare(frames)) for frames in SETS]
    cases.append(Case("the same after 200,000 trades", LOOPS, built(SETS[-1], 200_000, False), bare(SETS[-1])))
    cases.append(Case("the same with ids", LOOPS, built(SETS[-1], 0, True), bare(SETS[-1])))
    print_table("candle builder", cases, ours="builder")


if __name__ == "__main__":
    main()
