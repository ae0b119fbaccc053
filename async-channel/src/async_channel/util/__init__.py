# SPDX-License-Identifier: Apache-2.0
"""Helpers: creating channels, loggers, triggering consumers directly."""

from async_channel.util.channel_creator import create_all_subclasses_channel, create_channel_instance
from async_channel.util.logging_util import get_logger
from async_channel.util.synchronization_util import trigger_and_bypass_consumers_queue

__all__ = [
    "create_all_subclasses_channel",
    "create_channel_instance",
    "get_logger",
    "trigger_and_bypass_consumers_queue",
]
