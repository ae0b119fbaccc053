# SPDX-License-Identifier: Apache-2.0
"""Closing is for good; stopping is not."""

import asyncio

import pytest

import async_channel as ac
from async_channel.errors import ChannelClosedError, ConsumerFailedError


async def test_a_block_closes_its_channel(channel_class, recorder, settle):
    async with channel_class() as channel:
        consumer = await channel.new_consumer(recorder.callback())
        topic = channel.topic({"symbol": "BTC"})
        assert not topic
        await channel.send({"price": 1})
        await settle()
    assert recorder.messages == [{"price": 1}]
    assert consumer.consume_task.done()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    producer = channel.get_internal_producer()
    for send in (channel.send, topic.send, producer.send):
        with pytest.raises(ChannelClosedError, match="Ticker is closed"):
            await send({"price": 2})
    for refused in (
        lambda: channel.send_nowait({}),
        lambda: topic.send_nowait({}),
        lambda: channel.subscribe(),
        lambda: channel.add_new_consumer(ac.Consumer(None), {}),
    ):
        with pytest.raises(ChannelClosedError):
            refused()
    for refused in (channel.new_consumer(recorder.callback()), channel.run()):
        with pytest.raises(ChannelClosedError):
            await refused
    assert consumer.queue.empty()
    await channel.close()
    assert channel.statistics().delivered == 1


async def test_a_block_that_raises_closes_its_channel(channel_class):
    with pytest.raises(KeyError):
        async with channel_class() as channel:
            raise KeyError
    assert channel.is_closed


async def test_a_channel_that_was_stopped_goes_on_with_what_waited(channel, recorder, settle):
    await channel.new_consumer(recorder.callback())
    await channel.stop()
    await channel.send({"price": 1})
    await settle()
    assert recorder.calls == []
    await channel.run()
    await settle()
    assert recorder.messages == [{"price": 1}]


@pytest.fixture
async def waiting_sender(channel, settle, recorder):
    """A channel with a listener and a consumer that hangs with a full queue, and a task that waits to send to both."""
    await channel.new_consumer(recorder.callback())
    hanging = await channel.new_consumer(hang, size=1)
    for price in range(2):
        await channel.send({"price": price})
        await settle()
    sending = asyncio.create_task(channel.send({"price": 2}))
    await settle()
    assert not sending.done()
    return hanging, sending


async def hang(price):
    await asyncio.Event().wait()


async def test_a_sender_that_waits_learns_that_the_channel_closes(channel, waiting_sender):
    hanging, sending = waiting_sender
    await channel.close()
    with pytest.raises(ChannelClosedError):
        await sending
    assert hanging.queue.qsize() == 1


async def test_a_sender_that_waits_learns_of_a_failure(channel, waiting_sender):
    hanging, sending = waiting_sender
    hanging.on_failure = ac.FailurePolicy.STOP_CHANNEL
    await hanging.fail(ValueError("over"), {"price": 0})
    with pytest.raises(ConsumerFailedError):
        await sending


async def test_a_sender_need_not_wait_for_a_consumer_that_leaves(channel, waiting_sender, recorder):
    hanging, sending = waiting_sender
    await channel.remove_consumer(hanging)
    await sending
    assert (hanging.queue.qsize(), len(recorder.calls)) == (1, 3)
