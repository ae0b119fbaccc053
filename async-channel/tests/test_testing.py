# SPDX-License-Identifier: Apache-2.0
"""The seeded event loop: repeatable, different by seed, true to what asyncio and the channels promise."""

import asyncio
import json
import os
import re
import subprocess
import sys

import pytest

import async_channel as ac
from async_channel.testing import explore, run

SEEDS = range(30)
HIGH, MEDIUM, OPTIONAL = (level.value for level in ac.ChannelConsumerPriorityLevels)

PROGRAM = """
import asyncio
import json
import sys

import async_channel as ac
from async_channel.testing import SeededEventLoop


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


async def worker(number, notes):
    for step in range(3):
        await asyncio.sleep(0)
        notes.append(f"worker {number} step {step}")


async def failing():
    await asyncio.sleep(1)
    raise ValueError("planned")


async def main():
    notes, channel = [], TickerChannel()

    def callback(name):
        async def note(number):
            notes.append(f"{name} {number}")
            if number % 3 == 0:
                await asyncio.sleep(number)

        return note

    consumers = [await channel.new_consumer(callback(name), {"name": name}) for name in "abcd"]
    for number in range(40):
        channel.topic({}).send_nowait({"number": number})
        if number % 10 == 0:
            await asyncio.sleep(0)
    try:
        async with asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(worker(number, notes), name=str(number % 2))
                group.create_task(asyncio.Event().wait())
            group.create_task(failing())
    except* ValueError:
        notes.append("failed")
    await asyncio.wait({asyncio.ensure_future(worker(number, notes)) for number in range(5)})
    await asyncio.gather(*(consumer.queue.join() for consumer in consumers))
    await channel.stop()
    return notes


def traced(seed):
    with asyncio.Runner(loop_factory=lambda: SeededEventLoop(seed)) as runner:
        notes = runner.run(main())
        return runner.get_loop().trace, notes
"""
exec(PROGRAM)
traced = globals()["traced"]


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


def note_of(error):
    """The seed that a failure tells."""
    (seed,) = [note.removeprefix("seed=") for note in error.__notes__ if note.startswith("seed=")]
    return int(seed)


def test_same_seed_same_trace():
    for seed in (*range(5), "a name"):
        assert traced(seed) == traced(seed)


def test_same_trace_in_other_processes():
    code = f"{PROGRAM}\nprint(json.dumps(traced(7)))"
    outputs = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert [json.loads(output) for output in outputs] == [list(traced(7))] * 2


def test_different_seeds_different_orders():
    assert len({tuple(traced(seed)[1]) for seed in range(10)}) == 10


def test_the_trace_tells_tasks_callbacks_and_consumers():
    trace, _ = traced(3)
    assert trace[0] == "Task-1 main"
    assert "LiveEngine.run" in trace
    assert any(re.fullmatch(r"1 \(Task-\d+\) worker", step) for step in trace)
    consumer = r"<Consumer of '\w+', main\.<locals>\.callback\.<locals>\.note, priority 0> \(Task-\d\) \d+/\d+"
    assert any(re.fullmatch(consumer, step) for step in trace)
    assert "0x" not in "".join(trace)


def lost_update(between):
    """Two consumers add one each to a shared total; they meet in some orders only."""

    async def main():
        channel, totals = TickerChannel(), {"total": 0}

        async def add(delay):
            read = totals["total"]
            await between(delay)
            totals["total"] = read + 1

        async def send(name, delay):
            for _ in range(delay * 4):
                await asyncio.sleep(0)
            await channel.topic({"name": name}).send({"delay": delay})

        consumers = [await channel.new_consumer(add, {"name": name}) for name in ("one", "other")]
        await asyncio.gather(send("one", 0), send("other", 1))
        for consumer in consumers:
            await consumer.queue.join()
        await channel.stop()
        assert totals["total"] == 2

    return main


def test_a_lost_update_is_found_and_repeated():
    main = lost_update(lambda _: asyncio.sleep(0))
    asyncio.run(main())
    with pytest.raises(AssertionError) as found:
        explore(main)
    seed = note_of(found.value)
    for _ in range(3):
        with pytest.raises(AssertionError) as again:
            run(main, seed=seed)
        assert note_of(again.value) == seed


def test_without_the_race_nothing_is_found():
    async def main():
        channel, totals, lock = TickerChannel(), {"total": 0}, asyncio.Lock()

        async def add():
            async with lock:
                read = totals["total"]
                await asyncio.sleep(1)
                totals["total"] = read + 1

        consumers = [await channel.new_consumer(add) for _ in range(2)]
        await channel.get_internal_producer().send({})
        for consumer in consumers:
            await consumer.queue.join()
        await channel.stop()
        assert totals["total"] == 2

    assert 1 < explore(main, seeds=SEEDS) <= len(SEEDS)


async def seated(channel):
    """Until the engine serves every consumer of the channel: as soon as each has had a message."""
    await channel.get_internal_producer().send({"number": -1})
    for consumer in channel.get_consumers():
        await consumer.queue.join()


def test_a_dependency_on_the_order_of_consumers_is_found():
    async def main():
        channel, prices, seen = TickerChannel(), {}, []

        async def store(number):
            prices["last"] = number

        async def look(number):
            seen.append((number, prices.get("last")))

        await channel.new_consumer(store)
        await channel.new_consumer(look)
        await seated(channel)
        seen.clear()
        await channel.get_internal_producer().send({"number": 1})
        for consumer in channel.get_consumers():
            await consumer.queue.join()
        await channel.stop()
        assert seen == [(1, 1)]

    asyncio.run(main())
    with pytest.raises(AssertionError) as found:
        explore(main)
    with pytest.raises(AssertionError):
        run(main, seed=note_of(found.value))


@pytest.mark.parametrize("waits", [False, True])
def test_each_consumer_gets_its_messages_in_order(waits):
    lengths = set()

    async def main():
        channel, seen = TickerChannel(), []

        def callback(name):
            async def note(number):
                seen.append((name, number))
                if waits and number % 7 == name:
                    await asyncio.sleep(0)

            return note

        for name in range(4):
            await channel.new_consumer(callback(name))
        await seated(channel)
        seen.clear()
        for number in range(100):
            await channel.get_internal_producer().send({"number": number})
        for consumer in channel.get_consumers():
            await consumer.queue.join()
        await channel.stop()
        for name in range(4):
            assert [number for other, number in seen if other == name] == list(range(100))
        lengths.update(int(step.split()[-1].split("/")[0]) for step in asyncio.get_running_loop().trace if "/" in step)

    assert explore(main, seeds=SEEDS) == len(SEEDS)
    assert min(lengths) == 1
    assert 32 < max(lengths) <= 64


def test_lower_levels_come_first():
    orders = set()

    async def main():
        channel, seen = TickerChannel(), []

        async def note(name, number):
            seen.append(name)

        for name, level in (("o", OPTIONAL), ("h", HIGH), ("m", MEDIUM), ("H", HIGH), ("M", MEDIUM)):

            def callback(number, name=name):
                return note(name, number)

            await channel.new_consumer(callback, priority_level=level)
        await seated(channel)
        seen.clear()
        await channel.get_internal_producer().send({"number": 0})
        for consumer in channel.get_consumers():
            await consumer.queue.join()
        await channel.stop()
        assert "".join(seen).lower() == "hhmmo"
        orders.add("".join(seen))

    explore(main, seeds=SEEDS)
    assert orders == {"hHmMo", "HhmMo", "hHMmo", "HhMmo"}


def test_who_floods_itself_starves_nobody():
    async def main():
        channel, stopped = TickerChannel(), asyncio.Event()

        async def flood(number):
            if number >= 0 and not stopped.is_set():
                channel.topic({}).send_nowait({"number": number})

        consumer = await channel.new_consumer(flood)
        await seated(channel)
        channel.topic({}).send_nowait({"number": 0})
        await asyncio.sleep(0)
        stopped.set()
        await consumer.queue.join()
        await channel.stop()

    explore(main, seeds=SEEDS)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="tasks are eager from 3.12 on")
def test_eager_tasks():
    async def main():
        loop, notes = asyncio.get_running_loop(), []
        loop.set_task_factory(asyncio.eager_task_factory)

        async def worker(number):
            notes.append(number)
            await asyncio.sleep(0)
            notes.append(number)

        await asyncio.gather(*(worker(number) for number in range(4)))
        assert notes[:4] == [0, 1, 2, 3]
        channel = TickerChannel()
        await channel.new_consumer(worker)
        await seated(channel)
        await channel.stop()
        return notes, loop.trace

    assert run(main, seed=1) == run(main, seed=1)
    assert len({tuple(run(main, seed=seed)[0]) for seed in SEEDS}) > 5
