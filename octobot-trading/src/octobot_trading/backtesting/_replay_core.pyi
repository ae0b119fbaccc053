# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from async_channel import Topic
from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData
from octobot_trading.exchange_data.ohlcv._candle_ring import CandleRing
from octobot_trading.exchanges.simulated._matching import MatchingBook
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange

_Floats = NDArray[np.float64]

class FrameCore:
    """One series: its columns (open time to volume), the ring it fills and the topics it is published on.

    ``head`` is what each payload begins with.
    """

    @property
    def ring(self) -> CandleRing: ...
    def __init__(
        self, ring: CandleRing, columns: Sequence[_Floats], ohlcv: Topic, kline: Topic, head: dict[str, Any]
    ) -> None: ...
    def __len__(self) -> int: ...
    def load(self, columns: Sequence[_Floats]) -> None:
        """Go on with other rows."""

    def keep(self, first: int, end: int) -> None:
        """Put rows into the ring without telling anyone."""

class SymbolCore:
    """One symbol's series, the shortest first: the orders of every account are matched against that one, where
    ``matches``."""

    @property
    def symbol(self) -> str: ...
    def __init__(
        self,
        symbol: str,
        frames: list[Any],
        books: list[MatchingBook],
        exchanges: list[SimulatedExchange],
        symbol_data: ExchangeSymbolData,
        ticker: Topic | None,
        head: dict[str, Any],
        matches: bool = ...,
    ) -> None: ...
    def construct(self, first: int, end: int) -> None:
        """Build longer candles from these rows and take the last close for the price, without telling anyone."""

class ReplayCore:
    """All symbols, and what happens to them in order of time."""

    @property
    def candles(self) -> int:
        """Candles closed so far."""

    @property
    def now(self) -> float:
        """The time of the last event, minus infinity before the first."""

    @property
    def next_time(self) -> float:
        """When the next event is, infinity when nothing is left."""

    def __init__(self, symbols: list[Any], advance_to: Callable[[float], None]) -> None: ...
    def load(self, events: tuple[_Floats, NDArray[np.int16], NDArray[np.int16], NDArray[np.int32]]) -> None:
        """What comes next: arrays of time, index of the symbol, number of the frame or -1 for an open, and row.

        At each time closes come before opens.
        """

    def stop(self) -> None:
        """Leave out what is left."""

    def close_candles(self) -> bool:
        """Go to the next time, close what closes then, match it, and publish it; False when nothing is left."""

    def open_next(self) -> bool:
        """Open the candles of this time up to one in whose symbol an account has open orders; False when none has."""
