# SPDX-License-Identifier: Apache-2.0
"""Order, turns, room, and what callbacks may do to their own channel while the engine runs them."""

import asyncio
import math
import threading

import pytest

import async_channel as ac
from async_channel.live import engine_of

HIGH, MEDIUM, OPTIONAL = (level.value for level in ac.ChannelConsumerPriorityLevels)


async def test_callbacks_that_do_not_wait_wake_no_task(channel, recorder, settle):
    consumer = await channel.new_consumer(recorder.callback())
    await settle()
    (frame,) = consumer.consume_task.get_stack()
    before = frame.f_lasti, engine_of(asyncio.get_running_loop()).delivered
    for _ in range(3):
        await channel.get_internal_producer().send({})
    await settle()
    assert len(recorder.calls) == 3
    assert (frame.f_lasti, engine_of(asyncio.get_running_loop()).delivered - 3) == before


async def test_lower_levels_first_then_arrival(channel, recorder, settle):
    for name, level in (("optional", OPTIONAL), ("high", HIGH), ("medium", MEDIUM), ("high too", HIGH)):
        await channel.new_consumer(recorder.callback(name), {"name": name}, priority_level=level)
    await settle()
    await channel.get_internal_producer().send({})
    await settle()
    assert recorder.names == ["high", "high too", "medium", "optional"]
    recorder.calls.clear()
    channel.topic({"name": "high too"}).send_nowait({})
    channel.topic({"name": "high"}).send_nowait({})
    await settle()
    assert recorder.names == ["high too", "high"]


async def test_a_priority_changed_meanwhile_counts_from_the_next_burst_on(channel, recorder, settle):
    first = await channel.new_consumer(recorder.callback("first"))
    await channel.new_consumer(recorder.callback("second"))
    await settle()
    first.priority_level = OPTIONAL
    await channel.get_internal_producer().send({})
    await settle()
    assert recorder.names == ["second", "first"]


async def test_messages_wait_in_order_while_a_callback_is_suspended(channel, settle):
    gate, notes = asyncio.Event(), []

    async def callback(number):
        notes.append(number)
        if number == 0:
            await gate.wait()
            notes.append("through")

    consumer = await channel.new_consumer(callback)
    await settle()
    for number in range(3):
        await channel.get_internal_producer().send({"number": number})
    await settle()
    assert (notes, consumer.queue.qsize(), consumer.queue.unfinished) == ([0], 2, 3)
    gate.set()
    await settle()
    assert (notes, consumer.queue.unfinished) == ([0, "through", 1, 2], 0)


async def test_who_floods_itself_leaves_a_turn_to_others(channel, settle):
    served = []

    async def flooding():
        channel.topic({"name": "flooding"}).send_nowait({})
        channel.topic({"name": "flooding"}).send_nowait({})

    async def modest():
        served.append(channel.get_consumers()[0].queue.qsize())

    await channel.new_consumer(flooding, {"name": "flooding"})
    await channel.new_consumer(modest, {"name": "modest"})
    await settle()
    channel.topic({"name": "flooding"}).send_nowait({})
    channel.topic({"name": "modest"}).send_nowait({})
    turned = asyncio.Event()
    asyncio.get_running_loop().call_soon(turned.set)
    await turned.wait()
    await settle()
    # One turn of the flooding consumer, not its whole endless queue.
    assert served
    assert served[0] < 1000
    await channel.stop()


async def test_what_came_before_a_consumer_was_served_gives_it_one_turn(channel, settle):
    engine_of(asyncio.get_running_loop()).longest_drain = math.inf
    gate, served = asyncio.Event(), []

    async def busy(number):
        served.append("busy")
        if number == 0:
            await gate.wait()
        elif number == 1:
            channel.send_nowait({}, {"name": "modest"})

    async def modest():
        served.append("modest")

    await channel.new_consumer(modest, {"name": "modest"})
    await settle()
    await channel.new_consumer(busy, {"name": "busy"})
    # Handled in the task's first step, before the engine serves it.
    for number in range(131):
        channel.send_nowait({"number": number}, {"name": "busy"})
        if number == 0:
            await settle()
    gate.set()
    await settle()
    assert served.index("modest") == 1 + 64
    assert len(served) == 132


async def test_a_sender_that_never_waits_is_made_to(channel, recorder):
    consumer = await channel.new_consumer(recorder.callback())
    await asyncio.sleep(0)
    turns = []

    async def another():
        while True:
            turns.append(len(recorder.calls))
            await asyncio.sleep(0)

    other = asyncio.create_task(another())
    deepest = 0
    for _ in range(20_000):
        await channel.get_internal_producer().send({})
        deepest = max(deepest, consumer.queue.qsize())
    await consumer.queue.join()
    other.cancel()
    await asyncio.wait((other,))
    assert len(turns) > 10
    assert len(recorder.calls) == 20_000
    assert deepest < 20_000


async def test_a_full_mailbox_makes_the_sender_wait(channel, settle):
    gate, seen = asyncio.Event(), []

    async def callback(number):
        seen.append(number)
        await gate.wait()

    consumer = await channel.new_consumer(callback, size=1)
    await settle()
    producer = channel.get_internal_producer()

    async def send():
        for number in range(4):
            await producer.send({"number": number})

    sending = asyncio.create_task(send())
    await settle()
    assert (seen, consumer.queue.qsize(), sending.done()) == ([0], 1, False)
    with pytest.raises(asyncio.QueueFull):
        channel.topic({}).send_nowait({"number": 9})
    gate.set()
    await sending
    await settle()
    assert seen == [0, 1, 2, 3]


@pytest.mark.parametrize("waits", [False, True])
async def test_sending_on_the_own_channel(channel, settle, waits):
    seen = []

    async def callback(number):
        seen.append(number)
        if number < 5:
            await channel.get_internal_producer().send({"number": number + 1})
            seen.append("sent")
        if waits:
            await asyncio.sleep(0)

    consumer = await channel.new_consumer(callback)
    await settle()
    await channel.get_internal_producer().send({"number": 0})
    await consumer.queue.join()
    # Sending does not call: a message is served after the callback that sent it.
    assert seen == [0, "sent", 1, "sent", 2, "sent", 3, "sent", 4, "sent", 5]


@pytest.mark.parametrize("waits", [False, True])
async def test_removing_oneself_leaves_the_rest(channel, settle, waits):
    seen = []

    async def callback(number):
        seen.append(number)
        await channel.remove_consumer(consumer)
        if waits:
            await asyncio.sleep(0)
        seen.append("ends")

    consumer = await channel.new_consumer(callback)
    await settle()
    for number in range(3):
        await channel.get_internal_producer().send({"number": number})
    await settle()
    assert (seen, consumer.queue.qsize()) == ([0, "ends"], 2)
    assert consumer.consume_task.done()
    assert not consumer.consume_task.cancelled()


async def test_removed_by_another_before_its_turn(channel, recorder, settle):
    async def remover():
        await channel.remove_consumer(removed)

    await channel.new_consumer(remover)
    removed = await channel.new_consumer(recorder.callback())
    await settle()
    await channel.get_internal_producer().send({})
    await settle()
    assert (recorder.calls, removed.queue.qsize()) == ([], 1)
    assert removed.consume_task.cancelled()


async def test_removed_while_its_callback_hangs(channel, settle):
    notes = []

    async def hanging():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            notes.append("cancelled")
            raise

    consumer = await channel.new_consumer(hanging)
    await settle()
    await channel.get_internal_producer().send({})
    await settle()
    await channel.remove_consumer(consumer)
    assert (notes, consumer.failures, consumer.queue.unfinished) == (["cancelled"], 0, 0)
    assert consumer.consume_task.cancelled()


async def test_one_that_hangs_does_not_hold_up_others(channel, recorder, settle):
    await channel.new_consumer(asyncio.Event().wait)
    await channel.new_consumer(recorder.callback())
    await settle()
    for _ in range(3):
        await channel.get_internal_producer().send({})
    await settle()
    assert len(recorder.calls) == 3


async def test_stopped_and_run_again(channel, recorder, settle):
    consumer = await channel.new_consumer(recorder.callback())
    await settle()
    await consumer.stop()
    await channel.get_internal_producer().send({"number": 0})
    await settle()
    assert recorder.calls == []
    await consumer.run()
    await channel.get_internal_producer().send({"number": 1})
    await settle()
    await channel.get_internal_producer().send({"number": 2})
    await settle()
    assert [message["number"] for message in recorder.messages] == [0, 1, 2]


@pytest.mark.parametrize("queue_class", [asyncio.Queue, ac.mailbox.Mailbox])
async def test_its_queue_may_be_replaced(channel, recorder, settle, queue_class):
    consumer = await channel.new_consumer(recorder.callback())
    await settle()
    consumer.queue = queue_class()
    for number in range(2):
        await channel.get_internal_producer().send({"number": number})
        await settle()
    assert [message["number"] for message in recorder.messages] == [0, 1]


async def test_consume_set_on_the_instance_runs_in_the_task(channel, settle):
    consumer, taken = ac.Consumer(None), []

    async def consume():
        taken.append(await consumer.queue.get())

    consumer.consume = consume
    await channel.new_consumer(internal_consumer=consumer)
    await channel.get_internal_producer().send({"number": 1})
    await settle()
    assert taken == [{"number": 1}]


async def test_supervised_consumers_are_idle_between_callbacks(channel, settle):
    gate = asyncio.Event()
    consumer = await channel.new_consumer(internal_consumer=ac.SupervisedConsumer(gate.wait))
    await settle()
    await channel.get_internal_producer().send({})
    assert consumer.idle.is_set()
    await settle()
    assert not consumer.idle.is_set()
    gate.set()
    await consumer.join_queue()
    await consumer.join()
    assert consumer.queue.unfinished == 0


def test_a_channel_outlives_its_event_loop():
    class TickerChannel(ac.Channel):
        PRODUCER_CLASS = ac.Producer

    seen = []

    async def callback(number):
        seen.append(number)

    channel = TickerChannel()

    async def first():
        await channel.new_consumer(callback)
        await asyncio.sleep(0)
        await channel.get_internal_producer().send({"number": 0})
        await asyncio.sleep(0)

    async def second():
        await channel.get_internal_producer().send({"number": 1})
        await channel.run()
        await channel.get_internal_producer().send({"number": 2})
        await channel.get_consumers()[0].queue.join()
        await channel.stop()

    asyncio.run(first())
    asyncio.run(second())
    assert seen == [0, 1, 2]


def test_loops_in_threads_share_nothing():
    class TickerChannel(ac.Channel):
        PRODUCER_CLASS = ac.Producer

    failures, engines = [], []

    async def main(name):
        seen = []

        async def callback(number):
            if number % 7 == 0:
                await asyncio.sleep(0)
            seen.append((number, threading.current_thread().name))

        channel = TickerChannel()
        consumer = await channel.new_consumer(callback)
        await asyncio.sleep(0)
        engines.append(engine_of(asyncio.get_running_loop()))
        for number in range(2000):
            await channel.get_internal_producer().send({"number": number})
            if number % 100 == 0:
                await asyncio.sleep(0)
        await consumer.queue.join()
        await channel.stop()
        if seen != [(number, name) for number in range(2000)]:
            failures.append(name)

    threads = [threading.Thread(target=lambda n=n: asyncio.run(main(n)), name=n) for n in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len({id(engine) for engine in engines}) == 3
