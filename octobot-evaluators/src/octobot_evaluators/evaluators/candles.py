# SPDX-License-Identifier: Apache-2.0
"""How an evaluator comes by its closed candles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from octobot_commons.channels_name import OctoBotTradingChannelsName
from octobot_trading import exchange_channel

if TYPE_CHECKING:
    from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator

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
