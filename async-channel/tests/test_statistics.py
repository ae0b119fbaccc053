# SPDX-License-Identifier: Apache-2.0
import asyncio
import time

import pytest

import async_channel as ac
from async_channel.statistics import CallbackTimes


async def test_what_consumers_have_and_had(channel, settle):
    async def fail(price):
        raise ValueError

    async def ignore(price):
        pass

    await channel.new_consumer(ignore, {"symbol": "BTC"}, priority_level=1)
    await channel.new_consumer(fail)
    waiting = ac.Consumer(None, 2, 2, overflow=ac.Overflow.DROP_OLDEST)
    channel.add_new_consumer(waiting, {"symbol": ["BTC", "ETH"]})
    before = time.time()
    for price in range(5):
        await channel.send({"price": price})
    await settle()
    statistics = channel.statistics()
    assert (statistics.channel, statistics.is_paused, statistics.producers) == ("Ticker", False, 0)
    ignoring, failing, dropping = statistics.consumers
    assert [consumer.filters for consumer in statistics.consumers] == [
        {"symbol": "BTC"},
        {},
        {"symbol": ["BTC", "ETH"]},
    ]
    assert (ignoring.delivered, ignoring.failed, ignoring.depth, ignoring.high_water) == (5, 0, 0, 5)
    assert (ignoring.priority_level, ignoring.size) == (1, 0)
    assert "ignore" in ignoring.consumer
    assert (failing.delivered, failing.failed) == (5, 5)
    assert (dropping.depth, dropping.high_water, dropping.dropped, dropping.size) == (2, 2, 3, 2)
    assert (dropping.delivered, dropping.last_delivery_time) == (0, None)
    assert before - 0.001 <= ignoring.last_delivery_time <= time.time()
    totals = (statistics.depth, statistics.delivered, statistics.failed, statistics.dropped)
    assert totals == (2, 10, 5, 3)


class Performing(ac.Consumer):
    async def perform(self, kwargs):
        await super().perform(kwargs)


class Looping(ac.Consumer):
    async def consume(self):
        await super().consume()


@pytest.mark.parametrize("kind", [ac.Consumer, ac.SupervisedConsumer, Performing, Looping])
@pytest.mark.parametrize("waits", [False, True])
async def test_every_message_counts_once_however_it_is_delivered(channel, settle, kind, waits):
    async def callback():
        if waits:
            await asyncio.sleep(0)

    consumer = await channel.new_consumer(internal_consumer=kind(callback))
    for _ in range(3):
        for _ in range(33):
            channel.send_nowait({})
        while consumer.queue.unfinished:
            await settle()
    (statistics,) = channel.statistics().consumers
    assert (statistics.delivered, statistics.depth) == (99, 0)
    # The first, and each 16th after it.
    assert statistics.callback_times.timed == 7


async def test_synchronized_deliveries_count_as_well(synchronized, dispatcher):
    async def callback():
        await asyncio.sleep(0)

    await synchronized.new_consumer(callback)
    for _ in range(20):
        await synchronized.send({})
    await dispatcher.run_until_idle()
    (statistics,) = synchronized.statistics().consumers
    assert (statistics.delivered, statistics.callback_times.timed) == (20, 2)
    assert abs(statistics.last_delivery_time - time.time()) < 60


async def test_times_tell_slow_callbacks_from_fast_ones(channel, settle):
    async def slow():
        end = time.perf_counter() + 0.003
        while time.perf_counter() < end:
            pass

    async def fast():
        pass

    for callback in (slow, fast):
        await channel.new_consumer(callback)
    await channel.send({})
    await settle()
    times = [consumer.callback_times for consumer in channel.statistics().consumers]
    assert times[0].quantile(1) >= 0.003
    assert times[1].quantile(0.5) < 0.003


def test_quantiles_come_from_the_counts():
    times = CallbackTimes((0, 90, 0, 9, 0, 1))
    assert times.timed == 100
    assert [times.quantile(fraction) for fraction in (0, 0.5, 0.9, 0.99, 1)] == [2e-6, 2e-6, 2e-6, 8e-6, 32e-6]
    assert CallbackTimes((0, 0)).quantile(0.5) is None
    for wrong in (-0.1, 50):
        with pytest.raises(ValueError, match="between 0 and 1"):
            times.quantile(wrong)


async def test_a_queue_of_another_kind_is_counted_as_far_as_it_can_be(channel, recorder, settle):
    consumer = ac.Consumer(recorder.callback())
    consumer.queue = asyncio.Queue(5)
    await channel.new_consumer(internal_consumer=consumer)
    for _ in range(3):
        await channel.send({})
    await settle()
    (statistics,) = channel.statistics().consumers
    assert (statistics.delivered, statistics.size, statistics.high_water, statistics.dropped) == (3, 5, 0, 0)
