# SPDX-License-Identifier: Apache-2.0
"""janus: the asynchronous side of one queue and a task for each consumer. Its put_nowait is slower than its put."""

import asyncio
import time

import janus
from measured import BATCH, MESSAGE, answer, callback


async def consume(queue):
    while True:
        await callback(**await queue.get())
        queue.task_done()


async def deliver(consumers, rounds):
    queues = [janus.Queue() for _ in range(consumers)]
    sides = [queue.async_q for queue in queues]
    tasks = [asyncio.create_task(consume(side)) for side in sides]
    await asyncio.sleep(0)
    start = time.perf_counter()
    for sent in range(rounds):
        for side in sides:
            await side.put(MESSAGE)
        if sent % BATCH == BATCH - 1:
            await asyncio.sleep(0)
    for side in sides:
        await side.join()
    elapsed = time.perf_counter() - start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for queue in queues:
        await queue.aclose()
    return elapsed


answer({"await put": deliver}, "janus")
