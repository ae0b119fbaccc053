# SPDX-License-Identifier: Apache-2.0
"""Random bracket trades on recorded hourly candles under the three fill rules, beside the minutes inside those hours.

Shown by ``pytest -rP``: how wide the band is, how many trades are ambiguous, and what falls outside of it and why.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import FillRule, OrderSide, OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.history import CandleSeries, read_candles, resample
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill

_SYMBOL = "BTC/USDT"
_TICK = Decimal("0.01")
_MARKET = Market(_SYMBOL, "BTC", "USDT", price_tick=_TICK)
#: Distances of take profit and stop loss, as parts of the entry price.
_BRACKETS = {"0.1-0.5 %": (0.001, 0.005), "0.3-3 %": (0.003, 0.03), "1-5 %": (0.01, 0.05)}
#: A trade that has left by none of its exits after these days is left at the market.
_LONGEST_DAYS = 14
_HOUR = 3600.0


@dataclass(frozen=True)
class Bracket:
    """A trade that enters at the open of an hour."""

    hour: int
    is_long: bool
    take_profit: Decimal
    stop_loss: Decimal

    def entry(self) -> OrderRequest:
        back = OrderSide.SELL if self.is_long else OrderSide.BUY
        return OrderRequest(
            _SYMBOL,
            OrderSide.BUY if self.is_long else OrderSide.SELL,
            OrderType.MARKET,
            Decimal(1),
            chained=(
                OrderRequest(_SYMBOL, back, OrderType.LIMIT, Decimal(1), price=self.take_profit, group_id="exits"),
                OrderRequest(
                    _SYMBOL, back, OrderType.STOP_LOSS, Decimal(1), stop_price=self.stop_loss, group_id="exits"
                ),
            ),
        )


@dataclass(frozen=True)
class Result:
    """What a trade made in quote, per coin, and how it ended."""

    profit: Decimal
    exit_price: Decimal
    exit_kind: str
    is_ambiguous: bool


class _Fills:
    """An account listener that keeps the fills."""

    def __init__(self) -> None:
        self.fills: list[Fill] = []

    def on_fill(self, fill: Fill) -> None:
        self.fills.append(fill)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


class Candles:
    """A series as plain lists, which a loop in Python reads fastest."""

    def __init__(self, series: CandleSeries) -> None:
        self.times = series.open_times
        self.closes = series.close_times
        self.open, self.high, self.low, self.close = (
            column.tolist() for column in (series.open, series.high, series.low, series.close)
        )

    def between(self, begin: float, end: float) -> range:
        first, last = np.searchsorted(self.times, [begin, end])
        return range(int(first), int(last))


async def _trade(bracket: Bracket, start: float, candles: Candles, rule: FillRule) -> Result:
    clock = SimulatedClock(start)
    funds = {"USDT": Decimal(10**9), "BTC": Decimal(1000)}
    exchange = SimulatedExchange("any", clock, {_SYMBOL: _MARKET}, funds, fill_rule=rule)
    listener = _Fills()
    exchange.listener = listener  # type: ignore[assignment]
    book = exchange.get_book(_SYMBOL)
    rows = candles.between(start, start + _LONGEST_DAYS * 24 * _HOUR)
    book.follow(candles.open[rows[0]])
    await exchange.create_order(bracket.entry())
    for row in rows:
        if not book.is_reached(candles.high[row], candles.low[row]):
            continue
        clock.advance_to(float(candles.times[row]))
        exchange.open_candle(_SYMBOL, candles.open[row])
        clock.advance_to(float(candles.closes[row]))
        exchange.close_candle(
            _SYMBOL, float(candles.times[row]), candles.open[row], candles.high[row], candles.low[row],
            candles.close[row], 1.0,
        )  # fmt: skip
        if len(listener.fills) == 2:
            break
    entry, *exits = listener.fills
    price, kind = Decimal(repr(candles.close[rows[-1]])), "time"
    if exits:
        price = exits[0].price
        kind = "take profit" if exits[0].taker_or_maker == "maker" else "stop loss"
    made = price - entry.price if bracket.is_long else entry.price - price
    return Result(made, price, kind, exchange.ambiguous_candles > 0)


def _brackets(hours: Candles, count: int, seed: int) -> Iterator[tuple[str, Bracket]]:
    random_source = random.Random(seed)
    last = len(hours.open) - _LONGEST_DAYS * 24
    for number in range(count):
        name = list(_BRACKETS)[number % len(_BRACKETS)]
        hour, is_long = random_source.randrange(last), random_source.random() < 0.5
        price = hours.open[hour]
        gain, loss = (price * random_source.uniform(*_BRACKETS[name]) for _ in range(2))
        away = 1 if is_long else -1
        yield name, Bracket(hour, is_long, _to_tick(price + away * gain), _to_tick(price - away * loss))


def _to_tick(price: float) -> Decimal:
    return Decimal(repr(price)).quantize(_TICK)


def _why_outside(minutes: Result, low: Decimal, high: Decimal) -> str:
    if minutes.exit_kind == "stop loss" and minutes.profit < low:
        return "a gap between two minutes took the stop"
    if minutes.exit_kind == "take profit" and minutes.profit > high:
        return "a gap between two minutes gave the take profit more"
    return f"not explained: {minutes}"


def _compare(path: Path, count: int, seed: int) -> None:
    (minute_series,) = read_candles(path, symbol=_SYMBOL)
    hours, minutes = Candles(resample(minute_series, "1h")), Candles(minute_series)
    counts: Counter[str] = Counter()
    widths: dict[str, list[float]] = {name: [] for name in _BRACKETS}
    outside: Counter[str] = Counter()
    for name, bracket in _brackets(hours, count, seed):
        start = float(hours.times[bracket.hour])
        worst, neutral, best = (asyncio.run(_trade(bracket, start, hours, rule)) for rule in FillRule)
        inside = asyncio.run(_trade(bracket, start, minutes, FillRule.NEUTRAL))
        assert worst.profit <= neutral.profit <= best.profit, bracket
        assert worst.is_ambiguous == best.is_ambiguous or worst.profit != best.profit
        counts[name] += 1
        widths[name].append(float(best.profit - worst.profit) / hours.open[bracket.hour])
        is_ambiguous = worst.is_ambiguous or best.is_ambiguous
        counts[f"{name} ambiguous"] += is_ambiguous
        if not worst.profit <= inside.profit <= best.profit:
            outside[_why_outside(inside, worst.profit, best.profit)] += 1
            assert worst.exit_kind == inside.exit_kind or is_ambiguous
        if not is_ambiguous:
            assert worst.profit == neutral.profit == best.profit
            assert worst.exit_kind == inside.exit_kind
            counts["to the tick"] += abs(inside.profit - worst.profit) <= _TICK
            counts["unambiguous"] += 1
    _print(counts, widths, outside, count)
    assert sum(outside.values()) <= count * 0.01
    assert not any(why.startswith("not explained") for why in outside)
    assert counts["unambiguous"] - counts["to the tick"] <= count * 0.01


def _print(counts: Counter[str], widths: dict[str, list[float]], outside: Counter[str], count: int) -> None:
    print(f"{count} random bracket trades, BTC/USDT, hourly candles beside the minutes inside them")
    for name, of_name in widths.items():
        share = counts[f"{name} ambiguous"] / counts[name]
        print(f"  brackets of {name:9}: {share:6.2%} ambiguous, mean band {np.mean(of_name):.4%} of the price wide")
    total = sum(outside.values())
    print(f"  inside the band: {1 - total / count:.2%}")
    for why, times in outside.items():
        print(f"  outside: {times} ({why})")
    print(f"  unambiguous: {counts['unambiguous']}, of which {counts['to the tick']} equal the minutes to one tick")


def _recording() -> Path:
    root = Path(__file__).resolve().parents[3]
    return root.parent / "shared" / "data" / "ohlcv" / "binance-spot" / "BTC_USDT-1m_2025-05_2025-08.csv.xz"


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_the_minutes_lie_in_the_hourly_band(count: int) -> None:
    path = _recording()
    if not path.exists():
        pytest.skip(f"the recorded candles are not at hand: {path}")
    _compare(path, count, seed=count)
