# SPDX-License-Identifier: Apache-2.0
"""What a replay costs by kind, with nobody listening and with one consumer that does nothing.

CPU microseconds for each candle or message, reading from memory or from the store included; the least of several runs.
Five recorded minutes of Binance spot where they are at hand, and made-up minute candles and trades.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.backtesting.replay import Recorded, Replay
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets
from octobot_trading.history import CandleStore, TradeSeries, read_market_data, records_from_arrays, series_from_arrays

SYMBOL = "BTC/USDT"
REPETITIONS = 5
CANDLES, TRADES = 100_000, 50_000
BEGIN = 1_700_000_400.0
SESSION = Path(__file__).resolve().parents[3] / "shared/data/orderbook/hftbacktest/binance_spot_btcusdt_20240808.gz"
CHANNELS = {"candles": "OHLCV", "trades": "RecentTrade", "order_book": "OrderBook", "tickers": "OrderBookTicker"}


def made_up() -> list[Any]:
    draw = np.random.default_rng(1)
    close = 100 + np.cumsum(draw.normal(size=CANDLES)) / 100
    times = BEGIN + 60 * np.arange(CANDLES)
    candles = series_from_arrays(
        times, close, close + 1, close - 1, close, np.ones(CANDLES), symbol=SYMBOL, time_frame="1m"
    )
    traded = BEGIN + np.cumsum(draw.exponential(0.1, TRADES))
    prices, ones = 100 + draw.random(TRADES), np.ones(TRADES)
    ids, sides = np.arange(TRADES), draw.choice([-1, 1], TRADES)
    return [candles, records_from_arrays(TradeSeries, traded, prices, ones, sides, ids, symbol=SYMBOL)]


async def seconds(recorded: list[Recorded], channel: str | None) -> tuple[float, int]:
    """CPU seconds of a replay, and how many candles and messages it told of."""
    clock = SimulatedClock(BEGIN if channel == "OHLCV" else 0.0)
    exchange = SimulatedExchange("binance", clock, simulated_markets([SYMBOL]), {})
    manager = ExchangeManager(
        f"bench-{channel}", exchange, clock, {"Bitcoin": [SYMBOL]}, dispatcher=SynchronizedDispatcher(),
        is_backtesting=True,
    )  # fmt: skip
    await manager.initialize()

    async def hear(**payload: Any) -> None:
        pass

    if channel is not None:
        await get_chan(channel, manager.id).new_consumer(hear)
    replay = Replay({manager: recorded})
    started = process_time()
    await replay.run()
    taken = process_time() - started
    await manager.stop()
    return taken, replay.candles + replay.messages


def row(name: str, recorded: list[Recorded], channel: str) -> None:
    cells = []
    for listened in (None, channel):
        runs = [asyncio.run(seconds(recorded, listened)) for _ in range(REPETITIONS)]
        cells.append(min(taken for taken, _ in runs) / runs[0][1] * 1e6)
    print(f"{name:<44}{runs[0][1]:>9,}{cells[0]:>10.2f}{cells[1]:>14.2f}")


def main() -> None:
    series = made_up()
    if SESSION.exists():
        series += [one for one in read_market_data(SESSION) if one.kind.name in CHANNELS]
    print(f"{'CPU microseconds each':<44}{'told':>9}{'nobody':>10}{'one consumer':>14}")
    with tempfile.TemporaryDirectory() as folder, CandleStore(Path(folder) / "store.sqlite") as store:
        for one in series:
            kind = one.kind.name
            where = "recorded" if one.source.endswith(".gz") else "made up"
            row(f"{kind}, {where}, from memory", [one], CHANNELS[kind])
            if kind == "candles":
                store.import_series(one)
                parts = store.parts(one.exchange_name, SYMBOL, one.time_frame)
            else:
                store.records.import_series(one)
                parts = store.records.parts(one.kind, one.exchange_name, SYMBOL)
            row(f"{kind}, {where}, from the store", [parts], CHANNELS[kind])


if __name__ == "__main__":
    main()
