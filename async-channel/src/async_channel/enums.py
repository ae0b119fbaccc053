# SPDX-License-Identifier: Apache-2.0
"""Priorities of consumers, and what they do when they fail."""

from enum import Enum, IntEnum


class ChannelConsumerPriorityLevels(IntEnum):
    """Lower is served first; a channel whose consumers are all OPTIONAL pauses its producers."""

    HIGH = 0
    MEDIUM = 1
    OPTIONAL = 2


class FailurePolicy(Enum):
    """What a consumer does, besides logging and counting, when its callback raises."""

    LOG = "log"
    """Go on with the next message."""
    STOP_CONSUMER = "stop consumer"
    """Leave the channel; what waits in its queue stays there."""
    STOP_CHANNEL = "stop channel"
    """Stop the channel, which senders and subscribers then learn from a ConsumerFailedError."""
