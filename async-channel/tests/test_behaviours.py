# SPDX-License-Identifier: Apache-2.0
"""A consumer that raises, hangs, is removed or sends on its own channel: the same for every kind and event loop."""

import asyncio

import pytest

import async_channel as ac
from async_channel.errors import StuckConsumerError

try:
    import uvloop
except ModuleNotFoundError:
    uvloop = None


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


class Performing(ac.Consumer):
    async def perform(self, kwargs):
        await super().perform(kwargs)


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


async def turns():
    for _ in range(10):
        await asyncio.sleep(0)


KINDS = pytest.mark.parametrize("kind", [ac.Consumer, ac.SupervisedConsumer, Performing, Looping])


@KINDS
def test_one_that_hangs_holds_up_nobody_and_stop_cancels_it(run, kind):
    async def main():
        notes, received = [], []

        async def hang(number):
            try:
                await asyncio.Event().wait()
            finally:
                notes.append(number)

        async def record(number):
            received.append(number)

        async with TickerChannel() as channel:
            hanging = await channel.new_consumer(internal_consumer=kind(hang))
            await channel.new_consumer(record)
            for number in range(3):
                await channel.send({"number": number})
            await turns()
            assert (received, notes) == ([0, 1, 2], [])
            await hanging.stop()
            assert (notes, hanging.failures, hanging.queue.qsize()) == ([0], 0, 2)
            assert hanging.consume_task.cancelled()

    run(main())


@KINDS
def test_one_that_ignores_cancellation_keeps_stop_waiting_until_it_ends(run, kind):
    async def main():
        release = asyncio.Event()

        async def stubborn():
            while not release.is_set():
                try:
                    await release.wait()
                except asyncio.CancelledError:
                    continue

        async with TickerChannel() as channel:
            consumer = await channel.new_consumer(internal_consumer=kind(stubborn))
            await channel.send({})
            await turns()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.001):
                    await consumer.stop()
            assert not consumer.consume_task.done()
            release.set()
            await consumer.stop()
            assert consumer.consume_task.done()

    run(main())


@KINDS
@pytest.mark.parametrize("suspends", [False, True])
def test_removed_while_messages_wait(run, kind, suspends):
    async def main():
        received = []

        async def callback(number):
            received.append(number)
            if suspends:
                await asyncio.Event().wait()

        async with TickerChannel() as channel:
            consumer = await channel.new_consumer(internal_consumer=kind(callback))
            await turns()
            for number in range(3):
                await channel.send({"number": number})
            if suspends:
                await turns()
            await channel.remove_consumer(consumer)
            await channel.send({"number": 3})
            await turns()
            # The one that runs is cancelled, what waits stays in its queue, and nothing more comes.
            assert received == ([0] if suspends else [])
            assert (consumer.queue.qsize(), consumer.failures) == (3 - len(received), 0)
            assert consumer.consume_task.cancelled()

    run(main())


@KINDS
def test_sending_to_its_own_full_queue_is_an_error_live(run, kind):
    async def main():
        received, errors = [], []

        async def callback(number):
            received.append(number)
            if number == 0:
                for sent in (1, 2, 3):
                    try:
                        await channel.send({"number": sent})
                    except StuckConsumerError as error:
                        errors.append((sent, error.consumer))

        async with TickerChannel() as channel:
            consumer = await channel.new_consumer(internal_consumer=kind(callback, 2))
            await channel.send({"number": 0})
            await turns()
            # Nobody else could make room: the third is refused, the two that had room are delivered.
            assert errors == [(3, consumer)]
            assert (received, consumer.failures, consumer.queue.high_water) == ([0, 1, 2], 0, 2)

    run(main())


@KINDS
def test_a_child_task_that_sends_to_the_full_queue_waits_until_the_consumer_leaves(run, kind):
    async def main():
        received = []

        async def callback(number):
            async with asyncio.TaskGroup() as group:
                for sent in (1, 2):
                    group.create_task(channel.send({"number": sent}))
            received.append(number)

        async with TickerChannel() as channel:
            consumer = await channel.new_consumer(internal_consumer=kind(callback, 1))
            await channel.send({"number": 0})
            await turns()
            # Which task waits for which is not known to the queue: it hangs, as any other callback may.
            assert (received, consumer.queue.qsize()) == ([], 1)
            await channel.remove_consumer(consumer)
            assert consumer.consume_task.done()
            assert consumer.queue.qsize() == 1

    run(main())


async def test_sending_to_its_own_full_queue_always_has_room_with_a_dispatcher(synchronized, dispatcher):
    received = []

    async def callback(number):
        received.append(number)
        if number == 0:
            for sent in (1, 2, 3):
                await synchronized.send({"number": sent})

    consumer = await synchronized.new_consumer(callback, size=1)
    await synchronized.send({"number": 0})
    await dispatcher.run_until_idle()
    assert (received, consumer.queue.high_water) == ([0, 1, 2, 3], 3)


async def test_without_a_dispatcher_a_sender_waits_for_another_task_to_deliver(channel_class, settle):
    received = []

    async def callback(number):
        received.append(number)

    channel = channel_class()
    channel.is_synchronized = True
    await channel.new_consumer(callback, size=1)
    await channel.send({"number": 0})
    sending = asyncio.create_task(channel.send({"number": 1}))
    await settle()
    assert not sending.done()
    producer = channel.get_internal_producer()
    await producer.synchronized_perform_consumers_queue(0, False, 1)
    await sending
    await producer.synchronized_perform_consumers_queue(0, False, 1)
    assert received == [0, 1]


def test_a_loop_that_sends_to_its_own_full_subscription_waits_for_another_receiver(run):
    async def main():
        async with TickerChannel() as channel, channel.subscribe(size=1) as messages:
            await channel.send({"number": 0})
            sending = asyncio.create_task(channel.send({"number": 1}))
            await turns()
            assert not sending.done()
            assert await messages.receive() == {"number": 0}
            await sending
            assert await messages.receive() == {"number": 1}

    run(main())
