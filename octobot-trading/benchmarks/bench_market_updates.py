# SPDX-License-Identifier: Apache-2.0
"""What one update costs with nobody listening, and with one consumer that does nothing, its delivery included.

Medians of interleaved runs, in microseconds an update. Of the order book the last line is what ``OrderBook`` alone
takes, to which the door adds the rest.
"""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Awaitable, Callable
from decimal import Decimal
from time import perf_counter
from typing import Any

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchange_data.feed_settings import FeedRules
from octobot_trading.exchange_data.order_book import OrderBook, UpdateIds
from octobot_trading.exchange_data.order_book.sequences import RangeRule
from octobot_trading.exchange_data.trade_rows import Trade
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets

SYMBOL = "BTC/USDT"
LOOPS = 2_000
REPETITIONS = 7
LEVELS = 1_000
ROWS = 10
Run = Callable[[ExchangeManager], Awaitable[None]]


class Numbered(SimulatedExchange):
    """Numbers its books as Binance does."""

    def feed_rules(self, symbol: str) -> FeedRules:
        return FeedRules(sequence=RangeRule(), tick_size=0.01, numbers_trades=True)


def snapshot() -> tuple[list[list[float]], list[list[float]]]:
    sides = ([[(600_000 + sign * step) / 10, 1.0] for step in range(1, LEVELS + 1)] for sign in (-1, 1))
    bids, asks = sides
    return bids, asks


def deltas() -> list[tuple[list[list[float]], list[list[float]]]]:
    draw = random.Random(5)

    def side(sign: int) -> list[list[float]]:
        steps = (1 + int(draw.expovariate(1 / 60)) for _ in range(ROWS // 2))
        return [[(600_000 + sign * step) / 10, round(draw.uniform(0.1, 9), 3)] for step in steps]

    return [(side(-1), side(1)) for _ in range(LOOPS)]


DELTAS = deltas()


async def book_deltas(manager: ExchangeManager) -> None:
    updates = manager.market_updates
    await updates.order_book_snapshot(SYMBOL, *snapshot(), nonce=0)
    for number, (bids, asks) in enumerate(DELTAS, 1):
        await updates.order_book_delta(SYMBOL, bids, asks, UpdateIds(number, number))
        await deliver(manager)


async def book_alone(manager: ExchangeManager) -> None:
    book = OrderBook(SYMBOL, 0.01, sequence=RangeRule())
    book.apply_snapshot(*snapshot(), time=0.0, nonce=0)
    for number, (bids, asks) in enumerate(DELTAS, 1):
        book.apply_delta(bids, asks, time=0.0, ids=UpdateIds(number, number))


async def deliver(manager: ExchangeManager) -> None:
    """Let the consumer run, as it would between two messages of a venue."""
    assert manager.dispatcher is not None
    if manager.dispatcher.pending:
        await manager.dispatcher.run_until_idle()


class TradesFed:
    """Trades whose ids go on from one run of an exchange to the next."""

    def __init__(self, compact: bool, batch: int) -> None:
        self.compact = compact
        self.batch = batch

    def rows(self, first: int) -> list[Any]:
        numbers = range(first, first + LOOPS)
        if self.compact:
            return [Trade(number / 100, 60_000.0, 0.5, "buy", number) for number in numbers]
        side = {"price": 60_000.0, "amount": 0.5, "side": "buy"}
        return [{"timestamp": number * 10, "id": str(number), **side} for number in numbers]

    async def __call__(self, manager: ExchangeManager) -> float:
        kept = manager.get_symbol_data(SYMBOL).recent_trades.rows(1)
        rows, batch = self.rows(1 + int(kept[0].id) if kept else 1), self.batch  # type: ignore[arg-type]
        batches = [rows[first : first + batch] for first in range(0, LOOPS, batch)]
        started = perf_counter()
        for part in batches:
            await manager.market_updates.trades(SYMBOL, part)
            await deliver(manager)
        return perf_counter() - started


async def book_tickers(manager: ExchangeManager) -> None:
    for _ in range(LOOPS):
        await manager.market_updates.order_book_ticker(SYMBOL, 59_999.9, 1.0, 60_000.1, 2.0)
        await deliver(manager)


async def tickers(manager: ExchangeManager) -> None:
    ticker = {"last": 60_000.0, "bid": 59_999.9, "ask": 60_000.1, "high": 61e3, "low": 59e3, "baseVolume": 5e3}
    for _ in range(LOOPS):
        await manager.market_updates.ticker(SYMBOL, ticker)
        await deliver(manager)


async def mark_prices(manager: ExchangeManager) -> None:
    price = Decimal("60000.1")
    for _ in range(LOOPS):
        await manager.market_updates.mark_price(SYMBOL, price)
        await deliver(manager)


async def klines(manager: ExchangeManager) -> None:
    for _ in range(LOOPS):
        await manager.market_updates.candle_update(SYMBOL, "1h", [0.0, 10.0, 12.0, 9.0, 11.0, 5.0])
        await deliver(manager)


CASES: dict[str, tuple[str | None, Any]] = {
    f"order book delta, {ROWS} rows, {LEVELS:,} levels": ("OrderBook", book_deltas),
    "best prices": ("OrderBookTicker", book_tickers),
    "a trade, as ccxt's dict": ("RecentTrade", TradesFed(False, 1)),
    "a trade, as a Trade": ("RecentTrade", TradesFed(True, 1)),
    "a trade, as one of 20 dicts": ("RecentTrade", TradesFed(False, 20)),
    "a trade, as one of 20 Trades": ("RecentTrade", TradesFed(True, 20)),
    "ticker": ("Ticker", tickers),
    "mark price": ("MarkPrice", mark_prices),
    "candle in construction": ("Kline", klines),
    "order book delta, OrderBook alone": (None, book_alone),
}


async def seconds(run: Any, manager: ExchangeManager) -> float:
    started = perf_counter()
    own = await run(manager)
    return perf_counter() - started if own is None else own


async def started(name: str, listens: bool) -> ExchangeManager:
    """An exchange of its own, so that no case leaves its values to the next."""
    channel, _ = CASES[name]
    clock = SimulatedClock(1.0)
    exchange = Numbered("binance", clock, simulated_markets([SYMBOL]), {})
    manager = ExchangeManager(
        f"{name} {listens}", exchange, clock, {"Bitcoin": [SYMBOL]}, dispatcher=SynchronizedDispatcher()
    )
    await manager.initialize()
    if listens and channel is not None:
        await get_chan(channel, manager.id).new_consumer(_ignore)
    return manager


async def _ignore(**payload: Any) -> None:
    """Listens."""


async def main() -> None:
    print(f"{'one update, microseconds':<44}{'nobody':>10}{'one listens':>14}")
    managers = {(name, listens): await started(name, listens) for name in CASES for listens in (False, True)}
    times: dict[tuple[str, bool], list[float]] = {key: [] for key in managers}
    for _ in range(REPETITIONS):
        for (name, listens), manager in managers.items():
            times[name, listens].append(await seconds(CASES[name][1], manager))
    for name, (channel, _) in CASES.items():
        alone, heard = (statistics.median(times[name, listens]) / LOOPS * 1e6 for listens in (False, True))
        print(f"{name:<44}{alone:>10.2f}" + (f"{heard:>14.2f}" if channel else ""))
    for manager in managers.values():
        await manager.stop()


if __name__ == "__main__":
    asyncio.run(main())
