# SPDX-License-Identifier: Apache-2.0
import asyncio
import contextvars
from unittest import mock

import pytest

import async_channel as ac
from async_channel.errors import DispatcherError

HIGH, MEDIUM, OPTIONAL = (level.value for level in ac.ChannelConsumerPriorityLevels)


@pytest.fixture
async def other(channel_class, dispatcher):
    """A second channel of the same dispatcher."""
    return await ac.create_channel_instance(channel_class, ac.set_chan, channel_name="Other", dispatcher=dispatcher)


async def test_nothing_is_delivered_before_it_is_asked_for(synchronized, dispatcher, recorder, settle):
    await synchronized.new_consumer(recorder.callback())
    await synchronized.get_internal_producer().send({"n": 1})
    await settle()
    assert (recorder.calls, dispatcher.pending) == ([], 1)
    assert await dispatcher.run_until_idle() == 1
    assert (recorder.messages, dispatcher.pending, dispatcher.delivered) == ([{"n": 1}], 0, 1)
    assert await dispatcher.run_until_idle() == 0


async def test_priority_then_registration_then_arrival(synchronized, other, dispatcher, recorder):
    for name, channel, level in (
        ("medium", synchronized, MEDIUM),
        ("high 1", other, HIGH),
        ("optional", synchronized, OPTIONAL),
        ("high 2", synchronized, HIGH),
    ):
        await channel.new_consumer(recorder.callback(name), priority_level=level)
    for number in range(2):
        for channel in (synchronized, other):
            await channel.get_internal_producer().send({"number": number})
    assert await dispatcher.run_until_idle() == 8
    assert [(name, message["number"]) for name, message in recorder.calls] == [
        ("high 1", 0),
        ("high 1", 1),
        ("high 2", 0),
        ("high 2", 1),
        ("medium", 0),
        ("medium", 1),
        ("optional", 0),
        ("optional", 1),
    ]


async def test_what_callbacks_send_is_delivered_in_its_place(synchronized, other, dispatcher, recorder):
    note = recorder.callback("low")

    async def low(number):
        await note(number=number)
        if number < 2:
            await other.get_internal_producer().send({"number": number + 1})

    async def high(number):
        await recorder.callback("high")(number=number)
        await synchronized.get_internal_producer().send({"number": number})

    await synchronized.new_consumer(low, priority_level=MEDIUM)
    await other.new_consumer(high)
    for _ in range(2):
        await synchronized.get_internal_producer().send({"number": 1})
    assert await dispatcher.run_until_idle() == 6
    assert recorder.names == ["low", "high", "low", "high", "low", "low"]


async def test_callbacks_may_add_and_remove_consumers(synchronized, dispatcher, recorder):
    async def first():
        await recorder.callback("first")()
        await synchronized.remove_consumer(second)
        await synchronized.new_consumer(recorder.callback("third"))
        await synchronized.remove_consumer(consumer)
        await synchronized.get_internal_producer().send({})

    consumer = await synchronized.new_consumer(first)
    second = await synchronized.new_consumer(recorder.callback("second"))
    await synchronized.get_internal_producer().send({})
    assert await dispatcher.run_until_idle() == 2
    assert recorder.names == ["first", "third"]
    assert (dispatcher.pending, second.queue.qsize()) == (0, 1)


async def test_a_failure_is_logged_and_counted_and_delivery_goes_on(synchronized, dispatcher, recorder, caplog):
    async def at_once(n):
        raise ValueError("at once")

    async def later(n):
        await asyncio.sleep(0)
        raise ValueError("later")

    async def wrong_arguments(m):
        raise AssertionError

    failing = [await synchronized.new_consumer(callback) for callback in (at_once, later, wrong_arguments, print, None)]
    await synchronized.new_consumer(recorder.callback())
    await synchronized.get_internal_producer().send({"n": 1})
    assert await dispatcher.run_until_idle() == 6
    assert [consumer.failures for consumer in failing] == [1] * 5
    assert [consumer.queue.unfinished for consumer in failing] == [0] * 5
    assert recorder.messages == [{"n": 1}]
    for text in ("at once", "later", "unexpected keyword argument"):
        assert text in caplog.text


async def test_callbacks_may_wait(synchronized, dispatcher, recorder):
    gate = asyncio.Event()

    async def waiting(n):
        task = asyncio.current_task()
        await gate.wait()
        await asyncio.sleep(0)
        with pytest.raises(KeyError):
            await asyncio.create_task(failing())
        assert asyncio.current_task() is task
        await recorder.callback("waiting")(n=n)

    async def failing():
        raise KeyError

    consumer = await synchronized.new_consumer(waiting)
    await synchronized.new_consumer(recorder.callback("next"))
    for n in range(2):
        await synchronized.get_internal_producer().send({"n": n})
    running = asyncio.create_task(dispatcher.run_until_idle())
    await asyncio.sleep(0)
    assert (dispatcher.running, dispatcher.message, recorder.calls) == (consumer, {"n": 0}, [])
    gate.set()
    assert await running == 4
    assert recorder.names == ["waiting", "waiting", "next", "next"]
    assert (dispatcher.running, dispatcher.message, consumer.failures) == (None, None, 0)


@pytest.mark.parametrize("awaitable", ["future", "task", "object", "generator"])
async def test_callbacks_may_return_any_awaitable(synchronized, dispatcher, awaitable):
    class Awaitable:
        def __await__(self):
            yield from asyncio.sleep(0).__await__()

    def callback():
        if awaitable == "future":
            future = asyncio.get_running_loop().create_future()
            future.set_result(None)
            return future
        if awaitable == "task":
            return asyncio.create_task(asyncio.sleep(0))
        return Awaitable() if awaitable == "object" else mock.AsyncMock()()

    consumer = await synchronized.new_consumer(callback)
    await synchronized.get_internal_producer().send({})
    assert await dispatcher.run_until_idle() == 1
    assert consumer.failures == 0


@pytest.mark.parametrize("suspended", [False, True])
async def test_cancellation_propagates_and_the_rest_stays_pending(synchronized, dispatcher, recorder, suspended):
    async def cancelled():
        if suspended:
            await asyncio.Event().wait()
        raise asyncio.CancelledError

    consumer = await synchronized.new_consumer(cancelled)
    await synchronized.new_consumer(recorder.callback())
    await synchronized.get_internal_producer().send({})
    running = asyncio.create_task(dispatcher.run_until_idle())
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (consumer.failures, consumer.queue.unfinished, dispatcher.running) == (0, 0, None)
    assert (dispatcher.pending, recorder.calls) == (1, [])
    assert await dispatcher.run_until_idle() == 1


async def test_a_callback_may_handle_cancellation_and_time_out(synchronized, dispatcher, recorder):
    async def patient():
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            await recorder.callback("timed out")()

    await synchronized.new_consumer(patient)
    await synchronized.get_internal_producer().send({})
    assert await dispatcher.run_until_idle() == 1
    assert recorder.names == ["timed out"]


async def test_closing_a_delivery_closes_the_callback(synchronized, dispatcher):
    closed = []

    async def suspended():
        try:
            await asyncio.Event().wait()
        finally:
            closed.append(True)

    await synchronized.new_consumer(suspended)
    await synchronized.get_internal_producer().send({})
    delivery = dispatcher.run_until_idle()
    delivery.send(None)
    delivery.close()
    assert closed == [True]
    assert await dispatcher.run_until_idle() == 0


async def test_callbacks_run_in_the_callers_context(synchronized, dispatcher):
    variable = contextvars.ContextVar("variable", default=0)

    async def callback():
        assert asyncio.current_task() is caller
        variable.set(variable.get() + 1)

    caller = asyncio.current_task()
    consumer = await synchronized.new_consumer(callback)
    await synchronized.get_internal_producer().send({})
    await dispatcher.run_until_idle()
    assert (variable.get(), consumer.failures) == (1, 0)


async def test_running_twice_at_a_time_is_refused(synchronized, dispatcher, recorder):
    errors = []

    async def again():
        try:
            await dispatcher.run_until_idle()
        except DispatcherError as error:
            errors.append(error)

    await synchronized.new_consumer(again)
    await synchronized.new_consumer(recorder.callback())
    await synchronized.get_internal_producer().send({})
    assert await dispatcher.run_until_idle() == 2
    assert (len(errors), len(recorder.calls)) == (1, 1)


async def test_sending_never_waits_however_small_the_queue(synchronized, dispatcher, recorder):
    consumer = await synchronized.new_consumer(recorder.callback(), size=1)
    for send in (synchronized.get_internal_producer().send, synchronized.topic({}).send):
        for _ in range(2):
            with pytest.raises(StopIteration):
                send({}).send(None)
    synchronized.topic({}).send_nowait({})
    assert (consumer.queue.full(), dispatcher.pending) == (True, 5)
    with pytest.raises(asyncio.QueueFull):
        consumer.queue.put_nowait({})
    assert await dispatcher.run_until_idle() == 5


async def test_messages_put_or_taken_directly_count(synchronized, dispatcher, recorder):
    consumer = await synchronized.new_consumer(recorder.callback())
    for n in range(3):
        consumer.queue.put_nowait({"n": n})
    assert (consumer.queue.get_nowait(), dispatcher.pending) == ({"n": 0}, 2)
    await synchronized.get_internal_producer().synchronized_perform_consumers_queue(HIGH, False, None)
    assert (recorder.messages, dispatcher.pending) == ([{"n": 1}, {"n": 2}], 0)
    assert await dispatcher.run_until_idle() == 0


async def test_overridden_and_patched_methods_are_called(synchronized, dispatcher, recorder):
    class Own(ac.SupervisedConsumer):
        async def perform(self, kwargs):
            await super().perform({"seen": kwargs})

    own = await synchronized.new_consumer(internal_consumer=Own(recorder.callback("own")))
    patched = await synchronized.new_consumer(None)
    patched.perform = mock.AsyncMock()
    patched.consume_ends = mock.AsyncMock()
    await synchronized.get_internal_producer().send({"n": 1})
    assert await dispatcher.run_until_idle() == 2
    assert recorder.messages == [{"seen": {"n": 1}}]
    assert (own.queue.unfinished, own.idle.is_set()) == (0, True)
    patched.perform.assert_awaited_once_with({"n": 1})
    patched.consume_ends.assert_awaited_once_with()


async def test_messages_that_are_no_dict_go_through_perform(synchronized, dispatcher, recorder):
    class Listing(ac.Consumer):
        async def perform(self, kwargs):
            await self.callback(items=kwargs)

    await synchronized.new_consumer(internal_consumer=Listing(recorder.callback()))
    plain = await synchronized.new_consumer(recorder.callback())
    await synchronized.get_internal_producer().send([1, 2])
    await dispatcher.run_until_idle()
    assert recorder.messages == [{"items": [1, 2]}]
    assert plain.failures == 1


async def test_what_a_stopped_consumer_still_had_is_dropped(synchronized, dispatcher, recorder):
    consumer = await synchronized.new_consumer(recorder.callback())
    await synchronized.get_internal_producer().send({})
    await consumer.stop()
    assert await dispatcher.run_until_idle() == 0
    assert (dispatcher.pending, consumer.queue.unfinished, recorder.calls) == (0, 0, [])
    await synchronized.get_internal_producer().send({})
    await consumer.start()
    assert await dispatcher.run_until_idle() == 1


async def test_joining_the_queue_ends_when_all_is_delivered(synchronized, dispatcher, recorder):
    await synchronized.new_consumer(internal_consumer=ac.SupervisedConsumer(recorder.callback()))
    producer = synchronized.get_internal_producer()
    await producer.send({})
    waiting = asyncio.create_task(producer.wait_for_processing())
    await asyncio.sleep(0)
    await dispatcher.run_until_idle()
    await waiting


async def test_a_replaced_queue_must_be_a_mailbox(synchronized, dispatcher, recorder):
    consumer, other = ac.Consumer(recorder.callback()), ac.Consumer(None)
    await synchronized.new_consumer(internal_consumer=consumer)
    await synchronized.get_internal_producer().send({"n": "lost with its queue"})
    with pytest.raises(TypeError, match="must be a Mailbox"):
        consumer.queue = asyncio.Queue()
    with pytest.raises(ValueError, match="belongs to another"):
        consumer.queue = other.queue
    filled = type(consumer.queue)()
    filled.put_nowait({"n": "kept"})
    consumer.queue = filled
    assert dispatcher.pending == 1
    await dispatcher.run_until_idle()
    assert recorder.messages == [{"n": "kept"}]

    refilled = type(consumer.queue)()
    refilled.put_nowait({"n": "of an idle consumer"})
    consumer.queue = refilled
    assert await dispatcher.run_until_idle() == 1

    foreign = ac.Consumer(None)
    foreign.queue = asyncio.Queue()
    with pytest.raises(TypeError, match="must be a Mailbox"):
        await synchronized.new_consumer(internal_consumer=foreign)


async def test_what_a_consumer_had_before_it_was_added_is_delivered(synchronized, dispatcher, recorder):
    consumer = ac.Consumer(recorder.callback())
    consumer.queue.put_nowait({})
    await synchronized.new_consumer(internal_consumer=consumer)
    dispatcher.attach(consumer)
    dispatcher.detach(ac.Consumer(None))
    assert (dispatcher.pending, await dispatcher.run_until_idle(), len(recorder.calls)) == (1, 1, 1)


async def test_a_consumer_has_one_dispatcher(synchronized, dispatcher, channel_class, recorder):
    consumer = await synchronized.new_consumer(recorder.callback())
    elsewhere = channel_class()
    elsewhere.dispatcher = ac.SynchronizedDispatcher()
    with pytest.raises(RuntimeError, match="another dispatcher"):
        elsewhere.add_new_consumer(consumer, {})


async def test_the_dispatcher_comes_before_the_consumers(channel_class, dispatcher, recorder):
    channel = channel_class()
    channel.dispatcher = None
    assert not channel.is_synchronized
    channel.dispatcher = dispatcher
    channel.dispatcher = dispatcher
    assert channel.is_synchronized
    await channel.new_consumer(recorder.callback())
    with pytest.raises(DispatcherError, match="before its consumers"):
        channel.dispatcher = ac.SynchronizedDispatcher()


async def test_a_changed_priority_counts_from_the_next_burst_on(synchronized, dispatcher, recorder):
    first = await synchronized.new_consumer(recorder.callback("first"))
    await synchronized.new_consumer(recorder.callback("second"))
    first.priority_level = OPTIONAL
    await synchronized.get_internal_producer().send({})
    await dispatcher.run_until_idle()
    assert recorder.names == ["second", "first"]


async def test_the_order_holds_with_thousands_of_consumers(synchronized, dispatcher, recorder):
    async def note(name):
        recorder.calls.append((name, {}))

    consumers = [
        await synchronized.new_consumer(note, {"even": number % 2 == 0}, priority_level=number * 7 % 5)
        for number in range(3000)
    ]
    expected = sorted(range(3000), key=lambda number: (number * 7 % 5, number))
    for order in (range(3000), range(2999, -1, -1), [number * 1009 % 3000 for number in range(3000)]):
        recorder.calls.clear()
        for number in order:
            consumers[number].queue.put_nowait({"name": number})
        assert await dispatcher.run_until_idle() == 3000
        assert recorder.names == expected
