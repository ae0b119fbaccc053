# SPDX-License-Identifier: Apache-2.0
"""What can go wrong.

::

    ChannelError
    └── ChannelUsageError                        the caller's mistake
        ├── ChannelAlreadyExistsError (ValueError)   a name is registered twice
        ├── UnknownChannelError (KeyError)           no channel of that name or identifier
        ├── MissingProducerClassError (TypeError)    the channel has no PRODUCER_CLASS
        ├── DispatcherError (RuntimeError)           a dispatcher is set too late or run twice at a time
        └── DeadlockError (RuntimeError)             tasks wait for what cannot come, told by async_channel.testing

There is no outside world here and a bug of ours surfaces as Python's own exception. What a callback
raises never reaches the sender: its consumer logs and counts it.
"""


class ChannelError(Exception):
    """Base of every error of this package."""


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


class DispatcherError(ChannelUsageError, RuntimeError):
    """A dispatcher is set after consumers were added, or run while it is running."""


class DeadlockError(ChannelUsageError, RuntimeError):
    """In a loop of async_channel.testing every task waits and nothing is left that could wake one."""
