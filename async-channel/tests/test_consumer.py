# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
from unittest import mock

import pytest

import async_channel as ac


async def test_messages_arrive_in_order_as_keyword_arguments(channel, recorder, settle):
    await channel.new_consumer(recorder.callback())
    for number in range(5):
        await channel.get_internal_producer().send({"number": number, "symbol": "BTC"})
    await settle()
    assert recorder.messages == [{"number": number, "symbol": "BTC"} for number in range(5)]


async def test_one_callback_at_a_time(channel, settle):
    running = most = 0

    async def slow():
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    await channel.new_consumer(slow)
    for _ in range(3):
        await channel.get_internal_producer().send({})
    await settle()
    assert (running, most) == (0, 1)


@pytest.mark.parametrize("consumer_class", [ac.Consumer, ac.SupervisedConsumer])
async def test_a_failing_callback_is_logged_and_counted(channel, recorder, caplog, settle, consumer_class):
    after = recorder.callback()

    async def failing(number):
        if number == 0:
            raise RuntimeError("no such market")
        await after(number=number)

    consumer = consumer_class(failing)
    await channel.new_consumer(internal_consumer=consumer)
    with caplog.at_level(logging.ERROR):
        for number in range(2):
            await channel.get_internal_producer().send({"number": number})
        await settle()
    assert recorder.messages == [{"number": 1}]
    assert consumer.failures == 1
    (record,) = caplog.records
    assert "no such market" in record.message
    assert "failing" in record.message
    assert "{'number': 0}" in record.message
    assert isinstance(record.exc_info[1], RuntimeError)


async def test_a_callback_that_cannot_be_awaited_is_a_failure(channel, caplog, settle):
    consumer = await channel.new_consumer(lambda: None)
    await channel.get_internal_producer().send({})
    await settle()
    assert consumer.failures == 1
    assert "TypeError" in caplog.text


async def test_perform_patched_on_the_instance_is_used(channel, settle):
    consumer = await channel.new_consumer(None)
    with mock.patch.object(consumer, "perform", mock.AsyncMock()) as perform:
        await channel.get_internal_producer().send({"a": 1})
        await settle()
    perform.assert_awaited_once_with({"a": 1})


async def test_overridden_hooks_are_called_for_each_message(channel, settle):
    calls = []

    class Own(ac.Consumer):
        async def perform(self, kwargs):
            calls.append(("perform", kwargs))
            if kwargs["fail"]:
                raise ValueError

        async def consume_ends(self):
            calls.append("ends")
            await super().consume_ends()

    consumer = Own(None)
    await channel.new_consumer(internal_consumer=consumer)
    for fail in (True, False):
        await channel.get_internal_producer().send({"fail": fail})
    await settle()
    assert calls == [("perform", {"fail": True}), "ends", ("perform", {"fail": False}), "ends"]
    assert (consumer.failures, consumer.queue.unfinished) == (1, 0)


async def test_a_failing_consume_ends_does_not_end_the_consumer(channel, settle):
    class Own(ac.Consumer):
        async def consume_ends(self):
            raise ValueError

    consumer = Own(mock.AsyncMock())
    await channel.new_consumer(internal_consumer=consumer)
    for _ in range(2):
        await channel.get_internal_producer().send({})
    await settle()
    assert (consumer.failures, consumer.callback.await_count) == (2, 2)


async def test_an_overridden_consume_runs_in_the_task(channel, settle):
    class Batching(ac.Consumer):
        batches = ()

        async def consume(self):
            while not self.should_stop:
                batch = [await self.queue.get()]
                while not self.queue.empty():
                    batch.append(self.queue.get_nowait())
                self.batches = (*self.batches, len(batch))

    consumer = await channel.new_consumer(internal_consumer=Batching(None))
    for _ in range(3):
        await channel.get_internal_producer().send({})
    await settle()
    assert consumer.batches == (3,)


async def test_internal_callback_has_to_be_written(channel, settle):
    consumer = await channel.new_consumer(internal_consumer=ac.InternalConsumer())
    with pytest.raises(NotImplementedError, match="internal_callback is not implemented"):
        await consumer.perform({})
    await channel.get_internal_producer().send({})
    await settle()
    assert consumer.failures == 1


async def test_a_callback_may_be_replaced(channel, recorder, settle):
    consumer = await channel.new_consumer(recorder.callback("old"))
    consumer.callback = recorder.callback("new")
    await channel.get_internal_producer().send({})
    await settle()
    assert recorder.names == ["new"]


async def test_unsupervised_joins_return_at_once(channel, settle):
    consumer = await channel.new_consumer(asyncio.Event().wait)
    await channel.get_internal_producer().send({})
    await settle()
    await consumer.join(timeout=None)
    await consumer.join_queue()


class TestSupervised:
    @pytest.fixture
    async def consumer(self, channel):
        self.gate, self.handled = asyncio.Event(), 0

        async def gated():
            await self.gate.wait()
            self.handled += 1

        return await channel.new_consumer(internal_consumer=ac.SupervisedConsumer(gated))

    async def test_join_waits_for_the_running_callback(self, channel, consumer, settle):
        await consumer.join()
        await channel.get_internal_producer().send({})
        await settle()
        assert not consumer.idle.is_set()
        with pytest.raises(asyncio.TimeoutError):
            await consumer.join(timeout=0)
        joining = asyncio.create_task(consumer.join())
        await settle()
        assert not joining.done()
        self.gate.set()
        await joining
        assert (self.handled, consumer.idle.is_set()) == (1, True)

    async def test_join_queue_waits_for_every_message(self, channel, consumer, settle):
        for _ in range(3):
            await channel.get_internal_producer().send({})
        joining = asyncio.create_task(consumer.join_queue())
        await settle()
        assert not joining.done()
        self.gate.set()
        await joining
        assert self.handled == 3

    async def test_wait_for_processing_waits_for_every_supervised_consumer(self, channel, consumer, recorder, settle):
        await channel.new_consumer(recorder.callback())
        producer = channel.get_internal_producer()
        await producer.wait_for_processing()
        for _ in range(2):
            await producer.send({})
        waiting = asyncio.create_task(producer.wait_for_processing())
        await settle()
        assert not waiting.done()
        self.gate.set()
        await waiting
        assert self.handled == 2

    async def test_stopping_lets_go_of_those_who_wait(self, channel, consumer, settle):
        for _ in range(3):
            await channel.get_internal_producer().send({})
        waiting = [asyncio.create_task(consumer.join_queue()), asyncio.create_task(consumer.join())]
        await settle()
        await consumer.stop()
        await asyncio.gather(*waiting)
        await consumer.join_queue()
        assert (self.handled, consumer.queue.qsize()) == (0, 2)
