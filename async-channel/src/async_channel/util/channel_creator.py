# SPDX-License-Identifier: Apache-2.0
"""Creating channels and registering them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from async_channel.channels.channel import Channel
    from async_channel.dispatcher import SynchronizedDispatcher

ChannelT = TypeVar("ChannelT", bound="Channel")


async def create_channel_instance(
    channel_class: type[ChannelT],
    set_chan_method: Callable[[ChannelT, str], Any],
    is_synchronized: bool = False,
    channel_name: str | None = None,
    dispatcher: SynchronizedDispatcher | None = None,
    **kwargs: Any,
) -> ChannelT:
    """Create a channel with `kwargs`, register it with `set_chan_method(channel, name)` and start it.

    The name defaults to the class's get_name(). With a dispatcher the channel is synchronized and served by it.
    """
    channel = channel_class(**kwargs)
    channel.is_synchronized = is_synchronized
    if dispatcher is not None:
        channel.dispatcher = dispatcher
    set_chan_method(channel, channel_name or channel_class.get_name())
    await channel.start()
    return channel


async def create_all_subclasses_channel(
    channel_class: type[ChannelT],
    set_chan_method: Callable[[ChannelT, str], Any],
    is_synchronized: bool = False,
    dispatcher: SynchronizedDispatcher | None = None,
    **kwargs: Any,
) -> list[ChannelT]:
    """create_channel_instance() for each direct subclass of `channel_class`, in order of definition."""
    return [
        await create_channel_instance(
            subclass, set_chan_method, is_synchronized=is_synchronized, dispatcher=dispatcher, **kwargs
        )
        for subclass in channel_class.__subclasses__()
    ]
