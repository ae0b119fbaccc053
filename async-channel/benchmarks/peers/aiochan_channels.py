# SPDX-License-Identifier: Apache-2.0
"""aiochan: one buffered channel and a task for each consumer, closed at the end."""

import asyncio
import time

import aiochan
from measured import BATCH, MESSAGE, answer, callback


async def consume(channel):
    async for message in channel:
        await callback(**message)


def open_channels(consumers):
    channels = [aiochan.Chan(BATCH) for _ in range(consumers)]
    return channels, [asyncio.create_task(consume(channel)) for channel in channels]


async def with_put(consumers, rounds):
    channels, tasks = open_channels(consumers)
    await asyncio.sleep(0)
    start = time.perf_counter()
    for _ in range(rounds):
        for channel in channels:
            await channel.put(MESSAGE)
    for channel in channels:
        channel.close()
    await asyncio.gather(*tasks)
    return time.perf_counter() - start


async def with_put_nowait(consumers, rounds):
    channels, tasks = open_channels(consumers)
    await asyncio.sleep(0)
    start = time.perf_counter()
    for sent in range(rounds):
        for channel in channels:
            channel.put_nowait(MESSAGE, immediate_only=False)
        if sent % BATCH == BATCH - 1:
            await asyncio.sleep(0)
    for channel in channels:
        channel.close()
    await asyncio.gather(*tasks)
    return time.perf_counter() - start


answer({"await put": with_put, "put_nowait": with_put_nowait}, "aiochan")
