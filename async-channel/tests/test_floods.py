# SPDX-License-Identifier: Apache-2.0
"""A sender that never waits lets others go on now and then, whoever listens."""

import asyncio

import pytest

import async_channel as ac

SENDS = 20_000
# Each 512 sends make one turn of the loop.
FEWEST_TURNS = SENDS // 1024


class Looping(ac.Consumer):
    async def consume(self):
        await super().consume()


async def ignore(**message):
    pass


async def hang(**message):
    await asyncio.Event().wait()


async def listen_to_nothing(channel):
    pass


async def listen(channel):
    await channel.new_consumer(ignore)


async def listen_slowly(channel):
    await channel.new_consumer(hang, size=4, overflow=ac.Overflow.DROP_OLDEST)


async def conflate(channel):
    await channel.new_consumer(ignore, overflow=ac.Overflow.conflate("symbol"))


async def loop_itself(channel):
    await channel.new_consumer(internal_consumer=Looping(ignore))


async def subscribe(channel):
    channel.subscribe(size=4, overflow=ac.Overflow.DROP_OLDEST)


async def leave_again(channel):
    await channel.remove_consumer(await channel.new_consumer(ignore))


class Turns:
    """Counts the turns of the loop."""

    def __init__(self):
        self.count = 0
        self._next = asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self):
        self.count += 1
        self._next = asyncio.get_running_loop().call_soon(self._turn)

    def stop(self):
        self._next.cancel()


@pytest.mark.parametrize("way", ["channel", "topic", "producer"])
@pytest.mark.parametrize(
    "listeners", [listen_to_nothing, listen, listen_slowly, conflate, loop_itself, subscribe, leave_again]
)
async def test_the_loop_turns_during_a_flood(channel, listeners, way):
    await listeners(channel)
    ways = {"channel": channel, "topic": channel.topic({}), "producer": channel.get_internal_producer()}
    send = ways[way].send
    turns = Turns()
    for _ in range(SENDS):
        await send({"symbol": "BTC"})
    turns.stop()
    assert turns.count >= FEWEST_TURNS


async def test_who_does_not_wait_does_not_use_up_the_turns_of_who_does(channel):
    await channel.new_consumer(ignore)
    turns = Turns()
    for _ in range(SENDS // 512):
        await channel.send({})
        for _ in range(511):
            channel.send_nowait({})
    turns.stop()
    assert turns.count >= FEWEST_TURNS


@pytest.mark.parametrize("has_dispatcher", [False, True])
async def test_in_synchronized_mode_sending_never_waits(channel_class, dispatcher, has_dispatcher):
    channel = channel_class()
    channel.is_synchronized = True
    if has_dispatcher:
        channel.dispatcher = dispatcher
    await channel.new_consumer(ignore, overflow=ac.Overflow.conflate("symbol"))
    await channel.new_consumer(ignore)
    turns = Turns()
    for _ in range(SENDS):
        await channel.send({"symbol": "BTC"})
    turns.stop()
    assert turns.count == 0


async def test_a_sender_to_many_lets_them_go_on_sooner(channel, settle):
    for _ in range(100):
        await channel.new_consumer(ignore)
    await settle()
    turns = Turns()
    for _ in range(1_000):
        await channel.send({})
    turns.stop()
    # 512 deliveries are some six sends.
    assert turns.count >= 1_000 / 8
