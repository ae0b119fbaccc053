# SPDX-License-Identifier: Apache-2.0
"""Several event loops in several threads: nothing is shared, and messages cross by send_threadsafe() only."""

import asyncio
import threading

import pytest

import async_channel as ac
from async_channel.errors import WrongLoopError
from async_channel.live import engine_of

try:
    import uvloop
except ModuleNotFoundError:
    uvloop = None

# A thread that ends later than this hangs.
PATIENCE = 60


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


class Performing(ac.Consumer):
    async def perform(self, kwargs):
        await super().perform(kwargs)


class Looping(ac.Consumer):
    async def consume(self):
        await super().consume()


@pytest.fixture(params=["asyncio", "uvloop"])
def new_loop(request):
    if request.param == "asyncio":
        return asyncio.new_event_loop
    if uvloop is None:
        pytest.skip("uvloop is not installed")
    return uvloop.new_event_loop


def run(new_loop, work):
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


def run_in_threads(*functions):
    """Runs each in a thread of its own, at the same time; what one raised is raised here."""
    errors = []

    def run_one(function):
        try:
            function()
        except BaseException as error:  # noqa: BLE001 raised again below
            errors.append(error)

    threads = [threading.Thread(target=run_one, args=(function,), daemon=True) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


async def work_with_names_of_others(name, seen, instances, barrier):
    """What each thread does: channels of the same names, messages that must stay in this thread."""

    async def callback(sender, number):
        if number % 7 == 0:
            await asyncio.sleep(0)
        seen.append((sender, number, threading.current_thread()))

    channel = await ac.create_channel_instance(TickerChannel, ac.set_chan)
    account = TickerChannel()
    account.chan_id = "account"
    ac.set_chan_at_id(account)
    consumer = await channel.new_consumer(callback, size=64)
    looping = await account.new_consumer(internal_consumer=Looping(callback))
    messages = account.subscribe()
    instances.append((ac.ChannelInstances.instance(), engine_of(asyncio.get_running_loop())))
    # From here on all threads send at the same time.
    barrier.wait(PATIENCE)
    for number in range(1000):
        assert ac.get_chan("Ticker") is channel
        assert ac.get_chan_at_id("Ticker", "account") is account
        await ac.get_chan("Ticker").get_internal_producer().send({"sender": name, "number": number})
        await ac.get_chan_at_id("Ticker", "account").send({"sender": name, "number": number})
    await consumer.queue.join()
    await looping.queue.join()
    assert [messages.receive_nowait()["number"] for _ in range(1000)] == list(range(1000))
    await channel.close()
    await account.close()


def test_loops_with_the_same_names_share_nothing(new_loop):
    count = 4
    barrier = threading.Barrier(count)
    seen, instances = [[] for _ in range(count)], []

    def work(name):
        run(new_loop, work_with_names_of_others(name, seen[name], instances, barrier))
        threads = {thread for _, _, thread in seen[name]}
        assert threads == {threading.current_thread()}

    run_in_threads(*(lambda name=name: work(name) for name in range(count)))
    for name in range(count):
        # Once by each of the two consumers.
        assert sorted(number for _, number, _ in seen[name]) == sorted([*range(1000), *range(1000)])
        assert {sender for sender, _, _ in seen[name]} == {name}
    assert len({id(registry) for registry, _ in instances}) == len({id(engine) for _, engine in instances}) == count
    assert ac.ChannelInstances.instance().channels == {}


def test_four_threads_send_to_one_loop(new_loop):
    count, sends = 4, 500
    received, looped = [], []

    async def main():
        async def callback(sender, number):
            if number % 100 == 0:
                await asyncio.sleep(0)
            assert threading.current_thread() is threading.main_thread()
            received.append((sender, number))

        async def looping_callback(sender, number):
            looped.append((sender, number))

        channel = TickerChannel()
        everybody = {"sender": ac.CHANNEL_WILDCARD}
        consumer = await channel.new_consumer(callback, everybody, size=3)
        await channel.new_consumer(internal_consumer=Looping(looping_callback), consumer_filters=everybody)
        messages = channel.subscribe({"sender": 2})

        def send(name):
            for number in range(sends):
                message = {"sender": name, "number": number}
                assert channel.send_threadsafe(message, {"sender": name}).result(PATIENCE) is None

        await asyncio.to_thread(run_in_threads, *(lambda name=name: send(name) for name in range(count)))
        await consumer.queue.join()
        assert consumer.queue.high_water <= 3
        assert [messages.receive_nowait()["number"] for _ in range(sends)] == list(range(sends))
        await channel.close()

    run(new_loop, main())
    for seen in (received, looped):
        assert len(seen) == count * sends
        for name in range(count):
            assert [number for sender, number in seen if sender == name] == list(range(sends))


@pytest.mark.parametrize("waits", [False, True])
def test_nothing_is_lost_when_threads_do_not_wait(new_loop, waits):
    received = []

    async def main():
        async def callback(number):
            if waits:
                await asyncio.sleep(0)
            received.append(number)

        channel = TickerChannel()
        consumer = await channel.new_consumer(callback, size=10)
        await asyncio.sleep(0)

        def send(name):
            futures = [channel.send_threadsafe({"number": (name, number)}) for number in range(300)]
            for future in futures:
                future.result(PATIENCE)

        await asyncio.to_thread(run_in_threads, *(lambda name=name: send(name) for name in range(4)))
        await consumer.queue.join()
        assert consumer.queue.high_water <= 10
        await channel.close()

    run(new_loop, main())
    assert sorted(received) == [(name, number) for name in range(4) for number in range(300)]


def test_what_the_loop_raises_reaches_the_thread(new_loop):
    async def main():
        channel = TickerChannel()
        channel.add_new_consumer(ac.Consumer(None, 1, overflow=ac.Overflow.ERROR), {})
        futures = []

        def send():
            futures.extend(channel.send_threadsafe({}) for _ in range(3))
            for future in futures:
                future.exception(PATIENCE)

        await asyncio.to_thread(send)
        await channel.close()
        closed = channel.send_threadsafe({})
        with pytest.raises(ac.errors.ChannelClosedError):
            await asyncio.wrap_future(closed)
        return channel, [type(future.exception()) for future in futures]

    channel, errors = run(new_loop, main())
    # One waits, two find no room.
    assert errors == [type(None), ac.errors.QueueOverflowError, ac.errors.QueueOverflowError]
    with pytest.raises(WrongLoopError, match="no running event loop"):
        channel.send_threadsafe({})


async def add_plain(channel):
    return await channel.new_consumer(asyncio.Event().wait)


async def add_performing(channel):
    return await channel.new_consumer(internal_consumer=Performing(asyncio.Event().wait))


async def add_looping(channel):
    return await channel.new_consumer(internal_consumer=Looping(asyncio.Event().wait))


async def subscribe(channel):
    return channel.subscribe()


@pytest.mark.parametrize("add", [add_plain, add_performing, add_looping, subscribe])
@pytest.mark.parametrize("is_running", [False, True])
@pytest.mark.parametrize("has_loop", [False, True])
def test_a_send_from_the_wrong_thread_reaches_nobody(new_loop, add, is_running, has_loop):
    async def main():
        channel = TickerChannel()
        consumers = [await add(channel), await add_plain(channel)]
        topic, producer = channel.topic({}), channel.get_internal_producer()
        if is_running:
            await asyncio.sleep(0)

        async def send():
            for send in (channel.send, topic.send, producer.send):
                with pytest.raises(WrongLoopError, match="send_threadsafe"):
                    await send({})
            for send in (channel.send_nowait, topic.send_nowait):
                with pytest.raises(WrongLoopError, match="send_threadsafe"):
                    send({})

        def send_nowait():
            with pytest.raises(WrongLoopError):
                channel.send_nowait({})

        await asyncio.to_thread(run_in_threads, (lambda: run(new_loop, send())) if has_loop else send_nowait)
        assert [consumer.queue.high_water for consumer in consumers] == [0, 0]
        await channel.send({})
        assert [consumer.queue.high_water for consumer in consumers] == [1, 1]
        await channel.close()

    run(new_loop, main())


def test_a_channel_may_change_threads_with_its_loop(new_loop):
    received = []

    async def callback(number):
        received.append(number)

    async def first(channel):
        await channel.new_consumer(callback)

    async def second(channel):
        # Its loop is closed: nobody else's thread is meant, and what waits is delivered when it runs here.
        await channel.send({"number": 1})
        await channel.run()
        await channel.send({"number": 2})
        await channel.get_consumers()[0].queue.join()
        await channel.close()

    channel = TickerChannel()
    run_in_threads(lambda: run(new_loop, first(channel)))
    run(new_loop, second(channel))
    assert received == [1, 2]
