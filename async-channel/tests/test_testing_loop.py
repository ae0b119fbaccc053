# SPDX-License-Identifier: Apache-2.0
"""The seeded event loop is a loop on which asyncio's programs run: time, threads, sockets, deadlocks."""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

import async_channel as ac
from async_channel.testing import DeadlockError, SeededEventLoop, explore, run

SEEDS = range(30)


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


def test_call_soon_stays_in_order_among_tasks():
    orders = set()

    async def main():
        notes, loop = [], asyncio.get_running_loop()
        ended = loop.create_future()

        async def worker():
            notes.append("worker")

        workers = [asyncio.create_task(worker()) for _ in range(2)]
        victim = asyncio.create_task(asyncio.Event().wait())
        for number in range(10):
            loop.call_soon(notes.append, number)
        # A task's own public method is no step of it.
        loop.call_soon(victim.cancel)
        loop.call_soon(lambda: notes.append(victim.cancelling()))
        loop.call_soon(ended.set_result, None)
        await ended
        await asyncio.wait((victim, *workers))
        orders.add(tuple(notes))
        assert [note for note in notes if note != "worker"] == [*range(10), 1]

    explore(main, seeds=SEEDS)
    assert len(orders) > 5


def test_time_is_virtual():
    async def main():
        loop = asyncio.get_running_loop()
        assert loop.time() == 0
        await asyncio.sleep(3600)
        assert loop.time() == 3600
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.sleep(10)
        assert loop.time() == 3605
        await asyncio.sleep(10**7)
        assert loop.time() == 10**7 + 3605
        ends = []

        async def end(seconds):
            await asyncio.sleep(seconds)
            ends.append(seconds)

        await asyncio.gather(*(end(seconds) for seconds in (3, 1, 2)))
        assert ends == [1, 2, 3]

    before = time.monotonic()
    explore(main, seeds=SEEDS)
    assert time.monotonic() - before < 60


def test_a_deadlock_names_tasks_and_what_they_wait_for():
    async def main():
        channel, gate = TickerChannel(), asyncio.Event()

        async def stuck():
            await gate.wait()

        async def unhandled():
            pass

        consumer = await channel.new_consumer(stuck)
        await channel.new_consumer(unhandled, {"name": "nobody"})
        waiting = asyncio.create_task(gate.wait(), name="waiting")
        await channel.topic({"name": "*"}).send({})
        await consumer.queue.join()
        await waiting

    with pytest.raises(DeadlockError) as found:
        run(main, seed=1)
    message = str(found.value)
    assert "seed=1" in found.value.__notes__
    assert re.search(
        r"^  Task-1: \S*main \(test_testing_loop.py:\d+\) > Mailbox.join \(mailbox.py:\d+\)$", message, re.MULTILINE
    )
    assert re.search(r"^  waiting \(Task-4\): Event.wait \(locks.py:\d+\)$", message, re.MULTILINE)
    assert re.search(r"Task-2\): serve .* > \S*stuck \(test_testing_loop.py:\d+\) > Event.wait", message)
    assert re.search(
        r"Task-3\): serve .* > <Seat of <Consumer of '\w+', \S*unhandled, priority 0>>$", message, re.MULTILINE
    )


def test_a_deadlock_names_the_task_waited_for():
    async def main():
        await asyncio.create_task(asyncio.Event().wait(), name="hanging")

    with pytest.raises(DeadlockError, match=r"main \(test_testing_loop.py:\d+\) > hanging \(Task-2\)\n"):
        run(main, seed=0)


def test_what_is_left_is_cancelled_at_the_end():
    notes = []

    async def hang():
        try:
            await asyncio.Event().wait()
        finally:
            notes.append("ended")

    async def main():
        hanging = asyncio.create_task(hang())
        await asyncio.sleep(1)
        assert not hanging.done()
        return "result"

    assert run(main, seed=0) == "result"
    assert run(main(), seed="a name") == "result"
    assert notes == ["ended"] * 2


def test_a_failure_tells_its_seed_once():
    async def main():
        raise ValueError("planned")

    with pytest.raises(ValueError, match="planned") as found:
        explore(main, seeds=[5, 6])
    assert found.value.__notes__ == ["seed=5"]


def test_threads_report():
    async def main():
        loop, events = asyncio.get_running_loop(), [threading.Event() for _ in range(2)]
        loop.call_soon(events[0].set)
        # The thread is waited for: the virtual hour does not pass meanwhile.
        async with asyncio.timeout(3600):
            assert await asyncio.to_thread(events[0].wait)
        reported = loop.create_future()

        def report():
            events[1].wait()
            loop.call_soon_threadsafe(reported.set_result, "reported")

        thread = threading.Thread(target=report)
        thread.start()
        loop.call_soon(events[1].set)
        assert await reported == "reported"
        thread.join()
        with ThreadPoolExecutor() as pool:
            assert await asyncio.wrap_future(pool.submit(int, "7")) == 7
        # The idle worker of the default executor hides no deadlock.
        await asyncio.Event().wait()

    for seed in range(5):
        with pytest.raises(DeadlockError):
            run(main, seed=seed)


def test_a_thread_that_runs_a_loop_hears_the_one_that_made_it():
    loop = SeededEventLoop(0)

    async def main():
        return asyncio.get_running_loop().time()

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    assert asyncio.run_coroutine_threadsafe(main(), loop).result() >= 0
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_server_and_its_client():
    async def main():
        async def answer(reader, writer):
            writer.write((await reader.readline()).upper())
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"hello\n")
            assert await reader.read() == b"HELLO\n"
            writer.close()
            await writer.wait_closed()

    explore(main, seeds=range(5))


def test_a_peer_that_is_no_thread_is_waited_for():
    async def main():
        reading, writing = os.pipe()
        loop = asyncio.get_running_loop()
        received = loop.create_future()
        loop.add_reader(reading, lambda: received.set_result(os.read(reading, 10)))
        command = [sys.executable, "-c", f"import os; os.write({writing}, b'hello')"]
        with subprocess.Popen(command, pass_fds=[writing]) as process:  # noqa: ASYNC220 its start may block
            assert await received == b"hello"
            assert process.wait() == 0
        loop.remove_reader(reading)
        os.close(reading)
        os.close(writing)

    run(main, seed=0)


async def failing_group():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(100))
        group.create_task(asyncio.to_thread(int, "no number"))


def test_asyncio_programs_run_properly():
    async def main():
        queue, done, taken = asyncio.Queue(maxsize=2), asyncio.Event(), []

        async def produce(first):
            for number in range(first, first + 10):
                await queue.put(number)

        async def consume():
            while True:
                taken.append(await queue.get())
                await asyncio.sleep(0.1)
                queue.task_done()

        async def announce():
            await queue.join()
            done.set()

        async with asyncio.TaskGroup() as group:
            consumers = [group.create_task(consume()) for _ in range(3)]
            async with asyncio.TaskGroup() as producers:
                for first in (0, 10, 20):
                    producers.create_task(produce(first))
            group.create_task(announce())
            await asyncio.wait_for(done.wait(), 60)
            for consumer in consumers:
                consumer.cancel()
        assert sorted(taken) == list(range(30))
        for first in (0, 10, 20):
            mine = [number for number in taken if first <= number < first + 10]
            assert mine == sorted(mine)
        with pytest.raises(ExceptionGroup):
            await failing_group()

    assert explore(main, seeds=range(10)) == 10


def test_debug_mode():
    with asyncio.Runner(loop_factory=partial(SeededEventLoop, 0), debug=True) as runner:
        runner.run(asyncio.sleep(3600))


def test_importing_the_package_does_not_import_this():
    code = "import sys, async_channel; sys.exit('async_channel.testing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
