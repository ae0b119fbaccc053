# SPDX-License-Identifier: Apache-2.0
"""What can go wrong.

::

    ChannelError
    ├── ConsumerFailedError                      a callback raised and its consumer's policy ends the channel
    ├── QueueOverflowError (asyncio.QueueFull)   a queue whose policy is to raise has no room left
    └── ChannelUsageError                        the caller's mistake
        ├── ChannelAlreadyExistsError (ValueError)   a name is registered twice
        ├── UnknownChannelError (KeyError)           no channel of that name or identifier
        ├── MissingProducerClassError (TypeError)    the channel has no PRODUCER_CLASS
        ├── ChannelClosedError (RuntimeError)        the channel was closed before
        ├── WrongLoopError (RuntimeError)            another event loop's channel, or its thread's
        ├── ConflationKeyError (ValueError)          a message lacks what a queue conflates by
        ├── DispatcherError (RuntimeError)           a dispatcher is set too late or run twice at a time
        ├── StuckConsumerError (RuntimeError)        a callback waits for what cannot come
        └── DeadlockError (RuntimeError)             tasks wait for what cannot come, told by async_channel.testing

There is no outside world here and a bug of ours surfaces as Python's own exception. What a callback raises never
reaches the sender, unless its consumer's policy ends the channel: it is logged and counted by its consumer.
"""

from __future__ import annotations

import asyncio
import reprlib
from typing import Any


class ChannelError(Exception):
    """Base of every error of this package."""


class ConsumerFailedError(ChannelError):
    """A callback raised: `channel`, `consumer` and `message` tell where, `__cause__` what."""

    def __init__(self, channel: Any, consumer: Any, message: Any) -> None:
        self.channel = channel
        self.consumer = consumer
        self.message = message
        super().__init__(f"{consumer!r} failed on message {reprlib.repr(message)}")

    def again(self) -> ConsumerFailedError:
        """The same error to be raised once more, without the traceback of the last time."""
        error = type(self)(self.channel, self.consumer, self.message)
        error.__cause__ = self.__cause__
        return error


class QueueOverflowError(ChannelError, asyncio.QueueFull):
    """A queue has no room left and its policy is to say so."""


class ChannelUsageError(ChannelError):
    """The caller asked for something that cannot be."""


class ChannelAlreadyExistsError(ChannelUsageError, ValueError):
    """A channel of that name is registered already."""


class UnknownChannelError(ChannelUsageError, KeyError):
    """No such channel is registered."""

    def __str__(self) -> str:
        # KeyError would show the message as a quoted key.
        return Exception.__str__(self)


class MissingProducerClassError(ChannelUsageError, TypeError):
    """The channel's class does not say which producer it makes."""


class ChannelClosedError(ChannelUsageError, RuntimeError):
    """The channel was closed: nothing is sent or received on it any more."""


class WrongLoopError(ChannelUsageError, RuntimeError):
    """A channel belongs to the event loop that its consumers run on, and to the thread that runs it."""


class ConflationKeyError(ChannelUsageError, ValueError):
    """A message has no key, or none that can be compared, for a queue that keeps the latest of each key."""


class DispatcherError(ChannelUsageError, RuntimeError):
    """A dispatcher is set after consumers were added, or run while it is running."""


class StuckConsumerError(ChannelUsageError, RuntimeError):
    """The callback of `consumer` waits for what nothing in the program can bring about."""

    def __init__(self, consumer: Any, why: str) -> None:
        self.consumer = consumer
        super().__init__(f"{consumer!r} {why}")


class DeadlockError(ChannelUsageError, RuntimeError):
    """In a loop of async_channel.testing every task waits and nothing is left that could wake one."""
