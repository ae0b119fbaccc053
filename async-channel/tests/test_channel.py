# SPDX-License-Identifier: Apache-2.0
import asyncio
import gc
import weakref

import pytest

import async_channel as ac

HIGH, MEDIUM, OPTIONAL = (level.value for level in ac.ChannelConsumerPriorityLevels)


class RecordingProducer(ac.Producer):
    def __init__(self, channel, **options):
        super().__init__(channel)
        self.options = options
        self.calls = []

    async def pause(self):
        await super().pause()
        self.calls.append("pause")

    async def resume(self):
        await super().resume()
        self.calls.append("resume")

    async def modify(self, **kwargs):
        self.calls.append(kwargs)


async def test_new_consumer_is_added_and_runs(channel, recorder):
    consumer = await channel.new_consumer(
        recorder.callback(), {"symbol": "BTC"}, size=5, priority_level=ac.ChannelConsumerPriorityLevels.MEDIUM.value
    )
    assert channel.consumers == [{"symbol": "BTC", "consumer_instance": consumer}]
    assert channel.get_consumers() == [consumer]
    assert (consumer.queue.maxsize, consumer.priority_level, consumer.should_stop) == (5, 1, False)
    assert not consumer.consume_task.done()


async def test_new_consumer_takes_an_internal_one(channel):
    class Counter(ac.InternalConsumer):
        seen = 0

        async def internal_callback(self, amount):
            self.seen += amount

    counter = Counter()
    assert await channel.new_consumer(internal_consumer=counter) is counter
    await channel.get_internal_producer().send({"amount": 3})
    await asyncio.sleep(0)
    assert counter.seen == 3


async def test_new_consumer_uses_the_channels_class_and_an_override_of_add(recorder):
    class PickyChannel(ac.Channel):
        CONSUMER_CLASS = ac.SupervisedConsumer

        def add_new_consumer(self, consumer, consumer_filters):
            super().add_new_consumer(consumer, {**consumer_filters, "picked": True})

    channel = PickyChannel()
    consumer = await channel.new_consumer(recorder.callback())
    assert isinstance(consumer, ac.SupervisedConsumer)
    assert channel.get_consumer_from_filters({"picked": True}) == [consumer]
    await channel.stop()


async def test_prioritized_consumers_are_those_at_most_that_level(channel, recorder):
    by_level = {
        level: await channel.new_consumer(recorder.callback(), priority_level=level)
        for level in (OPTIONAL, HIGH, MEDIUM)
    }
    assert channel.get_prioritized_consumers(HIGH) == [by_level[HIGH]]
    assert channel.get_prioritized_consumers(MEDIUM) == [by_level[HIGH], by_level[MEDIUM]]
    assert channel.get_prioritized_consumers(ac.ChannelConsumerPriorityLevels.OPTIONAL) == list(by_level.values())


async def test_removed_consumers_get_nothing(channel, recorder, settle):
    keep = await channel.new_consumer(recorder.callback("keep"))
    leave = await channel.new_consumer(recorder.callback("leave"))
    topic = channel.topic({})
    await channel.remove_consumer(leave)
    await channel.remove_consumer(leave)
    await channel.get_internal_producer().send({})
    await topic.send({})
    await settle()
    assert recorder.names == ["keep", "keep"]
    assert channel.get_consumers() == [keep]
    assert leave.consume_task.done()


class TestPausing:
    async def test_follows_consumers_that_matter(self, channel, recorder):
        producer = RecordingProducer(channel)
        await channel.register_producer(producer)
        assert (channel.is_paused, producer.calls) == (True, ["pause"])
        optional = await channel.new_consumer(recorder.callback(), priority_level=OPTIONAL)
        assert (channel.is_paused, producer.calls) == (True, ["pause"])
        first = await channel.new_consumer(recorder.callback())
        second = await channel.new_consumer(recorder.callback(), priority_level=MEDIUM)
        assert (channel.is_paused, producer.is_running, producer.calls) == (False, True, ["pause", "resume"])
        await channel.remove_consumer(first)
        assert not channel.is_paused
        await channel.remove_consumer(second)
        assert (channel.is_paused, producer.is_running) == (True, False)
        assert producer.calls == ["pause", "resume", "pause"]
        await channel.remove_consumer(optional)
        assert producer.calls == ["pause", "resume", "pause"]

    async def test_a_producer_registered_while_running_is_left_alone(self, channel, recorder):
        await channel.new_consumer(recorder.callback())
        producer = RecordingProducer(channel)
        await producer.run()
        assert (producer.calls, producer.is_running) == ([], True)

    async def test_a_producer_run_while_paused_does_not_count_as_running(self, channel):
        producer = RecordingProducer(channel)
        await producer.run()
        assert (producer.calls, producer.is_running) == (["pause"], False)

    async def test_a_synchronized_channel_pauses_as_well(self, synchronized, recorder):
        producer = RecordingProducer(synchronized)
        await producer.run()
        consumer = await synchronized.new_consumer(recorder.callback())
        await synchronized.remove_consumer(consumer)
        assert producer.calls == ["pause", "resume", "pause"]


class TestProducers:
    async def test_are_registered_once_and_unregistered(self, channel):
        producer = ac.Producer(channel)
        for _ in range(2):
            await channel.register_producer(producer)
        assert list(channel.get_producers()) == channel.producers == [producer]
        for _ in range(2):
            channel.unregister_producer(producer)
        assert channel.producers == []

    async def test_modify_reaches_them(self, channel):
        producer = RecordingProducer(channel)
        await producer.run()
        await channel.modify(pairs=["BTC/USDT"])
        assert producer.calls[-1] == {"pairs": ["BTC/USDT"]}

    def test_the_internal_one_is_made_once(self):
        class OwnChannel(ac.Channel):
            PRODUCER_CLASS = RecordingProducer

        channel = OwnChannel()
        producer = channel.get_internal_producer(speed=2)
        assert producer.options == {"speed": 2}
        assert channel.get_internal_producer(speed=3) is producer is channel.internal_producer
        assert channel.producers == []

    def test_without_a_producer_class_there_is_none(self):
        with pytest.raises(TypeError, match="Channel has no PRODUCER_CLASS"):
            ac.Channel().get_internal_producer()

    async def test_flush_drops_their_reference_to_the_channel(self, channel_class):
        channel = channel_class()
        producer = ac.Producer(channel)
        await channel.register_producer(producer)
        internal = channel.get_internal_producer()
        channel.flush()
        assert producer.channel is internal.channel is None
        gone = weakref.ref(channel)
        del channel
        gc.collect()
        assert gone() is None


class TestStarting:
    async def test_start_stop_and_run_reach_the_consumers(self, channel, recorder, settle):
        consumer = await channel.new_consumer(recorder.callback())
        await channel.stop()
        assert consumer.should_stop
        await channel.get_internal_producer().send({"kept": True})
        await channel.start()
        assert not consumer.should_stop
        assert consumer.consume_task.done()
        await channel.run()
        await settle()
        assert recorder.messages == [{"kept": True}]

    async def test_running_twice_makes_no_second_task(self, channel, recorder):
        consumer = await channel.new_consumer(recorder.callback())
        task = consumer.consume_task
        await channel.run()
        assert consumer.consume_task is task

    async def test_a_synchronized_channel_makes_no_task(self, synchronized, recorder):
        before = asyncio.all_tasks()
        consumer = await synchronized.new_consumer(recorder.callback())
        await ac.Producer(synchronized).run()
        await synchronized.run()
        assert consumer.consume_task is None
        assert asyncio.all_tasks() == before
        await synchronized.stop()


async def test_methods_patched_on_the_instance_are_used(channel, recorder, monkeypatch, settle):
    called = await channel.new_consumer(recorder.callback("called"))
    await channel.new_consumer(recorder.callback("left out"))
    monkeypatch.setattr(channel, "get_consumers", lambda: [called])
    await channel.get_internal_producer().send({})
    monkeypatch.undo()
    await channel.get_internal_producer().send({})
    await settle()
    assert sorted(recorder.names) == ["called", "called", "left out"]


async def test_overridden_choices_are_used(recorder, dispatcher):
    class EvenChannel(ac.Channel):
        PRODUCER_CLASS = ac.Producer

        def get_consumers(self):
            return super().get_consumers()[::2]

        def get_consumer_from_filters(self, consumer_filters):
            return super().get_consumer_from_filters(consumer_filters)[1::2]

    channel = EvenChannel()
    channel.dispatcher = dispatcher
    for name in "abcd":
        await channel.new_consumer(recorder.callback(name))
    await channel.get_internal_producer().send({})
    await dispatcher.run_until_idle()
    assert recorder.names == ["a", "c"]
    await channel.topic({}).send({})
    await dispatcher.run_until_idle()
    assert recorder.names == ["a", "c", "b", "d"]
