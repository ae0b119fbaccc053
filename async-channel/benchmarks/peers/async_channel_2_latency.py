# SPDX-License-Identifier: Apache-2.0
"""Latency of async-channel 2.2.2 beside asyncio.Queue."""

import asyncio

from async_channel_2 import create_channel
from latency import QUEUES, percentiles
from measured import reply


async def live(callbacks):
    channel, producer = await create_channel(callbacks)
    return producer.send, channel.stop


def ask(consumers, samples):
    return asyncio.run(percentiles({**QUEUES, "live, await send": live}, consumers, samples))


if __name__ == "__main__":
    reply(ask, "async-channel")
