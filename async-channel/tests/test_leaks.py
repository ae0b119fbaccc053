# SPDX-License-Identifier: Apache-2.0
"""Thousands of channels, consumers and event loops that come and go leave nothing behind."""

import asyncio
import contextvars
import ctypes
import gc
import tracemalloc
from collections import Counter
from pathlib import Path
from types import AsyncGeneratorType, CoroutineType

import pytest

import async_channel as ac
from async_channel import live
from async_channel.channels import topics

try:
    import uvloop
except ModuleNotFoundError:
    uvloop = None

STATM = Path("/proc/self/statm")
COUNTED = (
    asyncio.Future,
    asyncio.Task,
    asyncio.Handle,
    asyncio.AbstractEventLoop,
    contextvars.Context,
    CoroutineType,
    AsyncGeneratorType,
)
WARM_UP = 30
# What tracemalloc may see more after all the cycles, whatever their number, and the system as resident memory.
TRACED_GROWTH = 60_000
RESIDENT_GROWTH = 4_000_000


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


class Looping(ac.Consumer):
    async def consume(self):
        await super().consume()


class Source(ac.Producer):
    async def start(self):
        while True:
            await self.send({"number": 0})
            await asyncio.sleep(0)


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request):
    if request.param == "uvloop" and uvloop is None:
        pytest.skip("uvloop is not installed")

    def run(work):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop if request.param == "uvloop" else None) as runner:
            return runner.run(work)

    return run


def resident():
    if not STATM.exists():
        return 0
    # Garbage that was collected may stay with the allocator, more of it the more objects other tests have left.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return int(STATM.read_text().split()[1]) * 4096


def warm_up(count):
    """Cycles before the watch begins: memory reaches its level when the oldest generation of garbage was collected."""
    return max(WARM_UP, count // 5)


class GrowthError(Exception):
    """Memory has grown during the cycles."""


class Watch:
    """Notes what there is after the warm-up and compares what is left at the end."""

    def __init__(self):
        # What other tests have left takes no part: the more of it, the later garbage would be collected, and the more
        # memory it would have taken meanwhile.
        gc.collect()
        gc.freeze()
        # From before the warm-up: what replaces something of then must not look like growth.
        tracemalloc.start()

    def _count(self):
        gc.collect()
        return Counter(
            type(tracked).__qualname__
            for tracked in gc.get_objects()
            if issubclass(type(tracked), COUNTED) or str(type(tracked).__module__).startswith("async_channel.")
        )

    def begin(self):
        self._before = self._count()
        self._resident = resident()
        self._traced = tracemalloc.get_traced_memory()[0]

    def end(self):
        # Before the objects are counted: a list of all of them takes more than may have grown.
        gc.collect()
        traced, held = tracemalloc.get_traced_memory()[0], resident()
        assert self._count() == self._before
        if traced - self._traced >= TRACED_GROWTH or held - self._resident >= RESIDENT_GROWTH:
            raise GrowthError(f"by {traced - self._traced} traced bytes, {held - self._resident} resident ones")


def is_there(kind):
    gc.collect()
    return [tracked for tracked in gc.get_objects() if isinstance(tracked, kind)]


async def ignore(number):
    pass


async def wait(number):
    await asyncio.Event().wait()


async def wait_in_a_group(number):
    async with asyncio.TaskGroup() as group, asyncio.timeout(60):
        group.create_task(asyncio.Event().wait())
        await asyncio.Event().wait()


async def iterate(subscription):
    async for _ in subscription:
        pass


async def cycle(number, *, forget=True):
    """A channel with everything that there is, callbacks that are suspended, and its end, in one of three ways."""
    channel = await ac.create_channel_instance(TickerChannel, ac.set_chan)
    for callback in (ignore, wait, wait_in_a_group):
        await channel.new_consumer(callback, {"symbol": str(number)})
        await channel.new_consumer(internal_consumer=ac.SupervisedConsumer(callback))
        await channel.new_consumer(internal_consumer=Looping(callback), consumer_filters={"symbol": "*"})
    await channel.new_consumer(wait, size=1, overflow=ac.Overflow.conflate("number"))
    iterating = asyncio.create_task(iterate(channel.subscribe()))
    for _ in range(3):
        await channel.send({"number": number})
        await channel.topic({"symbol": str(number)}).send({"number": number})
        await asyncio.sleep(0)
    full = await channel.new_consumer(wait, {"symbol": "full"}, size=1)
    waiting = asyncio.create_task(send_until_full(channel))
    await Source(channel).run()
    await asyncio.sleep(0)
    if number % 3 == 0:
        await channel.close()
    elif number % 3 == 1:
        await channel.stop()
        await channel.remove_consumer(full)
    else:
        for consumer in channel.get_consumers():
            await channel.remove_consumer(consumer)
        await channel.stop()
        iterating.cancel()
    await asyncio.wait((iterating, waiting))
    if not waiting.cancelled():
        waiting.exception()
    if forget:
        ac.del_chan("Ticker")


async def send_until_full(channel):
    for number in range(3):
        await channel.send({"number": number}, {"symbol": "full"})


def in_one_loop(run, count):
    async def main():
        watch = Watch()
        for number in range(warm_up(count) + count):
            if number == warm_up(count):
                watch.begin()
            await cycle(number)
        watch.end()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(main())


def in_many_loops(run, count):
    engines = len(live._engines)
    watch = Watch()
    for number in range(warm_up(count) + count):
        if number == warm_up(count):
            watch.begin()
        # Its channel stays registered: the registry ends with its loop.
        run(cycle(number, forget=False))
    watch.end()
    assert len(live._engines) <= engines
    assert is_there(TickerChannel) == []


def on_one_channel(run, count):
    async def main():
        watch = Watch()
        channel = TickerChannel()
        await channel.new_consumer(ignore)
        await channel.new_consumer(ignore, {"symbol": ac.CHANNEL_WILDCARD})
        for number in range(warm_up(count) + count):
            if number == warm_up(count):
                watch.begin()
            symbol = {"symbol": f"symbol {number}"}
            added = [await channel.new_consumer(callback, symbol) for callback in (ignore, wait)]
            added.append(await channel.new_consumer(internal_consumer=Looping(wait), consumer_filters=symbol))
            async with channel.subscribe(symbol) as messages:
                for _ in range(2):
                    await channel.send({"number": number}, symbol)
                    await asyncio.sleep(0)
                assert await messages.receive() == {"number": number}
            for consumer in added:
                await channel.remove_consumer(consumer)
        watch.end()
        assert len(channel.get_consumers()) == 2
        await channel.close()

    run(main())


WAYS = pytest.mark.parametrize("way", [in_one_loop, in_many_loops, on_one_channel])


@pytest.fixture(autouse=True)
def _few_topics_remembered(monkeypatch):
    # As many as the warm-up fills: they are remembered, not leaked.
    monkeypatch.setattr(topics, "MAX_REMEMBERED_TOPICS", 10)
    yield
    tracemalloc.stop()
    gc.unfreeze()


def do(way, run, count):
    """A leak grows every time. Once, a table may: Python's own of strings, for one, is as large as all other tests made
    it, and is made anew when enough of them came and went."""
    try:
        way(run, count)
    except GrowthError:
        tracemalloc.stop()
        gc.unfreeze()
        way(run, count)


@WAYS
def test_cycles_leave_nothing(run, way):
    do(way, run, 200)


@pytest.mark.long
@WAYS
def test_ten_thousand_cycles_leave_nothing(run, way):
    do(way, run, 10_000)
