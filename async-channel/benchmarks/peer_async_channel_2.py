# SPDX-License-Identifier: Apache-2.0
"""The deliveries of bench_messages.py on async-channel 2.2.2, run in an environment that has it.

Usage: peer_async_channel_2.py live|synchronized CONSUMERS ROUNDS; prints the seconds.
"""

import asyncio
import sys
import time

from async_channel.channels import Channel
from async_channel.consumer import Consumer
from async_channel.producer import Producer

MESSAGE = {"exchange": "binance", "symbol": "BTC/USDT", "price": 60_000.5, "volume": 2.25}
BATCH = 100


class TickerChannel(Channel):
    PRODUCER_CLASS = Producer
    CONSUMER_CLASS = Consumer


async def callback(exchange, symbol, price, volume):
    return price


async def live(consumers, rounds):
    channel, producer = await create_channel(consumers)
    queues = [consumer.queue for consumer in channel.get_consumers()]
    await asyncio.sleep(0)
    start = time.perf_counter()
    for sent in range(rounds):
        await producer.send(MESSAGE)
        if sent % BATCH == BATCH - 1:
            await asyncio.sleep(0)
    while not all(queue.empty() for queue in queues):  # noqa: ASYNC110 whether its consumers report the end is not known
        await asyncio.sleep(0)
    elapsed = time.perf_counter() - start
    await channel.stop()
    return elapsed


async def synchronized(consumers, rounds):
    _, producer = await create_channel(consumers, is_synchronized=True)
    start = time.perf_counter()
    for _ in range(rounds):
        await producer.send(MESSAGE)
        await producer.synchronized_perform_consumers_queue(0, False, 1)
    return time.perf_counter() - start


async def create_channel(consumers, is_synchronized=False):
    channel = TickerChannel()
    channel.is_synchronized = is_synchronized
    producer = Producer(channel)
    await channel.register_producer(producer)
    for _ in range(consumers):
        await channel.new_consumer(callback)
    return channel, producer


if __name__ == "__main__":
    way = {"live": live, "synchronized": synchronized}[sys.argv[1]]
    print(asyncio.run(way(int(sys.argv[2]), int(sys.argv[3]))))
