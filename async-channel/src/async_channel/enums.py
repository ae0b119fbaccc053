# SPDX-License-Identifier: Apache-2.0
"""Priorities of consumers."""

from enum import IntEnum


class ChannelConsumerPriorityLevels(IntEnum):
    """Lower is served first; a channel whose consumers are all OPTIONAL pauses its producers."""

    HIGH = 0
    MEDIUM = 1
    OPTIONAL = 2
