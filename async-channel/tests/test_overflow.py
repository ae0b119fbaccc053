# SPDX-License-Identifier: Apache-2.0
"""What happens to a message for which a consumer's queue has no room."""

import asyncio
from dataclasses import dataclass

import pytest

import async_channel as ac
from async_channel.errors import ConflationKeyError, QueueOverflowError, StuckConsumerError
from async_channel.mailbox import Mailbox

BY_SYMBOL = ac.Overflow.conflate("symbol")


def prices(consumer):
    return [message["price"] for message in drained(consumer)]


def drained(consumer):
    return [consumer.queue.get_nowait() for _ in range(consumer.queue.qsize())]


def idle_consumer(channel, *, size=0, overflow):
    """One that is registered and never handles anything."""
    consumer = ac.Consumer(None, size, overflow=overflow)
    channel.add_new_consumer(consumer, {})
    return consumer


async def test_block_makes_the_sender_wait_for_room(channel, settle):
    consumer = idle_consumer(channel, size=2, overflow=ac.Overflow.BLOCK)
    sending = asyncio.create_task(send_all(channel, range(4)))
    await settle()
    assert (consumer.queue.qsize(), sending.done()) == (2, False)
    with pytest.raises(asyncio.QueueFull):
        channel.send_nowait({"price": 9})
    assert [consumer.queue.get_nowait()["price"] for _ in range(2)] == [0, 1]
    await sending
    assert prices(consumer) == [2, 3]
    assert consumer.queue.dropped == 0


async def send_all(channel, numbers):
    for number in numbers:
        await channel.send({"price": number})


async def test_nobody_overtakes_a_sender_that_waits(channel, settle):
    consumer = idle_consumer(channel, size=1, overflow=ac.Overflow.BLOCK)
    await channel.send({"price": 0})
    senders = [asyncio.create_task(channel.send({"price": price})) for price in (1, 2)]
    await settle()
    taken = [consumer.queue.get_nowait()]
    # There is room for one, and the first sender was woken for it: it is his.
    assert consumer.queue.full()
    with pytest.raises(asyncio.QueueFull):
        channel.send_nowait({"price": 9})
    late = asyncio.create_task(channel.send({"price": 3}))
    for _ in range(3):
        await settle()
        taken += drained(consumer)
    await asyncio.gather(*senders, late)
    assert [message["price"] for message in taken + drained(consumer)] == [0, 1, 2, 3]


@pytest.mark.parametrize("is_woken", [False, True])
async def test_a_sender_that_gives_up_leaves_its_room_to_the_next(channel, settle, is_woken):
    consumer = idle_consumer(channel, size=1, overflow=ac.Overflow.BLOCK)
    await channel.send({"price": 0})
    first, second = (asyncio.create_task(channel.send({"price": price})) for price in (1, 2))
    await settle()
    if is_woken:
        consumer.queue.get_nowait()
    first.cancel()
    await settle()
    if not is_woken:
        consumer.queue.get_nowait()
    await second
    assert first.cancelled()
    assert prices(consumer) == [2]
    channel.send_nowait({"price": 3})


async def test_drop_oldest(channel):
    consumer = idle_consumer(channel, size=3, overflow=ac.Overflow.DROP_OLDEST)
    await send_all(channel, range(10))
    channel.send_nowait({"price": 10})
    assert (consumer.queue.dropped, consumer.queue.high_water, consumer.queue.unfinished) == (8, 3, 3)
    assert prices(consumer) == [8, 9, 10]


async def test_error_reaches_nobody(channel):
    listener = idle_consumer(channel, overflow=ac.Overflow.BLOCK)
    full = idle_consumer(channel, size=1, overflow=ac.Overflow.ERROR)
    await channel.send({"price": 0})
    for send in (channel.send, channel.topic({}).send):
        with pytest.raises(QueueOverflowError, match=r"<Consumer of 'Ticker', .* has 1 messages waiting"):
            await send({"price": 1})
    with pytest.raises(asyncio.QueueFull):
        channel.send_nowait({"price": 1})
    assert (listener.queue.qsize(), full.queue.qsize(), full.queue.dropped) == (1, 1, 0)
    full.queue.get_nowait()
    await channel.send({"price": 2})
    assert prices(listener) == [0, 2]


async def test_conflate_keeps_the_latest_of_each_key_at_its_place(channel):
    consumer = idle_consumer(channel, overflow=BY_SYMBOL)
    for symbol, price in [("BTC", 1), ("ETH", 2), ("BTC", 3), ("SOL", 4), ("ETH", 5), ("BTC", 6)]:
        await channel.send({"symbol": symbol, "price": price})
    assert (consumer.queue.dropped, consumer.queue.unfinished) == (3, 3)
    assert prices(consumer) == [6, 5, 4]
    # What was taken is not replaced any more.
    await channel.send({"symbol": "BTC", "price": 7})
    assert prices(consumer) == [7]


async def test_conflate_with_a_size_drops_the_oldest_key(channel):
    consumer = idle_consumer(channel, size=2, overflow=BY_SYMBOL)
    for symbol, price in [("BTC", 1), ("ETH", 2), ("SOL", 3), ("ETH", 4), ("BTC", 5)]:
        channel.send_nowait({"symbol": symbol, "price": price})
    # SOL pushed BTC out, and the new BTC pushed ETH out.
    assert prices(consumer) == [3, 5]
    assert consumer.queue.dropped == 3


async def test_conflating_queues_forget_keys_that_were_taken(channel):
    queue = Mailbox(overflow=BY_SYMBOL)
    queue.put_nowait({"symbol": "kept", "price": 0})
    for number in range(10_000):
        queue.put_nowait({"symbol": str(number), "price": number})
        if number % 2:
            queue.get_nowait()
            queue.get_nowait()
    assert queue.qsize() == 1
    assert queue.dropped == 0


@dataclass(frozen=True)
class Tick:
    symbol: str
    price: int


@pytest.mark.parametrize(
    "overflow",
    [
        ac.Overflow.conflate("symbol"),
        ac.Overflow.conflate("symbol", "side"),
        pytest.param(ac.Overflow.conflate(lambda message: message["symbol"]), id="a function"),
    ],
    ids=str,
)
async def test_keys_of_keyword_payloads(overflow):
    queue = Mailbox(overflow=overflow)
    for price in range(3):
        queue.put_nowait({"symbol": "BTC", "side": "buy", "price": price})
    assert (queue.qsize(), queue.get_nowait()["price"]) == (1, 2)


async def test_keys_of_typed_messages(channel):
    consumer = idle_consumer(channel, overflow=ac.Overflow.conflate("symbol"))
    for price in range(3):
        await channel.send(Tick("BTC", price))
    assert drained(consumer) == [Tick("BTC", 2)]


@pytest.mark.parametrize("message", [{"price": 1}, {"symbol": ["unhashable"]}, Ellipsis])
async def test_a_message_without_a_key_reaches_nobody(channel, message):
    listener = idle_consumer(channel, overflow=ac.Overflow.BLOCK)
    idle_consumer(channel, overflow=BY_SYMBOL)
    for send in (channel.send_nowait, channel.topic({}).send_nowait):
        with pytest.raises(ConflationKeyError, match=r"Overflow.conflate\('symbol'\) finds no key"):
            send(message)
    assert listener.queue.empty()


@pytest.mark.parametrize("overflow", [ac.Overflow.DROP_OLDEST, ac.Overflow.ERROR], ids=str)
def test_an_unlimited_queue_cannot_overflow(overflow):
    with pytest.raises(ValueError, match=f"{overflow} needs a queue with a size"):
        ac.Consumer(None, overflow=overflow)


@pytest.mark.parametrize("key", [(), (1,), ("symbol", len)])
def test_a_key_is_names_or_a_function(key):
    with pytest.raises(TypeError, match="conflate"):
        ac.Overflow.conflate(*key)


async def test_new_consumer_takes_the_policy(channel, recorder, settle):
    await channel.new_consumer(recorder.callback(), size=2, overflow=ac.Overflow.DROP_OLDEST)
    for price in range(5):
        channel.send_nowait({"price": price})
    await settle()
    assert recorder.messages == [{"price": 3}, {"price": 4}]


async def test_what_joins_a_queue_does_not_wait_for_what_was_dropped(channel, settle):
    consumer = idle_consumer(channel, size=1, overflow=ac.Overflow.DROP_OLDEST)
    await send_all(channel, range(5))
    joining = asyncio.create_task(consumer.queue.join())
    consumer.queue.get_nowait()
    consumer.queue.task_done()
    await joining


async def test_in_synchronized_mode_block_is_unlimited_and_the_rest_applies(synchronized, dispatcher, recorder):
    sizes = {"block": (1, ac.Overflow.BLOCK), "drop": (1, ac.Overflow.DROP_OLDEST), "latest": (0, BY_SYMBOL)}
    for name, (size, overflow) in sizes.items():
        await synchronized.new_consumer(recorder.callback(name), size=size, overflow=overflow)
    for price in range(3):
        await synchronized.send({"symbol": "BTC", "price": price})
    assert dispatcher.pending == 3 + 1 + 1
    await dispatcher.run_until_idle()
    assert [(name, message["price"]) for name, message in recorder.calls] == [
        ("block", 0),
        ("block", 1),
        ("block", 2),
        ("drop", 2),
        ("latest", 2),
    ]
    await synchronized.new_consumer(recorder.callback(), size=1, overflow=ac.Overflow.ERROR)
    await synchronized.send({"symbol": "BTC", "price": 3})
    with pytest.raises(QueueOverflowError):
        await synchronized.send({"symbol": "BTC", "price": 4})


async def test_a_callback_that_would_wait_for_its_own_queue_is_told_so(channel, settle, caplog):
    async def echo(price):
        for number in range(3):
            await channel.send({"price": price + number})

    consumer = await channel.new_consumer(echo, size=2)
    await channel.send({"price": 0})
    await settle()
    assert caplog.records[0].exc_info[0] is StuckConsumerError
    assert "would wait for room in its own queue" in caplog.records[0].message
    assert consumer.queue.qsize() <= 2
    await consumer.stop()
