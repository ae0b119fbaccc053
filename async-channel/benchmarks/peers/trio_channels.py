# SPDX-License-Identifier: Apache-2.0
"""trio: one memory channel and a task for each consumer, closed at the end. `await send` is always a checkpoint."""

import math
import time

import trio
from measured import BATCH, MESSAGE, answer, callback


async def consume(channel):
    async for message in channel:
        await callback(**message)


async def with_send(consumers, rounds):
    async with trio.open_nursery() as nursery:
        channels = await open_channels(nursery, consumers, BATCH)
        start = time.perf_counter()
        for _ in range(rounds):
            for channel in channels:
                await channel.send(MESSAGE)
        for channel in channels:
            channel.close()
    return time.perf_counter() - start


async def with_send_nowait(consumers, rounds):
    async with trio.open_nursery() as nursery:
        channels = await open_channels(nursery, consumers, math.inf)
        start = time.perf_counter()
        for sent in range(rounds):
            for channel in channels:
                channel.send_nowait(MESSAGE)
            if sent % BATCH == BATCH - 1:
                await trio.lowlevel.checkpoint()
        for channel in channels:
            channel.close()
    return time.perf_counter() - start


async def open_channels(nursery, consumers, room):
    channels = [trio.open_memory_channel(room) for _ in range(consumers)]
    for _, receiving in channels:
        nursery.start_soon(consume, receiving)
    await trio.lowlevel.checkpoint()
    return [sending for sending, _ in channels]


answer({"await send": with_send, "send_nowait": with_send_nowait}, "trio", trio.run)
