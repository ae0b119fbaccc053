# SPDX-License-Identifier: Apache-2.0
"""Recorded order-book sessions as what a client has in hand: lists of [price, size], floats.

Only this module knows how recordings are read. ``python sessions.py`` tells what is in them; where they are absent, a
made-up market takes their place.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from octobot_trading.history.readers import recorded_session
from octobot_trading.history.readers.content import load_content
from octobot_trading.history.readers.venues.binance import Binance
from octobot_trading.history.readers.venues.events import BookEvent
from octobot_trading.history.readers.venues.kraken import kraken

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "data" / "orderbook"
Levels = list[list[float]]
Delta = tuple[Levels, Levels]


@dataclass(frozen=True)
class Session:
    """One market: a snapshot and the deltas after it, with its price step and the digits of prices and sizes."""

    name: str
    tick: float
    price_digits: int
    size_digits: int
    snapshot: Delta
    deltas: list[Delta]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def rows(self) -> int:
        return sum(len(bids) + len(asks) for bids, asks in self.deltas)


def sessions() -> list[Session]:
    """Binance spot (five minutes, 6,500 deltas), USD-M, and Kraken (31 seconds, a level or two a delta)."""
    if not RECORDED.exists():
        return [made_up()]
    spot = [f"hftbacktest/binance_spot_btcusdt_2024080{day}.gz" for day in (8, 9)]
    futures = ["hftbacktest/binance_usdm_btcusdt_20240808.gz"]
    return [
        recorded("Binance spot BTC/USDT", Binance(), spot, 0.01, 2, 5),
        recorded(
            "Binance USD-M BTC/USDT",
            Binance(),
            futures,
            0.1,
            1,
            3,
        ),
        recorded("Kraken", kraken, [f"cryptofeed/KRAKEN.ws.{n}.0.xz" for n in (48, 49, 50)], 0.0, 5, 8),
    ]


def recorded(name: str, parser: Any, files: list[str], tick: float, price_digits: int, size_digits: int) -> Session:
    """The market of a recording that changes most; deltas that its snapshot contains are left out."""
    messages = [recorded_session.read(load_content(RECORDED / file)) for file in files]
    told = (event for message in heapq.merge(*messages, key=lambda one: one.time) for event in parser(message))
    events = [event for event in told if isinstance(event, BookEvent)]
    symbol = Counter(event.symbol for event in events).most_common(1)[0][0]
    events = [event for event in events if event.symbol == symbol]
    snapshot = next(event for event in events if event.whole)
    deltas = [
        (floats(event.bids), floats(event.asks))
        for event in (events if snapshot.nonce else events[events.index(snapshot) :])
        if not event.whole and not (snapshot.nonce and event.ids and event.ids.last <= snapshot.nonce)
    ]
    sides = (floats(snapshot.bids), floats(snapshot.asks))
    return Session(name, tick, price_digits, size_digits, sides, deltas)


def floats(rows: Any) -> Levels:
    return [[float(row[0]), float(row[1])] for row in rows]


def made_up(seed: int = 7) -> Session:
    """Changes near the best price are more frequent, one in four takes a level away, the best price wanders."""
    draw = random.Random(seed)
    middle, depth = 6_000_000, 1_000
    whole: Delta = tuple(  # type: ignore[assignment]
        [[(middle + sign * step) / 100, round(draw.uniform(0.1, 9), 3)] for step in range(1, depth + 1)]
        for sign in (-1, 1)
    )
    deltas = []
    for _ in range(2_000):
        middle += draw.choice([-3, -1, 0, 0, 1, 3])
        rows: Delta = ([], [])
        for _ in range(50):
            step, side = min(depth, 1 + int(draw.expovariate(1 / 60))), draw.randrange(2)
            size = 0.0 if draw.random() < 0.25 else round(draw.uniform(0.1, 9), 3)
            rows[side].append([(middle - step if side == 0 else middle + step) / 100, size])
        deltas.append(rows)
    return Session("made-up market", 0.01, 2, 3, whole, deltas)


if __name__ == "__main__":
    for one in sessions():
        per_delta = one.rows / len(one.deltas)
        sides = " + ".join(str(len(side)) for side in one.snapshot)
        print(f"{one.name}: snapshot {sides}, {len(one.deltas):,} deltas, {one.rows:,} rows, {per_delta:.1f} each")
