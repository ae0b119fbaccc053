# SPDX-License-Identifier: Apache-2.0
"""A flood from one producer starves nobody, takes no more memory as it goes on, and every message is accounted for."""

import asyncio
import time
from pathlib import Path

import pytest

import async_channel as ac
from async_channel.errors import QueueOverflowError
from async_channel.statistics import consumer_statistics

try:
    import uvloop
except ModuleNotFoundError:
    uvloop = None

STATM = Path("/proc/self/statm")
SIZE = 100
KEYS = 10
# What a flood may take in addition while it goes on: a queue that grew with it would take hundreds of bytes a message.
GROWTH = 4_000_000
# A sender lets others go on after 512 sends.
MOST_SENDS_IN_A_TURN = 1024

POLICIES = {
    "block": (SIZE, ac.Overflow.BLOCK),
    "drop_oldest": (SIZE, ac.Overflow.DROP_OLDEST),
    "conflate": (0, ac.Overflow.conflate("key")),
    "conflate_with_size": (KEYS // 2, ac.Overflow.conflate("key")),
    "error": (SIZE, ac.Overflow.ERROR),
}


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


class Looping(ac.Consumer):
    async def consume(self):
        await super().consume()


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request):
    if request.param == "uvloop" and uvloop is None:
        pytest.skip("uvloop is not installed")

    def run(work):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop if request.param == "uvloop" else None) as runner:
            return runner.run(work)

    return run


def resident():
    """Bytes of memory, or None where the system does not tell."""
    return int(STATM.read_text().split()[1]) * 4096 if STATM.exists() else None


class Heart:
    """What else goes on during a flood: a timer each millisecond that sends on a channel of its own, and turns."""

    def __init__(self, channel, sends_of):
        self._loop = asyncio.get_running_loop()
        self._channel = channel
        self._sends_of = sends_of
        self._sends = 0
        self.most_sends_in_a_turn = 0
        self.lateness = []
        self.beats = self.served = 0
        # In time of this thread: what other programs take from the processor is no delay of ours.
        self._last = time.thread_time()
        self._timer = self._loop.call_soon(self._beat)
        self._next_turn = self._loop.call_soon(self._turn)

    def _beat(self):
        now = time.thread_time()
        self.lateness.append(now - self._last - 0.001)
        self._last = now
        self._timer = self._loop.call_later(0.001, self._beat)
        self._channel.send_nowait({})
        self.beats += 1

    def _turn(self):
        sends = self._sends_of()
        self.most_sends_in_a_turn = max(self.most_sends_in_a_turn, sends - self._sends)
        self._sends = sends
        self._next_turn = self._loop.call_soon(self._turn)

    async def serve(self):
        self.served += 1

    def stop(self):
        self._timer.cancel()
        self._next_turn.cancel()

    def late(self, fraction):
        return sorted(self.lateness)[int(fraction * (len(self.lateness) - 1))]


class Flood:
    """One producer that sends as fast as it can, one receiver, and what becomes of the messages."""

    def __init__(self, policy, count):
        self.size, self.overflow = POLICIES[policy]
        self.count = count
        self.sends = self.refused = self.received = 0
        self.growth = None

    async def run(self, receive_in, way):
        async with TickerChannel() as channel, TickerChannel() as others:
            self.heart = Heart(others, lambda: self.sends)
            heart_consumer = await others.new_consumer(self.heart.serve)
            consumer, receiving = await self._receiver(channel, receive_in)
            try:
                await self._send(channel, way, self.count // 5)
                self._account_for_all(consumer)
                before = resident()
                await self._send(channel, way, self.count)
                self._account_for_all(consumer)
                if before is not None:
                    self.growth = resident() - before
            finally:
                self.heart.stop()
            if receiving is None:
                await consumer.queue.join()
            else:
                await channel.stop()
                await receiving
            self._account_for_all(consumer)
            await heart_consumer.queue.join()

    def _account_for_all(self, consumer):
        figures = self.figures = consumer_statistics(consumer, {})
        assert self.sends == self.refused + figures.delivered + figures.dropped + figures.depth

    async def _receiver(self, channel, receive_in):
        if receive_in == "loop":
            subscription = channel.subscribe(size=self.size, overflow=self.overflow)
            return subscription, asyncio.create_task(self._iterate(subscription))
        kind = {"callback": ac.Consumer, "own consume": Looping}[receive_in]
        consumer = kind(self._callback, self.size, overflow=self.overflow)
        return await channel.new_consumer(internal_consumer=consumer), None

    async def _callback(self, key, number):
        self.received += 1

    async def _iterate(self, subscription):
        async for _ in subscription:
            self.received += 1

    async def _send(self, channel, way, until):
        producer = channel.get_internal_producer()
        while self.sends < until:
            number = self.sends = self.sends + 1
            message = {"key": number % KEYS, "number": number}
            try:
                if way == "send":
                    await producer.send(message)
                else:
                    channel.send_nowait(message)
                    if number % 512 == 0:
                        await asyncio.sleep(0)
            except QueueOverflowError:
                self.refused += 1
                await asyncio.sleep(0)


WAYS = [
    *((policy, "send", receive_in) for policy in POLICIES for receive_in in ("callback", "own consume", "loop")),
    *((policy, "send_nowait", "callback") for policy in ("drop_oldest", "conflate", "error")),
]


def flood(run, policy, way, receive_in, count):
    flood = Flood(policy, count)
    run(flood.run(receive_in, way))
    figures = flood.figures
    assert flood.sends == count
    assert (figures.depth, figures.delivered, figures.failed) == (0, flood.received, 0)
    assert figures.high_water <= (flood.size or KEYS)
    assert (figures.dropped > 0) == (policy not in ("block", "error"))
    assert (flood.refused > 0) == (policy == "error")
    # The other channel was served.
    assert flood.heart.served == flood.heart.beats > 0
    assert flood.heart.most_sends_in_a_turn <= MOST_SENDS_IN_A_TURN
    if flood.growth is not None:
        assert flood.growth < GROWTH
    return flood


@pytest.mark.parametrize(("policy", "way", "receive_in"), WAYS)
def test_a_flood(run, policy, way, receive_in):
    flood(run, policy, way, receive_in, 50_000)


@pytest.mark.long
@pytest.mark.parametrize(("policy", "way", "receive_in"), WAYS)
def test_a_flood_of_five_million(run, policy, way, receive_in):
    heart = flood(run, policy, way, receive_in, 5_000_000).heart
    assert len(heart.lateness) > 100
    assert heart.late(0.99) < 0.005
    assert STATM.exists() or pytest.skip("only Linux tells how much memory is resident; the rest was checked")


async def send_to_a_slow_one(policy, kind, count):
    """What a consumer got that suspends at each message, and its figures."""
    size, overflow = POLICIES[policy]
    received, deepest, refused = [], 0, 0

    async def callback(key, number):
        await asyncio.sleep(0)
        received.append(number)

    async with TickerChannel() as channel:
        consumer = await channel.new_consumer(internal_consumer=kind(callback, size, overflow=overflow))
        for number in range(count):
            try:
                await channel.send({"key": number % KEYS, "number": number})
            except QueueOverflowError:
                refused += 1
                await asyncio.sleep(0)
            deepest = max(deepest, consumer.queue.qsize())
        await consumer.queue.join()
        (figures,) = channel.statistics().consumers
    assert received == sorted(set(received)) or overflow.kind == ac.Overflow.CONFLATE
    assert count == refused + len(received) + figures.dropped
    # A sender that waits puts its message as soon as there is room: it need not look deep to the one who sends.
    assert figures.size - 1 <= deepest <= figures.high_water
    return received, figures


def slow(run, policy, kind, count):
    received, figures = run(send_to_a_slow_one(policy, kind, count))
    size, overflow = POLICIES[policy]
    assert figures.high_water == (size or KEYS)
    if overflow is ac.Overflow.BLOCK:
        assert received == list(range(count))
    elif overflow is ac.Overflow.DROP_OLDEST:
        assert received[-size:] == list(range(count - size, count))
    elif policy == "conflate":
        assert set(received) >= set(range(count - KEYS, count))


@pytest.mark.parametrize("kind", [ac.Consumer, Looping])
@pytest.mark.parametrize("policy", POLICIES)
def test_a_slow_consumer(run, policy, kind):
    slow(run, policy, kind, 5000)


@pytest.mark.long
@pytest.mark.parametrize("kind", [ac.Consumer, Looping])
@pytest.mark.parametrize("policy", POLICIES)
def test_a_slow_consumer_for_long(run, policy, kind):
    slow(run, policy, kind, 500_000)
