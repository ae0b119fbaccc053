# SPDX-License-Identifier: Apache-2.0
"""Registries: channels by name, and by identifier then name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from async_channel.errors import ChannelAlreadyExistsError, UnknownChannelError

if TYPE_CHECKING:
    from async_channel.channels.channel import Channel


class ChannelInstances:
    """The process-wide registry: `channels` maps a name to a channel, and an identifier to a dict of channels."""

    _instance: ClassVar[ChannelInstances | None] = None

    def __init__(self) -> None:
        self.channels: dict[str | None, Any] = {}

    @classmethod
    def instance(cls) -> ChannelInstances:
        """The one instance, created the first time."""
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance


def _register(registry: dict[Any, Any], chan: Channel, name: str, where: str) -> None:
    if name in registry:
        raise ChannelAlreadyExistsError(f"channel {name!r} exists already{where}: delete it first")
    registry[name] = chan


def set_chan(chan: Channel, name: str | None = None) -> Channel:
    """Register a channel under a name (its class's by default); ValueError when the name is taken."""
    _register(ChannelInstances.instance().channels, chan, name or chan.get_name(), "")
    return chan


def get_chan(chan_name: str) -> Any:
    """The channel of that name; KeyError when there is none."""
    try:
        return ChannelInstances.instance().channels[chan_name]
    except KeyError:
        raise UnknownChannelError(f"no channel is named {chan_name!r}") from None


def del_chan(chan_name: str) -> None:
    """Forget the channel of that name, if any; it is not stopped."""
    ChannelInstances.instance().channels.pop(chan_name, None)


def set_chan_at_id(chan: Channel, name: str | None = None) -> Channel:
    """Register a channel under its `chan_id` and a name; ValueError when that name is taken there."""
    container = ChannelInstances.instance().channels.setdefault(chan.chan_id, {})
    _register(container, chan, name or chan.get_name(), f" at {chan.chan_id!r}")
    return chan


def get_channels(chan_id: str) -> dict[str, Any]:
    """The channels registered under an identifier, by name; KeyError when there is none."""
    try:
        container: dict[str, Any] = ChannelInstances.instance().channels[chan_id]
    except KeyError:
        raise UnknownChannelError(f"no channels are registered at {chan_id!r}") from None
    return container


def get_chan_at_id(chan_name: str, chan_id: str) -> Any:
    """The channel registered under an identifier and a name; KeyError when there is none."""
    try:
        return get_channels(chan_id)[chan_name]
    except KeyError:
        raise UnknownChannelError(f"no channel is named {chan_name!r} at {chan_id!r}") from None


def del_chan_at_id(chan_name: str, chan_id: str) -> None:
    """Forget one channel of an identifier, if any; it is not stopped."""
    container = ChannelInstances.instance().channels.get(chan_id)
    if container is not None:
        container.pop(chan_name, None)


def del_channel_container(chan_id: str) -> None:
    """Forget every channel of an identifier, if any; they are not stopped."""
    ChannelInstances.instance().channels.pop(chan_id, None)
