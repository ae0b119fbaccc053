# SPDX-License-Identifier: Apache-2.0
"""What the evaluators beside this file share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from octobot_commons.enums import UserInputTypes
from octobot_evaluators.evaluators import TAEvaluator
from octobot_evaluators.util import get_eval_time
from octobot_trading import api


class Told(NamedTuple):
    """What an evaluator is called with."""

    exchange: str
    exchange_id: str
    cryptocurrency: str
    symbol: str
    time_frame: str
    candle: list[float]
    in_construction: bool


class Noting(TAEvaluator):
    """Notes what ``note`` makes of the closes that are known."""

    def note(self, closes: np.ndarray, told: Told) -> Any:
        raise NotImplementedError

    def closes(self, told: Told, time_frame: str | None = None, in_construction: bool = False) -> np.ndarray:
        data = self.get_exchange_symbol_data(told.exchange, told.exchange_id, told.symbol)
        return api.get_symbol_close_candles(data, time_frame or told.time_frame, -1, in_construction)

    def manager(self, told: Told) -> Any:
        return api.get_exchange_manager_from_exchange_name_and_id(told.exchange, told.exchange_id)

    async def ohlcv_callback(self, *args: Any) -> None:
        told = Told(*args)
        self.eval_note = self.note(self.closes(told), told)
        await self.completed(told)

    async def completed(self, told: Told, **more: Any) -> None:
        about = told.cryptocurrency, told.symbol, told.time_frame
        dated = {"eval_time": get_eval_time(full_candle=told.candle, time_frame=told.time_frame)}
        await self.evaluation_completed(*about, **{**dated, **more})


class ReadingFiles(Noting):
    """Has a setting that names a file. It notes longer candles only: opening files is slow."""

    async def ohlcv_callback(self, *args: Any) -> None:
        if Told(*args).time_frame != "1h":
            await super().ohlcv_callback(*args)

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        self.data_file = self.UI.user_input("data_file", UserInputTypes.TEXT, "", inputs)


def tanh(value: float) -> float:
    """A note that shows every change."""
    return float(np.tanh(value))


def change(closes: np.ndarray, candles: int = 1) -> float:
    """The relative change of the last candles, as a note."""
    return tanh(20.0 * (closes[-1] / closes[-1 - candles] - 1.0)) if len(closes) > candles else 0.0


def frames_above() -> Iterator[FrameType]:
    """The frames that called the caller, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def whole_series(told: Told, time_frame: str | None = None) -> Any:
    """The whole recorded series, out of the frame of whoever started the backtest."""
    for frame in frames_above():
        plan = frame.f_locals.get("plan")
        for series in getattr(plan, "series", ()):
            if (series.symbol, series.time_frame) == (told.symbol, time_frame or told.time_frame):
                return series
    raise LookupError("nobody replays it")


def position(series: Any, told: Told) -> int:
    """The number of the candle that has closed."""
    return int(np.searchsorted(series.open_times, told.candle[0]))
