# SPDX-License-Identifier: Apache-2.0
"""Synchronized channels without a dispatcher: the producer asks for the delivery."""

import asyncio
import logging

import pytest

import async_channel as ac
from async_channel.util import get_logger, trigger_and_bypass_consumers_queue

HIGH, MEDIUM, OPTIONAL = (level.value for level in ac.ChannelConsumerPriorityLevels)


@pytest.fixture
async def own_channel(channel_class):
    return await ac.create_channel_instance(channel_class, ac.set_chan, is_synchronized=True)


async def test_queues_are_emptied_up_to_a_priority(own_channel, recorder):
    for name, level in (("medium", MEDIUM), ("optional", OPTIONAL), ("high", HIGH)):
        await own_channel.new_consumer(recorder.callback(name), priority_level=level)
    producer = own_channel.get_internal_producer()
    for _ in range(2):
        await producer.send({})
    assert recorder.calls == []
    await producer.synchronized_perform_consumers_queue(MEDIUM, True, 1)
    assert recorder.names == ["high", "high", "medium", "medium"]
    assert producer.is_consumers_queue_empty(MEDIUM)
    assert not producer.is_consumers_queue_empty(OPTIONAL)
    await producer.synchronized_perform_consumers_queue(OPTIONAL, True, 1)
    assert recorder.names[4:] == ["optional", "optional"]
    assert producer.is_consumers_queue_empty(OPTIONAL)


async def test_a_failure_does_not_end_the_delivery(own_channel, recorder, caplog):
    async def failing(**message):
        await recorder.callback()(**message)
        raise ValueError

    consumer = await own_channel.new_consumer(failing)
    producer = own_channel.get_internal_producer()
    for number in range(2):
        await producer.send({"number": number})
    with caplog.at_level(logging.CRITICAL):
        await producer.synchronized_perform_consumers_queue(HIGH, False, None)
    assert (len(recorder.calls), consumer.failures) == (2, 2)


async def test_consumers_that_still_run_are_joined(own_channel, recorder):
    class Busy(ac.SupervisedConsumer):
        joined = ()

        async def join(self, timeout=None):  # noqa: ASYNC109 promised signature
            self.joined = (*self.joined, timeout)

    consumer = await own_channel.new_consumer(internal_consumer=Busy(recorder.callback()))
    producer = own_channel.get_internal_producer()
    await producer.synchronized_perform_consumers_queue(HIGH, True, 7)
    await producer.synchronized_perform_consumers_queue(HIGH, False, 7)
    assert consumer.joined == (7,)


async def test_nothing_runs_by_itself(own_channel, recorder, settle):
    class Source(ac.Producer):
        async def start(self):
            raise AssertionError("must not be started")

    before = asyncio.all_tasks()
    await own_channel.new_consumer(recorder.callback())
    await Source(own_channel).run()
    await own_channel.get_internal_producer().send({})
    await settle()
    assert asyncio.all_tasks() == before
    assert recorder.calls == []
    await own_channel.stop()


async def test_triggering_consumers_bypasses_their_queues(own_channel, recorder, caplog):
    async def failing(**message):
        raise ValueError("bad")

    consumers = [
        await own_channel.new_consumer(callback)
        for callback in (recorder.callback("a"), failing, recorder.callback("b"))
    ]
    await own_channel.get_internal_producer().send({"queued": True})
    await trigger_and_bypass_consumers_queue(consumers, {"queued": False})
    assert recorder.calls == [("a", {"queued": False}), ("b", {"queued": False})]
    assert [consumer.queue.qsize() for consumer in consumers] == [1, 1, 1]
    assert consumers[1].failures == 1
    assert "bad" in caplog.text


async def test_default_hooks_do_nothing(own_channel):
    producer = ac.Producer(own_channel)
    for hook in (producer.push, producer.start, producer.perform, producer.modify):
        assert await hook() is None
    assert await producer.push(anything=1) is None


def test_loggers_are_the_standard_ones():
    assert get_logger("name") is logging.getLogger("name")
