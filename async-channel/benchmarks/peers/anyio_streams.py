# SPDX-License-Identifier: Apache-2.0
"""anyio on asyncio: one memory object stream and a task for each consumer, closed at the end.

`await send` is always a checkpoint.
"""

import math
import time

import anyio
from measured import BATCH, MESSAGE, answer, callback


async def consume(stream):
    async for message in stream:
        await callback(**message)


async def with_send(consumers, rounds):
    async with anyio.create_task_group() as group:
        streams = await open_streams(group, consumers, BATCH)
        start = time.perf_counter()
        for _ in range(rounds):
            for stream in streams:
                await stream.send(MESSAGE)
        for stream in streams:
            stream.close()
    return time.perf_counter() - start


async def with_send_nowait(consumers, rounds):
    async with anyio.create_task_group() as group:
        streams = await open_streams(group, consumers, math.inf)
        start = time.perf_counter()
        for sent in range(rounds):
            for stream in streams:
                stream.send_nowait(MESSAGE)
            if sent % BATCH == BATCH - 1:
                await anyio.lowlevel.checkpoint()
        for stream in streams:
            stream.close()
    return time.perf_counter() - start


async def open_streams(group, consumers, room):
    streams = [anyio.create_memory_object_stream(room) for _ in range(consumers)]
    for _, receiving in streams:
        group.start_soon(consume, receiving)
    await anyio.lowlevel.checkpoint()
    return [sending for sending, _ in streams]


answer({"await send": with_send, "send_nowait": with_send_nowait}, "anyio")
