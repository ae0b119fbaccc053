# SPDX-License-Identifier: Apache-2.0
"""In synchronized mode a callback that waits for what cannot come is an error that names it."""

import asyncio
import socket
import threading

import pytest

from async_channel.errors import StuckConsumerError


async def test_a_callback_that_waits_for_another_consumer_of_its_dispatcher(synchronized, dispatcher, recorder):
    event = asyncio.Event()

    async def wait_for_the_other(price):
        await event.wait()

    async def the_other(price):
        event.set()

    waiting = await synchronized.new_consumer(wait_for_the_other)
    await synchronized.new_consumer(the_other)
    await synchronized.send({"price": 1})
    with pytest.raises(StuckConsumerError) as caught:
        await dispatcher.run_until_idle()
    assert caught.value.consumer is waiting
    for part in ("wait_for_the_other", "'Ticker'", "'price': 1", "test_stuck.py, line", "Event.wait"):
        assert part in str(caught.value)
    # It counts as a failure, and the others go on where they were.
    assert (waiting.failures, dispatcher.pending, dispatcher.running) == (1, 1, None)
    assert asyncio.current_task().cancelling() == 0
    await dispatcher.run_until_idle()
    assert event.is_set()


async def test_waiting_for_its_own_queue(synchronized, dispatcher):
    async def join_own_queue():
        await consumer.queue.join()

    consumer = await synchronized.new_consumer(join_own_queue)
    await synchronized.send({})
    with pytest.raises(StuckConsumerError, match=r"join_own_queue.*Mailbox.join"):
        await dispatcher.run_until_idle()


async def test_catching_the_error_does_not_hide_it(synchronized, dispatcher):
    async def stubborn():
        try:
            await asyncio.Event().wait()
        except StuckConsumerError:
            await asyncio.sleep(0)

    consumer = await synchronized.new_consumer(stubborn)
    await synchronized.send({})
    with pytest.raises(StuckConsumerError):
        await dispatcher.run_until_idle()
    assert consumer.failures == 0


async def test_a_cancellation_from_outside_is_still_one(synchronized, dispatcher, settle):
    async def wait():
        await asyncio.Event().wait()

    await synchronized.new_consumer(wait)
    await synchronized.send({})
    running = asyncio.create_task(dispatcher.run_until_idle())
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_tasks_timers_and_threads_may_end_a_wait(synchronized, dispatcher, recorder):
    async def wait_for_each(kind):
        if kind == "task":
            await asyncio.create_task(turns(20))
        elif kind == "timer":
            await asyncio.sleep(0.001)
        elif kind == "timeout":
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.001):
                    await asyncio.Event().wait()
        elif kind == "thread":
            await asyncio.to_thread(threading.Event().wait, 0.01)
        await recorder.callback(kind)()

    async def turns(count):
        for _ in range(count):
            await asyncio.sleep(0)

    await synchronized.new_consumer(wait_for_each)
    kinds = ["task", "timer", "timeout", "thread"]
    for kind in kinds:
        await synchronized.send({"kind": kind})
    await dispatcher.run_until_idle()
    assert recorder.names == kinds


async def test_who_gave_up_hope_later_is_found_as_well(synchronized, dispatcher):
    async def wait():
        # A task that ends, then a timer that fires, and neither brings it about.
        task = asyncio.create_task(asyncio.sleep(0.001))
        await asyncio.Event().wait()
        await task

    await synchronized.new_consumer(wait)
    await synchronized.send({})
    with pytest.raises(StuckConsumerError, match=r"Event\.wait"):
        await dispatcher.run_until_idle()


async def test_a_wait_that_only_others_can_end_is_told(synchronized, dispatcher, caplog):
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    loop = asyncio.get_running_loop()
    received = []

    async def receive():
        # What asks for the message has been logged by then.
        received.append(await loop.sock_recv(ours, 5))

    def answer():
        while not caplog.records:
            pass
        theirs.send(b"hello")

    await synchronized.new_consumer(receive)
    await synchronized.send({})
    thread = threading.Thread(target=answer)
    thread.start()
    await dispatcher.run_until_idle()
    thread.join()
    ours.close()
    theirs.close()
    assert received == [b"hello"]
    assert "only another thread or connection can end that" in caplog.text
