# SPDX-License-Identifier: Apache-2.0
"""``replay_stored.py STORE COUNT``: stores minute candles, replays them, prints their number and the peak memory in MB.

Run by tests as a process of its own. What is stored is made a day at a time.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import numpy as np

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.backtesting.replay import Replay
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets
from octobot_trading.history import CandleStore, series_from_arrays

_SYMBOL = "BTC/USDT"
_BEGIN = 1_577_836_800.0
_AT_A_TIME = 14_400


def _store(path: Path, count: int) -> None:
    random = np.random.default_rng(3)
    with CandleStore(path) as store:
        for first in range(0, count, _AT_A_TIME):
            numbers = np.arange(first, min(first + _AT_A_TIME, count))
            close = 100 + random.normal(size=len(numbers))
            series = series_from_arrays(
                _BEGIN + 60.0 * numbers, close, close + 1, close - 1, close, np.ones(len(numbers)),
                symbol=_SYMBOL, time_frame="1m", exchange_name="binance",
            )  # fmt: skip
            store.import_series(series)


async def _replay(path: Path) -> int:
    clock = SimulatedClock(_BEGIN)
    exchange = SimulatedExchange("binance", clock, simulated_markets([_SYMBOL]), {})
    manager = ExchangeManager(
        "stored", exchange, clock, {"Bitcoin": [_SYMBOL]}, dispatcher=SynchronizedDispatcher(), is_backtesting=True
    )
    await manager.initialize()
    with CandleStore(path) as store:
        replay = Replay({manager: [store.parts("binance", _SYMBOL, "1m")]})
        await replay.run()
    await manager.stop()
    return replay.candles


def _peak_mb() -> float:
    """Of this program alone: what getrusage tells begins with the peak of the process that started it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    store = Path(sys.argv[1])
    _store(store, int(sys.argv[2]))
    candles = asyncio.run(_replay(store))
    print(candles, _peak_mb())
