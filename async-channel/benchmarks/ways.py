# SPDX-License-Identifier: Apache-2.0
"""Delivering in this process: this package's modes, asyncio's queue, plain calls. peers/measured.py defines a way."""

import asyncio
import sys
import time
from itertools import islice
from pathlib import Path

import async_channel as ac

sys.path.append(str(Path(__file__).resolve().parent / "peers"))

from measured import BATCH, MESSAGE, callback, measure, payloads

try:
    import uvloop

    REMARKS = []
except ModuleNotFoundError:
    uvloop, REMARKS = None, ["uvloop: missing: it is not installed beside this package"]

LIVE = f"async_channel live, batches of {BATCH}"


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


def plain_callback(exchange, symbol, price, volume):
    return price


async def plain_calls(consumers, rounds):
    callbacks = [plain_callback] * consumers
    start = time.perf_counter()
    for _ in range(rounds):
        for call in callbacks:
            call(**MESSAGE)
    return time.perf_counter() - start


async def through_queues(consumers, rounds, send):
    queues = [asyncio.Queue() for _ in range(consumers)]
    tasks = [asyncio.create_task(consume(queue)) for queue in queues]
    await asyncio.sleep(0)
    start = time.perf_counter()
    await send(queues, rounds)
    for queue in queues:
        await queue.join()
    elapsed = time.perf_counter() - start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return elapsed


async def consume(queue, call=callback):
    while True:
        await call(**await queue.get())
        queue.task_done()


async def put_nowait(queues, rounds):
    for sent in range(rounds):
        for queue in queues:
            queue.put_nowait(MESSAGE)
        if sent % BATCH == BATCH - 1:
            await asyncio.sleep(0)


async def put(queues, rounds):
    for sent in range(rounds):
        for queue in queues:
            await queue.put(MESSAGE)
        if sent % BATCH == BATCH - 1:
            await asyncio.sleep(0)


async def queues_put_nowait(consumers, rounds):
    return await through_queues(consumers, rounds, put_nowait)


async def queues_await_put(consumers, rounds):
    return await through_queues(consumers, rounds, put)


async def live(consumers, rounds, batch):
    channel = TickerChannel()
    for _ in range(consumers):
        await channel.new_consumer(callback)
    producer = channel.get_internal_producer()
    queues = [consumer.queue for consumer in channel.get_consumers()]
    await asyncio.sleep(0)
    start = time.perf_counter()
    for sent, message in enumerate(payloads(rounds), 1):
        await producer.send(message)
        if sent % batch == 0:
            await asyncio.sleep(0)
    for queue in queues:
        await queue.join()
    elapsed = time.perf_counter() - start
    await channel.stop()
    return elapsed


async def live_in_batches(consumers, rounds):
    return await live(consumers, rounds, BATCH)


async def live_one_by_one(consumers, rounds):
    return await live(consumers, rounds, 1)


async def synchronized(consumers, rounds, batch):
    dispatcher = ac.SynchronizedDispatcher()
    channel = TickerChannel()
    channel.dispatcher = dispatcher
    for _ in range(consumers):
        await channel.new_consumer(callback)
    send = channel.topic({}).send_nowait
    start = time.perf_counter()
    sending = payloads(rounds)
    for _ in range(rounds // batch):
        for message in islice(sending, batch):
            send(message)
        await dispatcher.run_until_idle()
    elapsed = time.perf_counter() - start
    assert dispatcher.delivered == rounds // batch * batch * consumers
    return elapsed


async def synchronized_in_batches(consumers, rounds):
    return await synchronized(consumers, rounds, BATCH)


async def synchronized_one_by_one(consumers, rounds):
    return await synchronized(consumers, rounds, 1)


WAYS = {
    "plain function calls": plain_calls,
    "asyncio.Queue, a task each, put_nowait": queues_put_nowait,
    "asyncio.Queue, a task each, await put": queues_await_put,
    LIVE: live_in_batches,
    "async_channel live, one by one": live_one_by_one,
    f"async_channel synchronized, batches of {BATCH}": synchronized_in_batches,
    "async_channel synchronized, one by one": synchronized_one_by_one,
}
UVLOOP_WAYS = {f"{LIVE}, uvloop": live_in_batches, "async_channel live, one by one, uvloop": live_one_by_one}


def on_uvloop(way, *arguments):
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(way(*arguments))


def ask(consumers, rounds):
    """{way: [its seconds, those of the bare await loop]}"""
    seconds = measure(WAYS, consumers, rounds)
    if uvloop is not None:
        seconds |= measure(UVLOOP_WAYS, consumers, rounds, on_uvloop)
    return seconds
