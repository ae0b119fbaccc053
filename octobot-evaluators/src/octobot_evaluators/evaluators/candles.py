# SPDX-License-Identifier: Apache-2.0
"""How an evaluator comes by its closed candles, and which one closed last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from octobot_commons.channels_name import OctoBotTradingChannelsName
from octobot_commons.time_frame_manager import bucket_end
from octobot_evaluators.evaluators.registration import topic_pairs
from octobot_trading import api as trading_api
from octobot_trading import exchange_channel

if TYPE_CHECKING:
    from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator
    from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData

_COLUMNS = (
    trading_api.get_symbol_time_candles,
    trading_api.get_symbol_open_candles,
    trading_api.get_symbol_high_candles,
    trading_api.get_symbol_low_candles,
    trading_api.get_symbol_close_candles,
    trading_api.get_symbol_volume_candles,
)
_OHLCV_CHANNEL = OctoBotTradingChannelsName.OHLCV_CHANNEL.value


async def subscribe_to_candles(evaluator: AbstractEvaluator, callback: Callable[..., Awaitable[None]]) -> bool:
    """Call ``callback`` with each closed candle of its symbols and time frames; False where it has no exchange."""
    manager = evaluator._exchange_manager
    if manager is None:
        return False
    cryptocurrencies, symbols, time_frames = evaluator._registration_topic
    channel = exchange_channel.get_chan(_OHLCV_CHANNEL, manager.id)
    consumer = await channel.new_consumer(
        callback,
        cryptocurrency=cryptocurrencies,
        symbol=symbols,
        time_frame=[time_frame.value for time_frame in time_frames],
        priority_level=evaluator.priority_level,
    )
    evaluator._subscribed(channel, consumer)
    return True


def last_closed_candle(symbol_data: ExchangeSymbolData, time_frame: str) -> list[float] | None:
    """The newest closed candle, None where there is none yet."""
    columns = [column(symbol_data, time_frame, limit=1) for column in _COLUMNS]
    return [float(column[-1]) for column in columns] if len(columns[0]) else None


async def evaluate_last_candles(evaluator: AbstractEvaluator, callback: Callable[..., Awaitable[None]]) -> None:
    """Call ``callback(…, is_quiet=True)`` with the last closed candle of each of its symbols and time frames.

    One that is followed by a closed candle that nobody has, as after an exchange was away, tells nothing of now.
    """
    manager = evaluator._exchange_manager
    if manager is None:
        return
    topic = evaluator._registration_topic
    for cryptocurrency, symbol in topic_pairs(topic, manager.symbols_by_cryptocurrency()):
        symbol_data = manager.get_symbol_data(symbol)
        for time_frame in (one.value for one in topic[2] if one in symbol_data.symbol_candles):
            candle = last_closed_candle(symbol_data, time_frame)
            if candle is not None and _is_newest(candle, time_frame, manager.clock.now()):
                about = (manager.exchange_name, manager.id, cryptocurrency, symbol, time_frame)
                await callback(*about, candle, is_quiet=True)


def _is_newest(candle: list[float], time_frame: str, now: float) -> bool:
    return now < bucket_end(bucket_end(candle[0], time_frame), time_frame)
