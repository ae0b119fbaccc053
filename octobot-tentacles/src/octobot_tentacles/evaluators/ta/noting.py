# SPDX-License-Identifier: Apache-2.0
"""What every technical evaluator here does at a candle: read its window, make its note, or leave the note pending."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from enum import Enum
from typing import Any, Protocol

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.logging import BotLogger
from octobot_evaluators.util import get_eval_time
from octobot_tentacles.errors import IndicatorInputError
from octobot_tentacles.indicators import FloatArray
from octobot_trading import api


class Column(Enum):
    """What is read of a candle."""

    HIGH = "high"
    LOW = "low"
    CLOSE = "close"
    VOLUME = "volume"


_READERS: dict[Column, Callable[..., FloatArray]] = {
    Column.HIGH: api.get_symbol_high_candles,
    Column.LOW: api.get_symbol_low_candles,
    Column.CLOSE: api.get_symbol_close_candles,
    Column.VOLUME: api.get_symbol_volume_candles,
}

OhlcvCallback = Callable[..., Coroutine[Any, Any, None]]


class NotesCandles(Protocol):
    """An evaluator that makes a note of the newest candles."""

    logger: BotLogger
    eval_note: Any

    @property
    def window(self) -> int:
        """How many candles it reads: what lies further back changes nothing."""

    @property
    def note_of(self) -> Callable[..., Any]:
        """The note of these columns, None when they are too few; IndicatorInputError when one is no number."""

    def get_exchange_symbol_data(self, exchange_name: str, exchange_id: str, symbol: str) -> Any: ...

    async def evaluation_completed(self, *args: Any, **kwargs: Any) -> None: ...


def notes(*columns: Column) -> OhlcvCallback:
    """The ``ohlcv_callback`` of an evaluator: calls ``note_of`` with these columns of the last ``window`` candles.

    The note is pending while candles are too few, and as long as one of them is no number.
    """
    readers = [_READERS[column] for column in columns]

    async def ohlcv_callback(
        self: NotesCandles,
        exchange: str,
        exchange_id: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str,
        candle: Sequence[float],
        inc_in_construction_data: bool,
    ) -> None:
        """A candle has closed: note it."""
        data, window = self.get_exchange_symbol_data(exchange, exchange_id, symbol), self.window
        try:
            note = self.note_of(
                *[
                    read(data, time_frame, limit=window, include_in_construction=inc_in_construction_data)
                    for read in readers
                ]
            )
        except IndicatorInputError as error:
            self.logger.debug("%s on %s is left pending: %s", symbol, time_frame, error)
            note = None
        self.eval_note = START_PENDING_EVAL_NOTE if note is None else note
        await self.evaluation_completed(
            cryptocurrency, symbol, time_frame, eval_time=get_eval_time(full_candle=candle, time_frame=time_frame)
        )

    return ohlcv_callback
