# SPDX-License-Identifier: Apache-2.0
"""Receiving in a loop, and messages that are objects."""

import asyncio
from dataclasses import dataclass

import pytest

import async_channel as ac
from async_channel.errors import ChannelClosedError, ChannelUsageError, ConsumerFailedError


@dataclass(frozen=True)
class Ticker:
    symbol: str
    price: int


class TypedChannel(ac.Channel[Ticker]):
    PRODUCER_CLASS = ac.Producer


@pytest.fixture
async def typed():
    async with TypedChannel() as channel:
        yield channel


async def test_typed_messages_reach_callbacks_as_they_are(typed, settle):
    received = []

    async def callback(ticker):
        received.append(ticker)

    class Performing(ac.Consumer):
        async def perform(self, kwargs):
            received.append("perform")
            await super().perform(kwargs)

    await typed.new_consumer(callback, {"symbol": "BTC"})
    await typed.new_consumer(internal_consumer=Performing(callback))
    await typed.send(Ticker("BTC", 1), {"symbol": "BTC"})
    await typed.send(Ticker("ETH", 2), {"symbol": "ETH"})
    typed.send_nowait(Ticker("*", 3))
    await settle()
    # Without a filter of that name the second one is reached only by what is sent to all.
    assert received == [Ticker("BTC", 1), Ticker("*", 3), "perform", Ticker("*", 3)]
    assert TypedChannel.get_name() == "Typed"


async def test_typed_messages_in_synchronized_mode(dispatcher):
    received = []

    async def callback(ticker):
        received.append(ticker)

    channel = await ac.create_channel_instance(TypedChannel, ac.set_chan, dispatcher=dispatcher)
    await channel.new_consumer(callback)
    await channel.send(Ticker("BTC", 1))
    await dispatcher.run_until_idle()
    assert received == [Ticker("BTC", 1)]


async def test_a_loop_receives_what_matches_in_order(typed, settle):
    subscription = typed.subscribe({"symbol": "BTC"})
    for price in range(3):
        typed.send_nowait(Ticker("BTC", price), {"symbol": "BTC"})
        typed.send_nowait(Ticker("ETH", price), {"symbol": "ETH"})

    async def receive():
        return [ticker.price async for ticker in subscription]

    receiving = asyncio.create_task(receive())
    await settle()
    await typed.send(Ticker("BTC", 3), {"symbol": "BTC"})
    await typed.close()
    assert await receiving == [0, 1, 2, 3]


@pytest.mark.parametrize("leave", ["break", "error", "cancel"])
async def test_leaving_the_loop_ends_the_subscription(channel, settle, leave):
    async def receive():
        async for message in channel.subscribe():
            if leave == "break":
                break
            if leave == "error":
                raise ValueError(message)

    receiving = asyncio.create_task(receive())
    await settle()
    assert len(channel.get_consumers()) == 1
    await channel.send({"price": 1})
    await settle()
    if leave == "cancel":
        receiving.cancel()
    await asyncio.wait((receiving,))
    await settle()
    assert channel.get_consumers() == []
    assert receiving.cancelled() == (leave == "cancel")
    if leave == "error":
        assert isinstance(receiving.exception(), ValueError)


async def first_of(messages):
    async for message in messages:
        return message
    raise AssertionError("the loop ended by itself")


async def test_a_block_holds_a_subscription_over_several_loops(channel):
    async with channel.subscribe() as messages:
        for price in range(4):
            await channel.send({"price": price})
        received = [await first_of(messages), await messages.receive(), messages.receive_nowait()]
        received.append(await first_of(messages))
        assert [message["price"] for message in received] == [0, 1, 2, 3]
        with pytest.raises(asyncio.QueueEmpty):
            messages.receive_nowait()
    assert channel.get_consumers() == []
    with pytest.raises(ChannelClosedError, match="<Subscription to 'Ticker'"):
        await messages.receive()


async def test_producers_run_while_somebody_iterates(channel, settle):
    producer = channel.get_internal_producer()
    await producer.run()
    await producer.pause()

    async def receive():
        async for _ in channel.subscribe():
            return

    receiving = asyncio.create_task(receive())
    await settle()
    assert (producer.is_running, channel.is_paused) == (True, False)
    await channel.send({})
    await receiving
    await settle()
    assert (producer.is_running, channel.is_paused) == (False, True)


async def test_stop_ends_the_loop_after_what_waits(channel):
    subscription = channel.subscribe()
    await channel.send({"price": 1})
    await channel.stop()
    assert [message async for message in subscription] == [{"price": 1}]


async def test_a_failure_that_stops_the_channel_is_raised_after_what_waits(channel, settle):
    async def fail(price):
        raise ValueError

    subscription = channel.subscribe()
    await channel.new_consumer(fail, on_failure=ac.FailurePolicy.STOP_CHANNEL)
    await channel.send({"price": 1})
    await settle()
    assert await subscription.receive() == {"price": 1}
    with pytest.raises(ConsumerFailedError):
        await first_of(subscription)


async def test_overflow_and_size(channel):
    subscription = channel.subscribe(size=1, overflow=ac.Overflow.DROP_OLDEST)
    for price in range(3):
        await channel.send({"price": price})
    assert await subscription.receive() == {"price": 2}
    (statistics,) = channel.statistics().consumers
    assert (statistics.dropped, statistics.delivered) == (2, 1)


async def test_several_receivers_share_a_subscription_without_losing_one(channel, settle):
    subscription = channel.subscribe()
    tasks = [asyncio.create_task(subscription.receive()) for _ in range(4)]
    await settle()
    tasks[0].cancel()
    for price in range(3):
        await channel.send({"price": price})
    done = await asyncio.gather(*tasks[1:])
    assert sorted(message["price"] for message in done) == [0, 1, 2]


async def test_synchronized_channels_deliver_to_callbacks_only(synchronized):
    with pytest.raises(ChannelUsageError, match=r"Ticker is synchronized.*new_consumer"):
        synchronized.subscribe()
