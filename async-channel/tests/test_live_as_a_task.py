# SPDX-License-Identifier: Apache-2.0
"""Inside a callback asyncio behaves as in a plain task, whether the engine or the task drives it."""

import asyncio
import contextvars
import logging
import traceback

import pytest

import async_channel as ac

try:
    import uvloop
except ModuleNotFoundError:
    uvloop = None

VARIABLE = contextvars.ContextVar("variable", default="unset")


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request):
    """Runs a coroutine on that kind of loop, debug checks on."""
    if request.param == "uvloop" and uvloop is None:
        pytest.skip("uvloop is not installed")
    factory = uvloop.new_event_loop if request.param == "uvloop" else None

    def run(work):
        with asyncio.Runner(loop_factory=factory, debug=True) as runner:
            return runner.run(work)

    return run


async def plain(callback):
    """What becomes of the callback in a plain task."""
    task = asyncio.create_task(callback())
    await asyncio.wait((task,))
    return task.cancelled(), None if task.cancelled() else repr(task.exception())


async def in_a_consumer(callback):
    channel = TickerChannel()
    consumer = await channel.new_consumer(callback)
    errors = []
    consumer.failed = lambda error, message: errors.append(error)
    await asyncio.sleep(0)
    # The consumer waits now: the engine drives what comes.
    await channel.get_internal_producer().send({})
    joined = asyncio.create_task(consumer.queue.join())
    await asyncio.wait((joined, consumer.consume_task), return_when=asyncio.FIRST_COMPLETED)
    for _ in range(5):
        await asyncio.sleep(0)
    cancelled = consumer.consume_task.cancelled()
    joined.cancel()
    await channel.stop()
    assert not joined.cancelled() or cancelled
    return cancelled, repr(errors[0] if errors else None) if not cancelled else None


def both(run, callback):
    """The callback's outcome and notes, the same as a plain task and as a consumer's callback."""
    outcomes = []
    for way in (plain, in_a_consumer):
        notes = []

        async def noting(notes=notes):
            await callback(notes)

        outcomes.append((run(way(noting)), notes))
    assert outcomes[0] == outcomes[1]
    return outcomes[0]


def test_timeout(run):
    async def callback(notes):
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            notes.append(("late", asyncio.current_task().cancelling()))
        async with asyncio.timeout(60):
            await asyncio.sleep(0)
        notes.append(asyncio.current_task().cancelling())

    assert both(run, callback) == ((False, "None"), [("late", 0), 0])


def test_wait_for(run):
    async def callback(notes):
        notes.append(await asyncio.wait_for(asyncio.sleep(0, "done"), 60))
        await asyncio.wait_for(asyncio.Event().wait(), 0.001)

    assert both(run, callback) == ((False, "TimeoutError()"), ["done"])


def test_task_group(run):
    async def callback(notes):
        async def fail():
            raise ValueError("child")

        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
                group.create_task(asyncio.Event().wait())
        except ExceptionGroup as error:
            notes.append([repr(one) for one in error.exceptions])
        async with asyncio.TaskGroup() as group:
            done = group.create_task(asyncio.sleep(0, 7))
        notes.append(done.result())

    assert both(run, callback) == ((False, "None"), [["ValueError('child')"], 7])


@pytest.mark.parametrize("waits_before", [False, True])
@pytest.mark.parametrize("waits_after", ["future", "sleep", "done", "nothing"])
def test_cancelling_oneself(run, waits_before, waits_after):
    async def callback(notes):
        if waits_before:
            await asyncio.sleep(0)
        asyncio.current_task().cancel("enough")
        notes.append("goes on")
        try:
            if waits_after == "future":
                await asyncio.get_running_loop().create_future()
            elif waits_after == "sleep":
                await asyncio.sleep(0)
            elif waits_after == "done":
                done = asyncio.get_running_loop().create_future()
                done.set_result("result")
                notes.append(await done)
        except asyncio.CancelledError as error:
            notes.append(error.args)
            raise

    if waits_after in ("done", "nothing"):
        # A plain task ends here; a consumer's task goes on to wait for the next message, and is cancelled there.
        assert run(in_a_consumer(lambda: callback([])))[0]
        return
    assert both(run, callback) == ((True, None), ["goes on", ("enough",)])


def test_cancellation_that_is_taken_back(run):
    async def callback(notes):
        task = asyncio.current_task()
        task.cancel()
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            notes.append(task.uncancel())
        await asyncio.sleep(0)
        notes.append("goes on")

    assert both(run, callback) == ((False, "None"), [0, "goes on"])


def test_a_future_that_was_cancelled(run):
    async def callback(notes):
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        await future

    assert both(run, callback) == ((True, None), [])


def test_awaiting_something_foreign(run):
    class Foreign:
        def __await__(self):
            yield "no future"

    async def callback(notes):
        await Foreign()

    assert both(run, callback) == ((False, "RuntimeError(\"Task got bad yield: 'no future'\")"), [])


@pytest.mark.parametrize("waits", [False, True])
def test_current_task_and_context(run, waits):
    async def main():
        notes = []

        async def callback(number):
            task = asyncio.current_task()
            notes.append((number, VARIABLE.get(), task is consumer.consume_task, task in asyncio.all_tasks()))
            VARIABLE.set(f"set by {number}")
            if waits:
                await asyncio.sleep(0)
                assert asyncio.current_task() is task
                assert VARIABLE.get() == f"set by {number}"

        VARIABLE.set("inherited")
        channel = TickerChannel()
        consumer = await channel.new_consumer(callback)
        VARIABLE.set("sender")
        await asyncio.sleep(0)
        for number in range(3):
            await channel.get_internal_producer().send({"number": number})
        await consumer.queue.join()
        assert VARIABLE.get() == "sender"
        await channel.stop()
        return notes

    assert run(main()) == [
        (0, "inherited", True, True),
        (1, "set by 0", True, True),
        (2, "set by 1", True, True),
    ]


@pytest.mark.parametrize("waits", [False, True])
def test_an_exception_keeps_its_traceback(run, caplog, waits):
    async def deeper():
        if waits:
            await asyncio.sleep(0)
        raise LookupError("no candle")

    async def callback():
        await deeper()

    async def main():
        channel = TickerChannel()
        consumer = await channel.new_consumer(callback)
        await asyncio.sleep(0)
        await channel.get_internal_producer().send({})
        await consumer.queue.join()
        await channel.stop()
        return consumer.failures

    with caplog.at_level(logging.ERROR):
        assert run(main()) == 1
    (record,) = caplog.records
    names = [frame.name for frame in traceback.extract_tb(record.exc_info[1].__traceback__)]
    assert names[-2:] == ["callback", "deeper"]


def test_the_end_of_the_program_is_not_swallowed(run):
    channel = TickerChannel()

    async def callback():
        raise SystemExit(3)

    async def main():
        await channel.new_consumer(callback)
        await asyncio.sleep(0)
        await channel.get_internal_producer().send({})
        await asyncio.sleep(60)

    with pytest.raises(SystemExit):
        run(main())
    (consumer,) = channel.get_consumers()
    assert isinstance(consumer.consume_task.exception(), SystemExit)


def test_eager_tasks():
    if not hasattr(asyncio, "eager_task_factory"):
        pytest.skip("Python 3.12 made tasks eager")

    async def main():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        notes = []

        async def child():
            notes.append(asyncio.current_task() is not consumer.consume_task)

        async def callback():
            await asyncio.create_task(child())
            notes.append(asyncio.current_task() is consumer.consume_task)

        channel = TickerChannel()
        consumer = await channel.new_consumer(callback)
        await channel.get_internal_producer().send({})
        await consumer.queue.join()
        await channel.stop()
        return notes

    # On asyncio's own loop: uvloop 0.22 does not pass on what an eager task factory of 3.13 is called with.
    assert asyncio.run(main()) == [True, True]
