# SPDX-License-Identifier: Apache-2.0
"""Tasks are owned: stopping ends them, cancellation is never swallowed, nothing is left behind."""

import asyncio
import gc
import subprocess
import sys
import textwrap

import pytest

import async_channel as ac


async def test_stop_cancels_the_running_callback_and_waits_for_its_end(channel, settle):
    steps = []

    async def long_running():
        steps.append("started")
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            steps.append("cleaned up")

    consumer = await channel.new_consumer(long_running)
    await channel.get_internal_producer().send({})
    await settle()
    await consumer.stop()
    assert steps == ["started", "cleaned up"]
    assert consumer.consume_task.cancelled()
    assert consumer.failures == 0
    await consumer.stop()


async def test_stop_before_the_task_ever_ran(channel, recorder):
    consumer = await channel.new_consumer(recorder.callback())
    await channel.get_internal_producer().send({})
    await consumer.stop()
    assert (consumer.consume_task.done(), recorder.calls, consumer.queue.qsize()) == (True, [], 1)


async def test_a_callback_may_stop_its_own_consumer(channel, settle):
    finished = []

    async def last_one():
        await channel.remove_consumer(consumer)
        await asyncio.sleep(0)
        finished.append(True)

    consumer = await channel.new_consumer(last_one)
    for _ in range(2):
        await channel.get_internal_producer().send({})
    await settle()
    assert finished == [True]
    assert consumer.consume_task.done()
    assert not consumer.consume_task.cancelled()


async def test_callbacks_that_stop_each_other_do_not_deadlock(channel, settle):
    consumers = []

    async def stop_both():
        for consumer in consumers:
            await consumer.stop()

    consumers.extend([await channel.new_consumer(stop_both) for _ in range(2)])
    await channel.get_internal_producer().send({})
    await settle()
    assert all(consumer.consume_task.done() for consumer in consumers)


async def test_a_callback_may_stop_the_whole_channel(channel, settle):
    async def stop_all():
        await channel.stop()

    for _ in range(3):
        await channel.new_consumer(stop_all)
    await channel.get_internal_producer().send({})
    await settle()
    assert all(consumer.consume_task.done() for consumer in channel.get_consumers())


async def test_cancelling_the_consumers_task_is_not_swallowed(channel, settle):
    consumer = await channel.new_consumer(asyncio.Event().wait)
    await channel.get_internal_producer().send({})
    await settle()
    consumer.consume_task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await consumer.consume_task
    assert consumer.failures == 0


async def test_cancelling_who_stops_is_not_swallowed(channel, settle):
    release = asyncio.Event()

    async def stubborn():
        try:
            await asyncio.Event().wait()
        finally:
            await release.wait()

    consumer = await channel.new_consumer(stubborn)
    await channel.get_internal_producer().send({})
    await settle()
    stopping = asyncio.create_task(consumer.stop())
    await settle()
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    release.set()
    await settle()
    assert consumer.consume_task.cancelled()


async def test_a_task_that_had_failed_is_reported_when_stopped(channel, caplog, settle):
    class Broken(ac.Consumer):
        async def consume(self):
            raise RuntimeError("broken loop")

    class BrokenProducer(ac.Producer):
        async def start(self):
            raise RuntimeError("broken source")

    consumer = await channel.new_consumer(internal_consumer=Broken(None))
    producer = BrokenProducer(channel)
    await producer.run()
    await settle()
    await consumer.stop()
    await producer.stop()
    assert "Broken.consume had failed: RuntimeError('broken loop')" in caplog.text
    assert "BrokenProducer.start had failed: RuntimeError('broken source')" in caplog.text


async def test_stopping_a_producer_ends_its_task(channel, settle):
    class Source(ac.Producer):
        rounds = 0

        async def start(self):
            while not self.should_stop:
                self.rounds += 1
                await asyncio.sleep(0)

    producer = Source(channel)
    await producer.run()
    await settle()
    await producer.stop()
    rounds = producer.rounds
    assert rounds > 0
    await settle()
    assert (producer.rounds, producer.should_stop, producer.is_running) == (rounds, True, False)
    assert producer.produce_task.cancelled()
    await producer.run()
    await settle()
    assert (producer.rounds > rounds, producer.should_stop) == (True, False)


async def test_a_producer_may_stop_its_own_channel(channel, settle):
    class Source(ac.Producer):
        async def start(self):
            await self.channel.stop()
            self.ended = True

    producer = Source(channel)
    await producer.run()
    await settle()
    assert producer.ended
    assert not producer.produce_task.cancelled()


async def test_channel_stop_ends_every_task(channel_class, recorder, settle):
    class Source(ac.Producer):
        async def start(self):
            await asyncio.Event().wait()

    before = asyncio.all_tasks()
    channel = channel_class()
    for _ in range(10):
        await channel.new_consumer(recorder.callback())
    await Source(channel).run()
    channel.PRODUCER_CLASS = Source
    channel.get_internal_producer().create_task()
    await settle()
    assert len(asyncio.all_tasks() - before) == 12
    await channel.stop()
    assert asyncio.all_tasks() == before


def test_a_program_that_just_ends_leaves_no_warning():
    program = """
        import asyncio, async_channel as ac

        class TickerChannel(ac.Channel):
            PRODUCER_CLASS = ac.Producer

        async def main():
            channel = await ac.create_channel_instance(TickerChannel, ac.set_chan)
            for _ in range(3):
                await channel.new_consumer(asyncio.Event().wait)
            await channel.get_internal_producer().send({})
            await asyncio.sleep(0)

        asyncio.run(main(), debug=True)
    """
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(program)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_forgotten_channels_are_collected(channel_class, recorder):
    def count():
        gc.collect()
        return sum(isinstance(tracked, ac.Channel | ac.Consumer | ac.Topic) for tracked in gc.get_objects())

    before = count()
    channel = channel_class()
    await channel.new_consumer(recorder.callback())
    await channel.topic({}).send({})
    await channel.stop()
    channel = None
    assert count() == before
