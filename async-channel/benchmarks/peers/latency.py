# SPDX-License-Identifier: Apache-2.0
"""How long a message is on its way to consumers that idle. Standard library only.

A contender is `async (callbacks) -> (send, close)`: it makes a consumer for each callback; `send(message)` reaches all
of them in order, `await close()` ends them. One sample is the time from just before a send to the first line of the
last consumer's callback; all contenders are sampled in turn, and the loop turns a few times in between.
"""

import asyncio
import time

from measured import MESSAGE, callback

QUEUE = "asyncio.Queue, put_nowait"
IDLE_TURNS = 3


def asyncio_queues(send_to, size=0):
    """The contender that has a queue and a task for each consumer."""

    async def begin(callbacks):
        queues = [asyncio.Queue(size) for _ in callbacks]
        pairs = zip(queues, callbacks, strict=True)
        tasks = [asyncio.create_task(consume(queue, call)) for queue, call in pairs]

        async def close():
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        return send_to(queues), close

    return begin


async def consume(queue, call):
    while True:
        await call(**await queue.get())
        queue.task_done()


def put_nowait(queues):
    if len(queues) == 1:
        return queues[0].put_nowait

    def send(message):
        for queue in queues:
            queue.put_nowait(message)

    return send


def put(queues):
    if len(queues) == 1:
        return queues[0].put

    async def send(message):
        for queue in queues:
            await queue.put(message)

    return send


QUEUES = {QUEUE: asyncio_queues(put_nowait), "asyncio.Queue, await put": asyncio_queues(put)}


async def percentiles(contenders, consumers, samples):
    """{contender: [p50, p99]} in microseconds, of the last of so many consumers."""
    opened = {name: await _open(begin, consumers) for name, begin in contenders.items()}
    found = {name: [] for name in opened}
    now = time.perf_counter_ns
    for _ in range(samples):
        for name, (send, _, stamps) in opened.items():
            start = now()
            waits = send(MESSAGE)
            if waits is not None:
                await waits
            while not stamps:  # noqa: ASYNC110 an event would add its own way through the loop
                await asyncio.sleep(0)
            found[name].append(stamps.pop() - start)
            await _idle()
    for _, close, _ in opened.values():
        await close()
    return {name: _p50_p99(sorted(nanoseconds)) for name, nanoseconds in found.items()}


async def _open(begin, consumers):
    """What `begin` returned, and the list that the last consumer appends its time to: the others do not take it."""
    await _check_order(begin, consumers)
    stamps = []

    async def last(exchange, symbol, price, volume):
        stamps.append(time.perf_counter_ns())

    send, close = await begin([callback] * (consumers - 1) + [last])
    await _idle()
    return send, close, stamps


async def _check_order(begin, consumers):
    order = []

    def noting(number):
        async def note(exchange, symbol, price, volume):
            order.append(number)

        return note

    send, close = await begin([noting(number) for number in range(consumers)])
    await _idle()
    waits = send(MESSAGE)
    if waits is not None:
        await waits
    await _idle()
    await close()
    assert order == list(range(consumers)), "the last consumer is not served last"


async def _idle():
    for _ in range(IDLE_TURNS):
        await asyncio.sleep(0)


def _p50_p99(values):
    return [values[len(values) * percent // 100] / 1000 for percent in (50, 99)]
