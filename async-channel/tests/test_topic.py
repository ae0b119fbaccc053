# SPDX-License-Identifier: Apache-2.0
import asyncio
import gc
import weakref

import pytest

import async_channel as ac
from async_channel.channels import topics as topics_module


def test_same_filters_same_topic():
    channel = ac.Channel()
    topic = channel.topic({"symbol": "BTC", "time_frame": "1h"})
    assert channel.topic({"time_frame": "1h", "symbol": "BTC"}) is topic
    assert channel.topic({"symbol": "BTC"}) is not topic
    assert ac.Channel().topic({"symbol": "BTC", "time_frame": "1h"}) is not topic
    listed = channel.topic({"symbol": ["BTC"]})
    assert channel.topic({"symbol": ["BTC"]}) is listed
    assert channel.topic({"symbol": ["ETH"]}) is not listed
    assert topic.filters == {"symbol": "BTC", "time_frame": "1h"}
    assert "BTC" in repr(topic)


def test_a_topic_keeps_the_filters_it_was_asked_for():
    channel, filters = ac.Channel(), {"symbol": "BTC"}
    topic = channel.topic(filters)
    filters["symbol"] = "ETH"
    assert channel.topic({"symbol": "BTC"}) is topic
    assert topic.filters == {"symbol": "BTC"}


@pytest.mark.parametrize("value", ["order-{}", ["order-{}"]])
def test_topics_do_not_pile_up_without_limit(monkeypatch, value):
    monkeypatch.setattr(topics_module, "MAX_REMEMBERED_TOPICS", 3)
    channel, consumer = ac.Channel(), ac.Consumer(None)

    def topic(number):
        filled = value.format(number) if isinstance(value, str) else [value[0].format(number)]
        return channel.topic({"order_id": filled})

    forgotten = topic(0)
    for number in range(10):
        topic(number)
    assert len(channel._topics) == 3
    channel.add_new_consumer(consumer, {"order_id": "*"})
    assert forgotten.consumers == topic(9).consumers == (consumer,)


def test_choices_are_remembered_until_consumers_change():
    class CountingChannel(ac.Channel):
        asked = 0

        def get_consumer_from_filters(self, consumer_filters):
            self.asked += 1
            return super().get_consumer_from_filters(consumer_filters)

    channel = CountingChannel()
    topic = channel.topic({})
    for expected in (1, 2):
        for _ in range(3):
            assert len(topic.consumers) == expected - 1
            assert bool(topic) is (expected > 1)
        assert channel.asked == expected
        channel.add_new_consumer(ac.Consumer(None), {})


async def test_send_reaches_the_matching_consumers(channel, recorder, settle):
    await channel.new_consumer(recorder.callback("btc"), {"symbol": "BTC"})
    await channel.new_consumer(recorder.callback("any"), {"symbol": "*"})
    await channel.new_consumer(recorder.callback("eth"), {"symbol": "ETH"})
    await channel.topic({"symbol": "BTC"}).send({"price": 1})
    channel.topic({"symbol": "ETH"}).send_nowait({"price": 2})
    await settle()
    assert sorted(recorder.calls, key=str) == [
        ("any", {"price": 1}),
        ("any", {"price": 2}),
        ("btc", {"price": 1}),
        ("eth", {"price": 2}),
    ]


@pytest.mark.parametrize("sender", ["topic", "producer"])
async def test_send_waits_for_room_after_everybody_else_was_served(channel, sender):
    tight, roomy = ac.Consumer(None, size=1), ac.Consumer(None)
    for consumer in (tight, roomy):
        channel.add_new_consumer(consumer, {})
    send = (channel.topic({}) if sender == "topic" else channel.get_internal_producer()).send
    await send({"n": 0})
    sending = asyncio.create_task(send({"n": 1}))
    await asyncio.sleep(0)
    assert not sending.done()
    assert roomy.queue.qsize() == 2
    assert tight.queue.get_nowait() == {"n": 0}
    await sending
    assert tight.queue.get_nowait() == {"n": 1}


def test_send_nowait_reaches_all_or_none():
    channel = ac.Channel()
    consumers = [ac.Consumer(None), ac.Consumer(None, size=1)]
    for consumer in consumers:
        channel.add_new_consumer(consumer, {})
    channel.topic({}).send_nowait({"n": 0})
    with pytest.raises(asyncio.QueueFull, match="no room left"):
        channel.topic({}).send_nowait({"n": 1})
    assert [consumer.queue.qsize() for consumer in consumers] == [1, 1]


async def test_other_queues_and_consumers_are_served_too(channel):
    class Listener:
        priority_level = 0

        def __init__(self):
            self.queue = asyncio.Queue(1)

    class CountingMailbox(type(ac.Consumer(None).queue)):
        __slots__ = ("puts",)

        def put_nowait(self, item):
            self.puts = getattr(self, "puts", 0) + 1
            super().put_nowait(item)

    plain, counting, listener = ac.Consumer(None), ac.Consumer(None), Listener()
    plain.queue, counting.queue = asyncio.Queue(), CountingMailbox()
    channel.consumers = [{channel.INSTANCE_KEY: consumer} for consumer in (plain, counting, listener)]
    channel.topic({}).send_nowait({"n": 0})
    with pytest.raises(asyncio.QueueFull):
        channel.topic({}).send_nowait({"n": 1})
    assert channel.topic({}).deliver({"n": 1}) == [listener.queue]
    assert (plain.queue.qsize(), counting.queue.puts, listener.queue.qsize()) == (2, 2, 1)
    channel.consumers.clear()


@pytest.mark.parametrize("symbol", ["BTC", ["BTC"]])
async def test_no_topic_keeps_a_removed_consumer(channel, recorder, symbol):
    consumer = await channel.new_consumer(recorder.callback(), {"symbol": symbol})
    await channel.send({}, {"symbol": symbol})
    await channel.send({})
    assert channel.get_consumer_from_filters({"symbol": symbol}) == [consumer]
    await channel.remove_consumer(consumer)
    gone = weakref.ref(consumer)
    del consumer
    gc.collect()
    assert gone() is None
