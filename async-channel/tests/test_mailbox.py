# SPDX-License-Identifier: Apache-2.0
import asyncio
import gc
import sys
import weakref

import pytest

from async_channel._engine import ConsumerCore, MailboxCore, ReadySet, Router, TopicCore
from async_channel.mailbox import Mailbox


async def test_is_a_fifo():
    mailbox = Mailbox()
    for item in range(100):
        mailbox.put_nowait(item)
    assert mailbox.qsize() == 100
    assert [await mailbox.get() for _ in range(100)] == list(range(100))
    assert mailbox.empty()


def test_bounds_raise_what_asyncio_raises():
    mailbox = Mailbox(1)
    assert (mailbox.maxsize, mailbox.full(), mailbox.empty()) == (1, False, True)
    with pytest.raises(asyncio.QueueEmpty):
        mailbox.get_nowait()
    mailbox.put_nowait("a")
    assert (mailbox.full(), mailbox.empty(), mailbox.qsize()) == (True, False, 1)
    with pytest.raises(asyncio.QueueFull):
        mailbox.put_nowait("b")
    assert repr(mailbox) == "<Mailbox maxsize=1 Overflow.BLOCK size=1 unfinished=1>"
    assert mailbox.get_nowait() == "a"


async def test_get_waits_for_an_item_in_order_of_asking(settle):
    mailbox = Mailbox()
    first, second = (asyncio.create_task(mailbox.get()) for _ in range(2))
    await settle()
    mailbox.put_nowait(1)
    mailbox.put_nowait(2)
    assert (await first, await second) == (1, 2)


async def test_put_waits_for_room(settle):
    mailbox = Mailbox(1)
    await mailbox.put(1)
    putting = asyncio.create_task(mailbox.put(2))
    await settle()
    assert not putting.done()
    assert mailbox.get_nowait() == 1
    await putting
    assert mailbox.get_nowait() == 2


async def test_a_cancelled_getter_hands_its_wake_up_on(settle):
    mailbox = Mailbox()
    first, second = (asyncio.create_task(mailbox.get()) for _ in range(2))
    await settle()
    mailbox.put_nowait("only")
    first.cancel()
    assert await second == "only"
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_cancelled_putter_hands_its_wake_up_on(settle):
    mailbox = Mailbox(1)
    mailbox.put_nowait(0)
    first, second = (asyncio.create_task(mailbox.put(item)) for item in (1, 2))
    await settle()
    mailbox.get_nowait()
    first.cancel()
    await second
    assert mailbox.get_nowait() == 2
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_getters_and_putters_that_gave_up_before_are_forgotten(settle):
    mailbox = Mailbox(1)
    getting = asyncio.create_task(mailbox.get())
    await settle()
    getting.cancel()
    await settle()
    mailbox.put_nowait(1)
    putting = asyncio.create_task(mailbox.put(2))
    await settle()
    putting.cancel()
    await settle()
    assert mailbox.get_nowait() == 1
    assert mailbox.empty()


async def test_join_waits_for_task_done(settle):
    mailbox = Mailbox()
    await mailbox.join()
    mailbox.put_nowait(1)
    joining = asyncio.create_task(mailbox.join())
    also_joining = asyncio.create_task(mailbox.join())
    given_up = asyncio.create_task(mailbox.join())
    await settle()
    given_up.cancel()
    mailbox.get_nowait()
    await settle()
    assert not joining.done()
    mailbox.task_done()
    await joining
    await also_joining
    assert mailbox.unfinished == 0
    with pytest.raises(ValueError, match="too many"):
        mailbox.task_done()


def test_clear_counts_as_done():
    mailbox = Mailbox()
    for item in range(3):
        mailbox.put_nowait(item)
    assert mailbox.clear() == 3
    assert (mailbox.qsize(), mailbox.unfinished) == (0, 0)


def held_bytes(mailbox):
    return sum(sys.getsizeof(held) for held in gc.get_referents(mailbox))


def test_a_burst_does_not_keep_its_memory():
    mailbox = Mailbox()
    idle = held_bytes(mailbox)
    for item in range(10_000):
        mailbox.put_nowait(item)
    assert held_bytes(mailbox) > 50 * idle
    while not mailbox.empty():
        mailbox.get_nowait()
    assert held_bytes(mailbox) == idle
    mailbox.put_nowait("still works")
    assert mailbox.get_nowait() == "still works"


def test_taken_messages_are_released():
    class Message:
        pass

    mailbox, message = Mailbox(), Message()
    reference = weakref.ref(message)
    mailbox.put_nowait(message)
    mailbox.get_nowait()
    del message
    assert reference() is None


def test_a_subclass_that_forgets_the_constructor_does_not_crash():
    class Forgetful(MailboxCore):
        def __init__(self):
            pass

    mailbox = Forgetful()
    mailbox.put_nowait(1)
    assert mailbox.get_nowait() == 1
    with pytest.raises(TypeError):
        TopicCore.__new__(TopicCore)
    assert Router.__new__(Router).match([], {"symbol": "*"}, "instance", "*") == ()
    assert ReadySet.__new__(ReadySet).begin_drain() is None
    bare = ConsumerCore.__new__(ConsumerCore)
    assert (bare.queue, bare.callback, bare.should_stop, bare.priority_level) == (None, None, False, 0)
