# SPDX-License-Identifier: Apache-2.0
"""What a consumer's task runs where the engine of its event loop delivers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from async_channel._engine import LiveEngine, Seat
from async_channel.resume import Suspended, resume

if TYPE_CHECKING:
    from async_channel.consumer import Consumer

# By the loop's id, which is not reused while the engine, and so the loop, is alive.
_engines: WeakValueDictionary[int, LiveEngine] = WeakValueDictionary()


def engine_of(loop: asyncio.AbstractEventLoop) -> LiveEngine:
    """The engine of that event loop, made the first time; called from within a task of it."""
    engine = _engines.get(id(loop))
    if engine is None:
        engine = _engines[id(loop)] = LiveEngine(loop)
    return engine


async def serve(consumer: Consumer) -> None:
    """Let the engine drive the callbacks, go on with those that suspend, until the consumer is stopped."""
    # The task runs anyway: what was sent before its first step needs no further one.
    for _ in range(consumer.queue.qsize()):
        if consumer.should_stop or consumer.queue.empty():
            break
        await consumer.handle_counted(consumer.queue.get_nowait())
    if consumer.should_stop:
        return
    task = asyncio.current_task()
    if task is None or not consumer.can_be_served:
        await consumer.consume()
        return
    engine = engine_of(task.get_loop())
    seat = engine.seat(consumer, task)
    try:
        while seat.is_served and not consumer.should_stop:
            await _go_on(consumer, seat)
            seat.release()
    finally:
        engine.detach(consumer)
    # Its queue was replaced: this task reads the new one.
    await consumer.consume()


async def _go_on(consumer: Consumer, seat: Seat) -> None:
    cancellation = None
    try:
        await seat
    except asyncio.CancelledError as error:
        cancellation = error
    suspended = seat.take()
    if suspended is None:
        if cancellation is not None:
            raise cancellation
        return
    try:
        await _resume(suspended, cancellation)
    except Exception as error:  # noqa: BLE001 logged and counted, what follows is the policy's choice
        await consumer.fail(error, seat.message)
    finally:
        seat.done()


async def _resume(suspended: Suspended, cancellation: asyncio.CancelledError | None) -> Any:
    coroutine, yielded = suspended
    # As a task does: what it waits for is cancelled, and only if that is over already the callback itself.
    if cancellation is None or (yielded is not None and yielded.cancel(*cancellation.args)):
        return await resume(coroutine, yielded)
    return await resume(coroutine, yielded, cancellation)
