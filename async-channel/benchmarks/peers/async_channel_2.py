# SPDX-License-Identifier: Apache-2.0
"""async-channel 2.2.2 through its public interface, in the three ways that ours is measured in."""

import asyncio
import time

from measured import BATCH, answer, callback, payloads

from async_channel.channels import Channel
from async_channel.consumer import Consumer
from async_channel.producer import Producer


class TickerChannel(Channel):
    PRODUCER_CLASS = Producer
    CONSUMER_CLASS = Consumer


async def live(consumers, rounds, batch):
    channel, producer = await create_channel([callback] * consumers)
    queues = [consumer.queue for consumer in channel.get_consumers()]
    await asyncio.sleep(0)
    start = time.perf_counter()
    for sent, message in enumerate(payloads(rounds), 1):
        await producer.send(message)
        if sent % batch == 0:
            await asyncio.sleep(0)
    while not all(queue.empty() for queue in queues):  # noqa: ASYNC110 whether its consumers report the end is not known
        await asyncio.sleep(0)
    elapsed = time.perf_counter() - start
    await channel.stop()
    return elapsed


async def live_in_batches(consumers, rounds):
    return await live(consumers, rounds, BATCH)


async def live_one_by_one(consumers, rounds):
    return await live(consumers, rounds, 1)


async def synchronized(consumers, rounds):
    _, producer = await create_channel([callback] * consumers, is_synchronized=True)
    start = time.perf_counter()
    for message in payloads(rounds):
        await producer.send(message)
        await producer.synchronized_perform_consumers_queue(0, False, 1)
    return time.perf_counter() - start


async def create_channel(callbacks, is_synchronized=False):
    channel = TickerChannel()
    channel.is_synchronized = is_synchronized
    producer = Producer(channel)
    await channel.register_producer(producer)
    for call in callbacks:
        await channel.new_consumer(call)
    return channel, producer


if __name__ == "__main__":
    ways = {
        f"live, batches of {BATCH}": live_in_batches,
        "live, one by one": live_one_by_one,
        "synchronized, one by one": synchronized,
    }
    answer(ways, "async-channel")
