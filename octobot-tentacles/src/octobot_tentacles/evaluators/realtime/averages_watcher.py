# SPDX-License-Identifier: Apache-2.0
"""What real-time evaluators do that compare the candle of the moment with the average of the closed ones."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

from octobot_commons.channels_name import OctoBotTradingChannelsName
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.constants import CONFIG_TIME_FRAME, START_PENDING_EVAL_NOTE
from octobot_commons.enums import PriceIndexes, TimeFrames, UserInputTypes
from octobot_evaluators.evaluators import RealTimeEvaluator
from octobot_tentacles.indicators import FloatArray
from octobot_trading import api
from octobot_trading.exchange_channel import get_chan

_TIME, _CLOSE, _VOLUME = (
    PriceIndexes.IND_PRICE_TIME.value,
    PriceIndexes.IND_PRICE_CLOSE.value,
    PriceIndexes.IND_PRICE_VOL.value,
)


class Averages(NamedTuple):
    """The means of the last closed candles, and when the last of them opened."""

    price: float
    volume: float
    last_time: float

    @classmethod
    def of(cls, closes: FloatArray, volumes: FloatArray, last_time: float, count: int) -> Averages | None:
        """Of the last ``count`` candles; None where there are fewer or where their mean is no price."""
        if len(closes) < count:
            return None
        # array.sum() costs twice as much as a loop over this few floats
        price, volume = sum(closes[-count:].tolist()) / count, sum(volumes[-count:].tolist()) / count
        return cls(price, volume, last_time) if isfinite(price) and isfinite(volume) and price > 0.0 else None


class AveragesWatcher(RealTimeEvaluator):
    """Writes what ``note_of`` says of the candle of the moment whenever that changes, for each symbol by itself."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        #: How many closed candles the averages are of.
        self.candles_count = 1
        self._averages: dict[str, Averages | None] = {}
        self._notes: dict[str, float | None] = {}

    def register_time_frame(self, inputs: dict[str, Any]) -> None:
        """Register the setting of the time frame; where that is not followed, it is the shortest one that is."""
        self.time_frame = self.UI.user_input(
            CONFIG_TIME_FRAME,
            UserInputTypes.OPTIONS,
            TimeFrames.ONE_MINUTE.value,
            inputs,
            options=[time_frame.value for time_frame in TimeFrames],
            title="Time frame: of the candles it looks at; where they are not followed, of the shortest that are.",
        )

    async def start(self, bot_id: str | None) -> bool | None:
        """Subscribe to candles that close and to those in construction."""
        assert self.exchange_name is not None
        assert self.matrix_id is not None
        exchange_id = api.get_exchange_id_from_matrix_id(self.exchange_name, self.matrix_id)
        for channel, callback in (
            (OctoBotTradingChannelsName.OHLCV_CHANNEL, self.ohlcv_callback),
            (OctoBotTradingChannelsName.KLINE_CHANNEL, self.kline_callback),
        ):
            await get_chan(channel.value, exchange_id).new_consumer(
                callback=callback, time_frame=self.available_time_frame, priority_level=self.priority_level
            )
        return True

    async def ohlcv_callback(
        self,
        exchange: str,
        exchange_id: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str,
        candle: Sequence[float],
    ) -> None:
        """A candle has closed: compare it with those before, which it then belongs to."""
        count = self.candles_count
        candles = self.get_symbol_candles(exchange, exchange_id, symbol, time_frame)
        closes, volumes = candles.get_symbol_close_candles(count + 1), candles.get_symbol_volume_candles(count + 1)
        before = Averages.of(closes[:-1], volumes[:-1], candle[_TIME], count)
        self._averages[symbol] = Averages.of(closes, volumes, candle[_TIME], count)
        await self._look(cryptocurrency, symbol, candle, before)

    async def kline_callback(
        self,
        exchange: str,
        exchange_id: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str,
        kline: Sequence[float],
    ) -> None:
        """The candle in construction has changed: compare it with the closed ones."""
        averages = self._averages.get(symbol)
        if averages is None:
            averages = self._averages[symbol] = self._read_averages(exchange, exchange_id, symbol, time_frame)
        # the last word on a candle may come once more after it has closed
        if averages is None or kline[_TIME] > averages.last_time:
            await self._look(cryptocurrency, symbol, kline, averages)

    def _read_averages(self, exchange: str, exchange_id: str, symbol: str, time_frame: str) -> Averages | None:
        candles, count = self.get_symbol_candles(exchange, exchange_id, symbol, time_frame), self.candles_count
        times = candles.get_symbol_time_candles(1)
        if not len(times):
            return None
        return Averages.of(
            candles.get_symbol_close_candles(count), candles.get_symbol_volume_candles(count), float(times[-1]), count
        )

    async def _look(self, cryptocurrency: str, symbol: str, candle: Sequence[float], averages: Averages | None) -> None:
        # not kept where this fails: the note is gone then, so the same one has to be written again
        told = self._notes.pop(symbol, None)
        price, volume = candle[_CLOSE], candle[_VOLUME]
        note = None
        if averages is not None and isfinite(price) and isfinite(volume):
            note = self.note_of(price, volume, averages)
        if note != told:
            self.eval_note = START_PENDING_EVAL_NOTE if note is None else note
            await self.evaluation_completed(cryptocurrency, symbol)
        self._notes[symbol] = note

    def note_of(self, price: float, volume: float, averages: Averages) -> float | None:
        """The note of a candle with this close and volume; None where there is nothing to say, which is pending."""
        raise NotImplementedError(f"{self.get_name()} has no note_of")
