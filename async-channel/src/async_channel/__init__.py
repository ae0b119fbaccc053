# SPDX-License-Identifier: Apache-2.0
"""Asynchronous channels: producers, consumers, filters, priorities, deterministic synchronized delivery.

channels/     the channel and the registries that name channels
consumer      one queue and one callback     mailbox, overflow   that queue and what it does when full
subscription  messages in a loop             statistics          how consumers are doing
producer      what sends                     topic               the consumers of one route
dispatcher    deterministic delivery without tasks
testing       a seeded scheduler to hunt races with
util/         creating channels, loggers     _engine   what is compiled, from _mailbox, _core, _routes, _live
"""

from async_channel.channels import (
    Channel,
    ChannelInstances,
    del_chan,
    del_chan_at_id,
    del_channel_container,
    get_chan,
    get_chan_at_id,
    get_channels,
    set_chan,
    set_chan_at_id,
)
from async_channel.constants import CHANNEL_WILDCARD, DEFAULT_QUEUE_SIZE
from async_channel.consumer import Consumer, InternalConsumer, SupervisedConsumer
from async_channel.dispatcher import SynchronizedDispatcher
from async_channel.enums import ChannelConsumerPriorityLevels, FailurePolicy
from async_channel.overflow import Overflow
from async_channel.producer import Producer
from async_channel.statistics import CallbackTimes, ChannelStatistics, ConsumerStatistics
from async_channel.subscription import Subscription
from async_channel.topic import Topic
from async_channel.util import create_all_subclasses_channel, create_channel_instance, get_logger

__version__ = "3.0.0"

__all__ = [
    "CHANNEL_WILDCARD",
    "DEFAULT_QUEUE_SIZE",
    "CallbackTimes",
    "Channel",
    "ChannelConsumerPriorityLevels",
    "ChannelInstances",
    "ChannelStatistics",
    "Consumer",
    "ConsumerStatistics",
    "FailurePolicy",
    "InternalConsumer",
    "Overflow",
    "Producer",
    "Subscription",
    "SupervisedConsumer",
    "SynchronizedDispatcher",
    "Topic",
    "create_all_subclasses_channel",
    "create_channel_instance",
    "del_chan",
    "del_chan_at_id",
    "del_channel_container",
    "get_chan",
    "get_chan_at_id",
    "get_channels",
    "get_logger",
    "set_chan",
    "set_chan_at_id",
]
