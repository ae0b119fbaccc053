# SPDX-License-Identifier: Apache-2.0
"""One symbol's recorded candles on their way into an exchange."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from async_channel import Topic
from octobot_commons.time_frame_manager import get_seconds
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.history import CandleSeries
from octobot_trading.util import FloatArray

Events: TypeAlias = tuple[FloatArray, NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]


class FrameFeed:
    """One series: its columns, the ring it fills and the topic it is published on."""

    def __init__(self, manager: ExchangeManager, series: CandleSeries) -> None:
        self.series = series
        self.candles: CandlesManager = manager.get_symbol_data(series.symbol).add_time_frame(series.time_frame)
        names = {
            "cryptocurrency": manager.cryptocurrency_of(series.symbol),
            "symbol": series.symbol,
            "time_frame": series.time_frame.value,
        }
        self._head: dict[str, Any] = {"exchange": manager.exchange_name, "exchange_id": manager.id, **names}
        self._ohlcv: Topic = get_chan("OHLCV", manager.id).topic_of(**names)
        self._kline: Topic = get_chan("Kline", manager.id).topic_of(**names)

    def candle(self, row: int) -> list[float]:
        """[open time, open, high, low, close, volume] of one row."""
        series = self.series
        return [
            series.open_times.item(row),
            series.open.item(row),
            series.high.item(row),
            series.low.item(row),
            series.close.item(row),
            series.volume.item(row),
        ]

    def publish_closed(self) -> None:
        """Send the newest closed candle."""
        if self._ohlcv:
            self._ohlcv.send_nowait({**self._head, "candle": self.candles.ring.candle()})

    def publish_construction(self) -> None:
        """Send the candle in construction, when somebody wants it."""
        if self._kline and self.candles.ring.has_construction:
            self._kline.send_nowait({**self._head, "kline": self.candles.ring.construction()})


class SymbolFeed:
    """All series of one symbol, shortest time frame first."""

    def __init__(self, manager: ExchangeManager, series: Sequence[CandleSeries]) -> None:
        assert isinstance(manager.exchange, SimulatedExchange)
        ordered = sorted(series, key=lambda one: get_seconds(one.time_frame))
        self.symbol = ordered[0].symbol
        self.frames = [FrameFeed(manager, one) for one in ordered]
        self._exchange = manager.exchange
        self._symbol_data = manager.get_symbol_data(self.symbol)
        self._higher = self.frames[1:]
        names = {"cryptocurrency": manager.cryptocurrency_of(self.symbol), "symbol": self.symbol}
        self._head: dict[str, Any] = {"exchange": manager.exchange_name, "exchange_id": manager.id, **names}
        self._ticker: Topic = get_chan("Ticker", manager.id).topic_of(**names)

    def events(self, index: int, start_time: float | None) -> Events:
        """(time, feed, frame, row) of every close after ``start_time``, and of every base open from it on."""
        parts: list[tuple[FloatArray, int, NDArray[np.int64]]] = []
        for number, frame in enumerate(self.frames):
            times = frame.series.close_times
            rows = np.arange(_count_known(times, start_time), len(times))
            parts.append((times[rows], number, rows))
        opens = self.frames[0].series.open_times
        rows = parts[0][2]
        parts.append((opens[rows], -1, rows))
        time = np.concatenate([part[0] for part in parts])
        frame_numbers = np.concatenate([np.full(len(part[0]), part[1], dtype=np.int32) for part in parts])
        all_rows = np.concatenate([part[2] for part in parts])
        return time, np.full(len(time), index, dtype=np.int32), frame_numbers, all_rows

    def preload(self, start_time: float | None) -> None:
        """Put what was known at the start into the rings, without telling anyone."""
        if start_time is None:
            return
        for frame in self.frames:
            known = _count_known(frame.series.close_times, start_time)
            ring = frame.candles.ring
            for row in range(max(0, known - ring.capacity), known):
                ring.append(*frame.candle(row))
        if len(self.frames[0].candles):
            self._symbol_data.price = self.frames[0].candles.ring.last(4)

    def open_candle(self, row: int) -> None:
        """The base candle of this row opens."""
        price = self.frames[0].series.open.item(row)
        self._symbol_data.price = price
        self._exchange.open_candle(self.symbol, price)

    def close_candle(self, frame_number: int, row: int) -> None:
        """A candle has closed: match orders against it, when it is a base candle, and keep it."""
        frame = self.frames[frame_number]
        time, open_price, high, low, close, volume = frame.candle(row)
        frame.candles.ring.append(time, open_price, high, low, close, volume)
        if frame_number == 0:
            self._symbol_data.price = close
            self._exchange.close_candle(self.symbol, open_price, high, low, close)
            for higher in self._higher:
                higher.candles.ring.merge_construction(time, open_price, high, low, close, volume)

    def publish(self, frame_number: int) -> None:
        """Tell of the closed candle, and with a base candle of what changed by it."""
        self.frames[frame_number].publish_closed()
        if frame_number:
            return
        for higher in self._higher:
            higher.publish_construction()
        if self._ticker:
            time, _, _, _, close, _ = self.frames[0].candles.ring.candle()
            ticker = {"symbol": self.symbol, "last": close, "close": close, "timestamp": time}
            self._ticker.send_nowait({**self._head, "ticker": ticker})


def _count_known(close_times: FloatArray, start_time: float | None) -> int:
    return 0 if start_time is None else int(np.searchsorted(close_times, start_time, side="right"))
