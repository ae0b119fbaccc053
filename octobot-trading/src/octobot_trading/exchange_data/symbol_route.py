# SPDX-License-Identifier: Apache-2.0
"""Where the market data of one symbol goes: what holds it, and the topics that tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from async_channel import Topic
from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_commons.enums import TimeFrames
from octobot_commons.time_frame_manager import parse_time_frame
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchange_data.symbol_feeds import FEED_NAMES

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class FrameRoute:
    """The candles of one time frame and their topics."""

    __slots__ = ("_head", "_kline", "_ohlcv", "candles", "where")

    def __init__(self, manager: ExchangeManager, symbol: str, time_frame: TimeFrames) -> None:
        self.candles = manager.get_symbol_data(symbol).add_time_frame(time_frame)
        self.where = f"{manager.exchange_name} {symbol} {time_frame.value}"
        names = {**names_of(manager, symbol), "time_frame": time_frame.value}
        self._ohlcv: Topic = get_chan(Names.OHLCV_CHANNEL, manager.id).topic_of(**names)
        self._kline: Topic = get_chan(Names.KLINE_CHANNEL, manager.id).topic_of(**names)
        self._head = {"exchange": manager.exchange_name, "exchange_id": manager.id, **names}

    async def send_closed(self) -> None:
        """Tell of the newest closed candle."""
        if self._ohlcv:
            await self._ohlcv.send({**self._head, "candle": self.candles.ring.candle()})

    async def send_construction(self) -> None:
        """Tell of the candle in construction."""
        if self._kline:
            await self._kline.send({**self._head, "kline": self.candles.ring.construction()})


class SymbolRoute:
    """One symbol's data, the topics of its channels by name, and what every payload begins with."""

    __slots__ = ("_frames", "_manager", "data", "head", "symbol", "topics", "where")

    def __init__(self, manager: ExchangeManager, symbol: str) -> None:
        self._manager = manager
        self._frames: dict[str, FrameRoute] = {}
        self.symbol = symbol
        self.data = manager.get_symbol_data(symbol)
        names = names_of(manager, symbol)
        self.topics: dict[str, Topic | None] = {
            str(kind): get_chan(kind, manager.id).topic_of(**names) for kind in FEED_NAMES
        }
        self.head: dict[str, Any] = {"exchange": manager.exchange_name, "exchange_id": manager.id, **names}
        self.where = f"{manager.exchange_name} {symbol}"

    def mute(self) -> None:
        """Tell nobody of anything but candles."""
        self.topics = dict.fromkeys(self.topics)

    def frame(self, time_frame: TimeFrames | str) -> FrameRoute:
        """The candles of a time frame, followed from now on where they were not.

        Raises:
            TimeFrameError: there is no such time frame.
        """
        found = self._frames.get(time_frame)
        if found is None:
            found = FrameRoute(self._manager, self.symbol, parse_time_frame(time_frame))
            self._frames[time_frame] = found
        return found


def names_of(manager: ExchangeManager, symbol: str) -> dict[str, str]:
    """What the channels of a symbol's data can be filtered on."""
    return {"cryptocurrency": manager.cryptocurrency_of(symbol), "symbol": symbol}
