# SPDX-License-Identifier: Apache-2.0
"""What a consumer does when its callback raises."""

import asyncio
import logging

import pytest

import async_channel as ac
from async_channel.errors import ConsumerFailedError

STOP_CONSUMER, STOP_CHANNEL = ac.FailurePolicy.STOP_CONSUMER, ac.FailurePolicy.STOP_CHANNEL


async def fail_at_once(price):
    raise ValueError(f"no {price}")


async def fail_later(price):
    await asyncio.sleep(0)
    raise ValueError(f"no {price}")


class Performing(ac.Consumer):
    """One whose methods the engine leaves the work to."""

    async def perform(self, kwargs):
        await super().perform(kwargs)


class Looping(ac.Consumer):
    """One that receives in a loop of its own."""

    async def consume(self):
        await super().consume()


WAYS = pytest.mark.parametrize("callback", [fail_at_once, fail_later])
KINDS = pytest.mark.parametrize("kind", [ac.Consumer, Performing, Looping])


async def add(channel, kind, callback, on_failure):
    consumer = kind(callback, on_failure=on_failure)
    return await channel.new_consumer(internal_consumer=consumer, consumer_filters={"symbol": "BTC"})


@KINDS
@WAYS
async def test_by_default_it_is_logged_with_everything_and_goes_on(channel, settle, caplog, kind, callback):
    consumer = await add(channel, kind, callback, ac.FailurePolicy.LOG)
    for price in range(3):
        await channel.send({"price": price})
    await settle()
    assert consumer.failures == 3
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 3
    record = caplog.records[1]
    assert (record.channel, record.consumer, record.channel_message) == (channel, consumer, {"price": 1})
    for part in ("Ticker", callback.__name__, "'price': 1", "no 1"):
        assert part in record.getMessage()
    assert callback.__name__ in caplog.text


@KINDS
@WAYS
async def test_stop_consumer_leaves_the_channel_and_the_others_alone(channel, settle, recorder, kind, callback):
    producer = channel.get_internal_producer()
    await producer.run()
    failing = await add(channel, kind, callback, STOP_CONSUMER)
    await channel.new_consumer(recorder.callback())
    for price in range(3):
        await channel.send({"price": price})
    await settle()
    assert (failing.failures, failing.should_stop, failing.consume_task.done()) == (1, True, True)
    assert failing not in channel.get_consumers()
    # What waited stays, what is sent from now on does not pile up.
    assert failing.queue.qsize() == 2
    await channel.send({"price": 3})
    assert failing.queue.qsize() == 2
    await settle()
    assert len(recorder.calls) == 4
    assert (channel.failure, producer.is_running) == (None, True)


@KINDS
@WAYS
async def test_the_last_consumer_that_leaves_pauses_the_producers(channel, settle, kind, callback):
    producer = channel.get_internal_producer()
    await producer.run()
    await add(channel, kind, callback, STOP_CONSUMER)
    await channel.send({"price": 0})
    await settle()
    assert (channel.is_paused, producer.is_running) == (True, False)


@KINDS
@WAYS
async def test_stop_channel_stops_everything_and_senders_learn_why(channel, settle, recorder, kind, callback):
    async def produce():
        await asyncio.Event().wait()

    producer = channel.get_internal_producer()
    producer.start = produce
    await producer.run()
    failing = await add(channel, kind, callback, STOP_CHANNEL)
    waiting = await channel.new_consumer(asyncio.Event().wait)
    await channel.send({"price": 7}, {"symbol": "BTC"})
    await channel.topic({}).send({})
    await settle()
    assert all(task.done() for task in (failing.consume_task, waiting.consume_task, producer.produce_task))
    assert failing.failures == 1
    sends = (channel.send, channel.topic({}).send, producer.send, channel.topic({"symbol": "BTC"}).send)
    for send in sends:
        with pytest.raises(ConsumerFailedError, match="'price': 7") as caught:
            await send({"price": 8})
        error = caught.value
        assert (error.channel, error.consumer, error.message) == (channel, failing, {"price": 7})
        assert isinstance(error.__cause__, ValueError)
    with pytest.raises(ConsumerFailedError):
        channel.send_nowait({})
    with pytest.raises(ConsumerFailedError):
        await channel.new_consumer(recorder.callback())


async def test_a_channel_that_failed_can_be_run_again(channel, settle, recorder):
    failing = await channel.new_consumer(fail_at_once, on_failure=STOP_CHANNEL)
    await channel.send({"price": 0})
    await settle()
    failing.callback = recorder.callback()
    await channel.run()
    await channel.send({"price": 1})
    await settle()
    assert (channel.failure, recorder.messages) == (None, [{"price": 1}])


async def test_two_failures_stop_a_channel_once(channel, settle):
    consumers = [await channel.new_consumer(fail_later, on_failure=STOP_CHANNEL) for _ in range(3)]
    await channel.send({"price": 0})
    await settle()
    assert all(consumer.consume_task.done() for consumer in consumers)
    assert channel.failure.consumer is consumers[0]


async def block_that_fails(channel_class, settle, error):
    async with channel_class() as channel:
        await channel.new_consumer(fail_at_once, on_failure=STOP_CHANNEL)
        await channel.send({"price": 0})
        await settle()
        if error is not None:
            raise error


async def test_the_block_of_a_channel_ends_with_its_failure(channel_class, settle):
    with pytest.raises(ConsumerFailedError) as caught:
        await block_that_fails(channel_class, settle, None)
    assert isinstance(caught.value.__cause__, ValueError)


async def test_an_error_of_the_block_itself_comes_first(channel_class, settle):
    with pytest.raises(KeyError):
        await block_that_fails(channel_class, settle, KeyError())


@WAYS
async def test_in_synchronized_mode(synchronized, dispatcher, recorder, callback):
    producer = synchronized.get_internal_producer()
    await producer.run()
    leaving = await synchronized.new_consumer(callback, on_failure=STOP_CONSUMER)
    await synchronized.new_consumer(recorder.callback())
    for price in range(2):
        await synchronized.send({"price": price})
    await dispatcher.run_until_idle()
    assert (leaving.failures, leaving.queue.qsize(), len(recorder.calls)) == (1, 1, 2)
    assert leaving not in synchronized.get_consumers()
    failing = await synchronized.new_consumer(callback, on_failure=STOP_CHANNEL)
    for _ in range(2):
        await synchronized.send({"price": 2})
    await dispatcher.run_until_idle()
    assert (failing.failures, dispatcher.pending, producer.is_running) == (1, 0, False)
    with pytest.raises(ConsumerFailedError):
        await synchronized.send({"price": 3})


@WAYS
async def test_without_a_dispatcher(channel_class, callback):
    channel = channel_class()
    channel.is_synchronized = True
    failing = await channel.new_consumer(callback, on_failure=STOP_CONSUMER)
    for price in range(2):
        await channel.send({"price": price})
    await channel.get_internal_producer().synchronized_perform_consumers_queue(0)
    assert (failing.failures, failing in channel.get_consumers()) == (1, False)


async def test_cancellation_is_no_failure(channel, settle):
    consumer = await channel.new_consumer(asyncio.Event().wait, on_failure=STOP_CHANNEL)
    await channel.send({})
    await settle()
    await consumer.stop()
    assert (consumer.failures, channel.failure, consumer.consume_task.cancelled()) == (0, None, True)


async def test_a_failure_while_failing_is_logged(channel, settle, caplog):
    producer = channel.get_internal_producer()
    await producer.run()

    async def broken_pause():
        raise OSError("cannot pause")

    producer.pause = broken_pause
    consumer = await channel.new_consumer(fail_at_once, on_failure=STOP_CONSUMER)
    await channel.send({"price": 0})
    await settle()
    assert "could not be ended: OSError('cannot pause')" in caplog.text
    assert consumer.consume_task.done()


@WAYS
async def test_a_consumer_that_cannot_report_ends_with_that(channel, recorder, settle, callback):
    class Mute(ac.Consumer):
        def failed(self, error, message):
            raise OSError("the log is full")

    consumer = await channel.new_consumer(internal_consumer=Mute(callback))
    await channel.new_consumer(recorder.callback())
    for price in range(3):
        await channel.send({"price": price})
        await settle()
    assert isinstance(consumer.consume_task.exception(), OSError)
    assert (consumer.queue.qsize(), len(recorder.calls)) == (2, 3)
