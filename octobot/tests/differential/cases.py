# SPDX-License-Identifier: Apache-2.0
"""What every engine is given: recorded candles, and the market orders to send after which of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from octobot.shipped import BTC_USDT_1H
from octobot_trading.history import CandleSeries, read_candles

_DATA = Path(__file__).parents[4] / "shared" / "data" / "ohlcv"
_ADA = "binance-usdm/ADA_USDT-1m_2025-05.csv.xz"
#: Whole coins, as backtesting.py trades whole units.
_MOST_COINS = 5


@dataclass(frozen=True)
class Decision:
    """Sent when the candle of this row has closed."""

    row: int
    side: str
    quantity: int


@dataclass(frozen=True)
class Case:
    """A span of one recording, and what decides. ``file`` None is the shipped series."""

    name: str
    file: str | None
    first: int
    count: int
    strategy: str
    seed: int
    is_short: bool = False

    def series(self) -> CandleSeries | None:
        """The candles, None where the recording is not at hand."""
        path = BTC_USDT_1H if self.file is None else _DATA / self.file
        if not path.exists():
            return None
        whole = read_candles(path)[0]
        last = min(len(whole), self.first + self.count)
        end = None if last == len(whole) else float(whole.open_times[last])
        return whole.slice(float(whole.open_times[self.first]), end)

    def decisions(self, series: CandleSeries) -> list[Decision]:
        """The same for every engine; at the end nothing is held."""
        closes = series.close.tolist()
        made = _ema_cross(closes) if self.strategy == "ema cross" else _at_random(len(closes), self.seed)
        held = sum(one.quantity if one.side == "buy" else -one.quantity for one in made)
        return [*made, Decision(len(closes) - 3, "sell", held)] if held else made


def _ema_cross(closes: list[float]) -> list[Decision]:
    """EMA(10) and EMA(20), both from the first close on: long while the fast one is above the slow one."""
    fast = slow = closes[0]
    made: list[Decision] = []
    holds = False
    for row, close in enumerate(closes[:-5]):
        fast += (close - fast) * 2 / 11
        slow += (close - slow) * 2 / 21
        if row >= 19 and fast != slow and (fast > slow) is not holds:
            holds = not holds
            made.append(Decision(row, "buy" if holds else "sell", 1))
    return made


def _at_random(count: int, seed: int) -> list[Decision]:
    """Buys and sells of a few coins at random candles, never more sold than is held."""
    source = random.Random(seed)
    made: list[Decision] = []
    held = 0
    for row in range(1, count - 5):  # backtesting.py asks from the second candle on
        if source.random() < 0.8:
            continue
        if held and source.random() < 0.5:
            quantity = source.randint(1, held)
            held -= quantity
            made.append(Decision(row, "sell", quantity))
        elif held < 4 * _MOST_COINS:
            quantity = source.randint(1, _MOST_COINS)
            held += quantity
            made.append(Decision(row, "buy", quantity))
    return made


CASES = (
    Case("btc-1h-ema", None, 20_000, 1_500, "ema cross", 0),
    Case("btc-1h-random", None, 9_000, 1_500, "at random", 1),
    *(Case(f"btc-1h-random-{seed}", None, 3_000 * seed, 1_000, "at random", seed) for seed in range(2, 12)),
    Case("btc-1h-outages", None, 0, 2_500, "at random", 12),
    Case("btc-5m-random", "binance-spot/BTC_USDT-5m_2023.csv.xz", 20_000, 1_500, "at random", 13),
    Case("btc-5m-ema", "binance-spot/BTC_USDT-5m_2023.csv.xz", 60_000, 2_000, "ema cross", 0),
    Case("btc-1m-random", "binance-spot/BTC_USDT-1m_2025-05_2025-08.csv.xz", 50_000, 2_000, "at random", 14),
    Case("btc-15m-random", "binance-spot/BTC_USDT-15m_2023.csv.xz", 1_000, 2_000, "at random", 15),
    Case("ada-1m-random", _ADA, 5_000, 1_500, "at random", 16),
    Case("ada-1m-ema", _ADA, 15_000, 1_500, "ema cross", 0),
    Case("btc-1h-halt", "binance-spot/BTC_USDT-1h_2023.csv.xz", 1_900, 400, "at random", 17),
)
#: Those whose recorded results `make test` looks at.
QUICK = CASES[:2]
CASH = 10_000_000
FEE = "0.001"
