# SPDX-License-Identifier: Apache-2.0
"""Channels and the registries that name them."""

from async_channel.channels.channel import Channel
from async_channel.channels.channel_instances import (
    ChannelInstances,
    del_chan,
    del_chan_at_id,
    del_channel_container,
    get_chan,
    get_chan_at_id,
    get_channels,
    set_chan,
    set_chan_at_id,
    share_chan_at_id,
)

__all__ = [
    "Channel",
    "ChannelInstances",
    "del_chan",
    "del_chan_at_id",
    "del_channel_container",
    "get_chan",
    "get_chan_at_id",
    "get_channels",
    "set_chan",
    "set_chan_at_id",
    "share_chan_at_id",
]
