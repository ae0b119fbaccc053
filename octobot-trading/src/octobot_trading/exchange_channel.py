# SPDX-License-Identifier: Apache-2.0
"""The channels of each exchange: who asks for a symbol and time frame is called for nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from async_channel import CHANNEL_WILDCARD, Channel, ChannelConsumerPriorityLevels, Consumer, Producer, Topic
from async_channel.channels import del_channel_container, get_chan_at_id, set_chan_at_id, share_chan_at_id

Callback = Callable[..., Awaitable[Any]]
#: Told of each consumer that is made in its context: who starts a tentacle ends its subscriptions with it.
on_subscription: ContextVar[Callable[[Channel, Consumer], object] | None] = ContextVar("on_subscription", default=None)


class ExchangeChannelConsumer(Consumer):
    """Called with the payload of every message of its topic."""


class ExchangeChannelProducer(Producer):
    """Sends an exchange's events."""


class ExchangeChannel(Channel):
    """A channel of one exchange, filtered by cryptocurrency, symbol and, where its payload has one, time frame."""

    PRODUCER_CLASS = ExchangeChannelProducer
    CONSUMER_CLASS = ExchangeChannelConsumer
    #: The payload keys that consumers can filter on.
    FILTERS: tuple[str, ...] = ("cryptocurrency", "symbol")

    async def new_consumer(  # type: ignore[override]  # promised to tentacles with these arguments
        self,
        callback: Callback | None = None,
        consumer_instance: Consumer | None = None,
        size: int = 0,
        priority_level: int = ChannelConsumerPriorityLevels.HIGH.value,
        symbol: str | list[str] = CHANNEL_WILDCARD,
        cryptocurrency: str | list[str] = CHANNEL_WILDCARD,
        **filters: Any,
    ) -> Consumer:
        """Call ``callback(**payload)``, or feed ``consumer_instance``, for what matches.

        ``time_frame`` is a further filter of the OHLCV and Kline channels. Each filter is one value, a list of values,
        or ``"*"``.

        Raises:
            TypeError: a filter that this channel's payload does not have.
        """
        unknown = set(filters) - set(self.FILTERS)
        if unknown:
            raise TypeError(f"{self.get_name()} channel has no filter {', '.join(sorted(unknown))}")
        asked = {"cryptocurrency": cryptocurrency, "symbol": symbol, **filters}
        consumer = await super().new_consumer(
            callback,
            consumer_filters={key: asked.get(key, CHANNEL_WILDCARD) for key in self.FILTERS},
            internal_consumer=consumer_instance,
            size=size,
            priority_level=priority_level,
        )
        tell = on_subscription.get()
        if tell is not None:
            tell(self, consumer)
        return consumer

    def topic_of(self, **values: str) -> Topic:
        """The route of messages with these values."""
        return self.topic(values)


class TimeFrameChannel(ExchangeChannel):
    """An exchange channel whose payload has a time frame."""

    FILTERS = ("cryptocurrency", "symbol", "time_frame")


class AccountChannel(ExchangeChannel):
    """An exchange channel about the whole account."""

    FILTERS = ()


def set_chan(chan: Channel, name: str) -> Channel:
    """Register a channel under its exchange's id, ``chan.chan_id``."""
    set_chan_at_id(chan, name)
    return chan


def share_chan(chan: Channel, name: str, exchange_id: str) -> None:
    """Let a channel of another exchange be found under this one's id too."""
    share_chan_at_id(chan, name, exchange_id)


def get_chan(name: str, exchange_id: str) -> Any:
    """The channel of an exchange; KeyError when there is none."""
    return get_chan_at_id(name, exchange_id)


def del_channels(exchange_id: str) -> None:
    """Forget every channel of an exchange."""
    del_channel_container(exchange_id)
