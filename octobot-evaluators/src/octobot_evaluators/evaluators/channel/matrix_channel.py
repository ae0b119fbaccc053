# SPDX-License-Identifier: Apache-2.0
"""The Matrix channel: one message per note, and one per cycle that completes a strategy's inputs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from async_channel import (
    CHANNEL_WILDCARD,
    Channel,
    ChannelConsumerPriorityLevels,
    Consumer,
    Producer,
    SynchronizedDispatcher,
    Topic,
)
from async_channel.channels import del_chan_at_id, get_chan_at_id, set_chan_at_id
from async_channel.util import create_channel_instance
from octobot_evaluators.errors import UnknownChannelError

Callback = Callable[..., Awaitable[Any]]
Filter = str | list[str]

#: The filter that tells notes (an empty text) from completed cycles (the key of the strategy that waited).
_CYCLE = "cycle"
_NO_CYCLE = ""
_PATH = "path"


class _PathPrefix:
    """Equal to every path that begins with it: how a consumer's filter is compared with the path of a note."""

    __hash__ = None  # type: ignore[assignment]  # never a key: paths that it equals are not equal to each other

    def __init__(self, parts: Sequence[str]) -> None:
        self._parts = tuple(parts)

    def __eq__(self, path: object) -> bool:
        return isinstance(path, tuple) and path[: len(self._parts)] == self._parts

    def __repr__(self) -> str:
        return "/".join((*self._parts, "…"))


class MatrixChannelConsumer(Consumer):
    """Called with the payload of every note of its topic."""


class MatrixChannelProducer(Producer):
    """Sends notes."""


class MatrixChannel(Channel):
    """Notes of one matrix, filtered by who made them and what they are about."""

    PRODUCER_CLASS = MatrixChannelProducer
    CONSUMER_CLASS = MatrixChannelConsumer

    async def new_consumer(  # type: ignore[override]  # filters are arguments, as on every channel of the bot
        self,
        callback: Callback | None = None,
        consumer_instance: Consumer | None = None,
        size: int = 0,
        priority_level: int = ChannelConsumerPriorityLevels.HIGH.value,
        matrix_id: Filter = CHANNEL_WILDCARD,
        cryptocurrency: Filter = CHANNEL_WILDCARD,
        symbol: Filter = CHANNEL_WILDCARD,
        evaluator_name: Filter = CHANNEL_WILDCARD,
        evaluator_type: Filter = CHANNEL_WILDCARD,
        exchange_name: Filter = CHANNEL_WILDCARD,
        time_frame: Filter = CHANNEL_WILDCARD,
        cycle_key: str | None = None,
        path_prefix: Sequence[str] = (),
    ) -> Consumer:
        """Call ``callback(**payload)``, or feed ``consumer_instance``, for every note that matches.

        Each filter is one value, a list of values, or ``"*"``; a note about everything matches whoever asked for one
        thing. With a ``path_prefix`` only notes at or below this path of the matrix match: exchange name, evaluator
        type, evaluator name, cryptocurrency, symbol, time frame, as many of them as are given. With a ``cycle_key``
        it is also called for what is sent to ``cycle_topic(cycle_key)``, whatever the other filters say.
        """
        filters: dict[str, Any] = {
            "matrix_id": matrix_id,
            "cryptocurrency": cryptocurrency,
            "symbol": symbol,
            "evaluator_name": evaluator_name,
            "evaluator_type": evaluator_type,
            "exchange_name": exchange_name,
            "time_frame": time_frame,
            _CYCLE: _NO_CYCLE if cycle_key is None else [_NO_CYCLE, cycle_key],
            _PATH: _PathPrefix(path_prefix),
        }
        return await super().new_consumer(
            callback,
            consumer_filters=filters,
            internal_consumer=consumer_instance,
            size=size,
            priority_level=priority_level,
        )

    def note_topic(self, path: Sequence[str], **values: str | None) -> Topic:
        """The route of notes at this path with these values; a value that is None matches every consumer."""
        asked = {key: value for key, value in values.items() if value is not None}
        return self.topic({**asked, _PATH: tuple(path), _CYCLE: _NO_CYCLE})

    def cycle_topic(self, cycle_key: str) -> Topic:
        """The route of completed cycles to the consumer of this key."""
        return self.topic({_CYCLE: cycle_key})


def set_chan(chan: Channel, name: str | None = None) -> Channel:
    """Register a channel under its matrix's id, ``chan.chan_id``.

    Raises:
        ValueError: the matrix has a channel of this name already.
    """
    set_chan_at_id(chan, chan.get_name() if name is None else name)
    return chan


def get_chan(name: str, matrix_id: str) -> Any:
    """The channel of a matrix.

    Raises:
        UnknownChannelError: there is none.
    """
    try:
        return get_chan_at_id(name, matrix_id)
    except KeyError:
        raise UnknownChannelError(f"matrix {matrix_id!r} has no {name} channel") from None


def del_chan(name: str, matrix_id: str) -> None:
    """Forget a channel."""
    del_chan_at_id(name, matrix_id)


async def create_matrix_channel(matrix_id: str, dispatcher: SynchronizedDispatcher | None = None) -> MatrixChannel:
    """Create and register the Matrix channel of a matrix; ``dispatcher`` drives it in backtests.

    Raises:
        ValueError: the matrix has one already.
    """

    def register(channel: MatrixChannel, name: str | None) -> None:
        channel.chan_id = matrix_id
        set_chan(channel, name)

    return await create_channel_instance(
        MatrixChannel, register, is_synchronized=dispatcher is not None, dispatcher=dispatcher
    )
