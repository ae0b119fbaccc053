# SPDX-License-Identifier: Apache-2.0
"""Registries: channels by name, and by identifier then name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from async_channel.errors import ChannelAlreadyExistsError, UnknownChannelError

if TYPE_CHECKING:
    from async_channel.channels.channel import Channel

# An attribute of the event loop, so that a registry and its channels end with it.
_OF_LOOP = "_async_channel_instances"


class ChannelInstances:
    """A registry: `channels` maps a name to a channel, and an identifier to a dict of channels.

    Each event loop has one of its own, so that programs which run in several threads, or one after the other, do not
    meet. What was registered while no loop ran, in the registry of the process, is found from every loop.
    """

    _of_process: ClassVar[ChannelInstances | None] = None

    def __init__(self) -> None:
        self.channels: dict[str | None, Any] = {}

    @classmethod
    def instance(cls) -> ChannelInstances:
        """The registry of the event loop that runs, else of the process; created the first time."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return cls.of_process()
        instance: ChannelInstances | None = getattr(loop, _OF_LOOP, None)
        if instance is None:
            instance = cls()
            setattr(loop, _OF_LOOP, instance)
        return instance

    @classmethod
    def of_process(cls) -> ChannelInstances:
        """The registry outside of event loops."""
        if cls._of_process is None:
            cls._of_process = cls()
        return cls._of_process


def _registries() -> tuple[dict[Any, Any], ...]:
    own, of_process = ChannelInstances.instance().channels, ChannelInstances.of_process().channels
    return (own,) if own is of_process else (own, of_process)


def _containers(chan_id: str | None) -> list[dict[str, Any]]:
    return [registry[chan_id] for registry in _registries() if chan_id in registry]


def _register(registry: dict[Any, Any], places: list[dict[Any, Any]], chan: Channel, name: str, where: str) -> None:
    if any(name in place for place in places):
        raise ChannelAlreadyExistsError(f"channel {name!r} exists already{where}: delete it first")
    registry[name] = chan


def _unknown(what: str) -> UnknownChannelError:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        what += " outside of event loops: channels made on one are found on that one"
    return UnknownChannelError(what)


def set_chan(chan: Channel, name: str | None = None) -> Channel:
    """Register a channel under a name (its class's by default); ValueError when the name is taken."""
    _register(ChannelInstances.instance().channels, [*_registries()], chan, name or chan.get_name(), "")
    return chan


def get_chan(chan_name: str) -> Any:
    """The channel of that name; KeyError when there is none."""
    for registry in _registries():
        if chan_name in registry:
            return registry[chan_name]
    raise _unknown(f"no channel is named {chan_name!r}")


def del_chan(chan_name: str) -> None:
    """Forget the channel of that name, if any; it is not stopped."""
    for registry in _registries():
        registry.pop(chan_name, None)


def set_chan_at_id(chan: Channel, name: str | None = None) -> Channel:
    """Register a channel under its `chan_id` and a name; ValueError when that name is taken there."""
    share_chan_at_id(chan, name or chan.get_name(), chan.chan_id)
    return chan


def share_chan_at_id(chan: Channel, name: str, chan_id: str | None) -> None:
    """Let a channel be found under another identifier than its own too; ValueError when the name is taken there."""
    container = ChannelInstances.instance().channels.setdefault(chan_id, {})
    _register(container, _containers(chan_id), chan, name, f" at {chan_id!r}")


def get_channels(chan_id: str) -> dict[str, Any]:
    """The channels registered under an identifier, by name; KeyError when there is none."""
    containers = _containers(chan_id)
    if not containers:
        raise _unknown(f"no channels are registered at {chan_id!r}")
    return containers[0]


def get_chan_at_id(chan_name: str, chan_id: str) -> Any:
    """The channel registered under an identifier and a name; KeyError when there is none."""
    for container in _containers(chan_id):
        if chan_name in container:
            return container[chan_name]
    raise _unknown(f"no channel is named {chan_name!r} at {chan_id!r}")


def del_chan_at_id(chan_name: str, chan_id: str) -> None:
    """Forget one channel of an identifier, if any; it is not stopped."""
    for container in _containers(chan_id):
        container.pop(chan_name, None)


def del_channel_container(chan_id: str) -> None:
    """Forget every channel of an identifier, if any; they are not stopped."""
    for registry in _registries():
        registry.pop(chan_id, None)
