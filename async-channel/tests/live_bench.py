# SPDX-License-Identifier: Apache-2.0
"""A real channel whose callbacks follow plans."""

import asyncio

import async_channel as ac
from async_channel.errors import ChannelClosedError, ConsumerFailedError, StuckConsumerError

NAMES = ["a", "b", "c", "d", "e"]
NOTE = ("note",)
OVERFLOWS = {
    "block": ac.Overflow.BLOCK,
    "drop": ac.Overflow.DROP_OLDEST,
    "error": ac.Overflow.ERROR,
    "conflate": ac.Overflow.conflate(lambda message: message["number"] % 3),
}


class Bench:
    """The real channel, whose callbacks do what the plan of a message says."""

    def __init__(self):
        self.trace = trace = []
        self.channel = ac.Channel()
        self.consumers = {}
        self.gates = {}

        class Noting(ac.Producer):
            async def pause(self):
                trace.append("paused")

            async def resume(self):
                trace.append("resumed")

        self.channel.producers.append(Noting(self.channel))

    async def add(self, name, filters, priority, size, overflow, on_failure):
        async def callback(number, plan):
            await self.perform(name, number, *plan)

        consumer = self.consumers[name] = ac.Consumer(
            callback, size, priority, overflow=OVERFLOWS[overflow], on_failure=ac.FailurePolicy(on_failure)
        )
        await self.channel.new_consumer(internal_consumer=consumer, consumer_filters={"name": filters})

    def topic(self, target):
        return self.channel.topic({} if target == "*" else {"name": target})

    def send_nowait(self, target, number, plan):
        self.topic(target).send_nowait({"number": number, "plan": plan})

    async def sends_nowait(self, *message):
        self.send_nowait(*message)

    async def send(self, target, number, plan):
        await self.topic(target).send({"number": number, "plan": plan})

    async def sending(self, name, work):
        try:
            await work
        except asyncio.CancelledError:
            self.trace.append((name, "cancelled"))
            raise
        except (ConsumerFailedError, ChannelClosedError, asyncio.QueueFull, StuckConsumerError) as error:
            self.trace.append((name, type(error).__name__))
        else:
            self.trace.append((name, "sent"))

    async def perform(self, name, number, kind, *arguments):
        self.trace.append((name, number))
        assert asyncio.current_task() is self.consumers[name].consume_task
        if kind in ("wait", "fail later", "stubborn"):
            self.gates[name] = asyncio.get_running_loop().create_future()
            try:
                await self.noting(name, number, self.gates[name])
            except asyncio.CancelledError:
                if kind != "stubborn":
                    raise
                await asyncio.sleep(0)
                self.trace.append((name, number, "stubborn"))
        elif kind == "pause":
            for _ in range(*arguments):
                await asyncio.sleep(0)
            self.trace.append((name, number, "on"))
        elif kind == "send":
            await self.sending(name, self.sends_nowait(*arguments, number + 1000, NOTE))
        elif kind == "send on":
            await self.sending(name, self.send(*arguments, number + 1000, NOTE))
        elif kind in ("remove", "stop"):
            target = self.consumers[arguments[0]]
            await self.noting(name, number, self.channel.remove_consumer(target) if kind == "remove" else target.stop())
        if kind.startswith("fail"):
            raise ArithmeticError

    async def noting(self, name, number, awaitable):
        try:
            await awaitable
        except asyncio.CancelledError:
            self.trace.append((name, number, "cancelled"))
            raise
        self.trace.append((name, number, "on"))

    async def settle(self):
        # Until nothing is left that can go on: no timers here.
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0)
        while loop._ready:  # noqa: ASYNC110 there is no event for that
            await asyncio.sleep(0)

    def state(self):
        return {
            name: (
                (queue := consumer.queue).qsize(),
                queue.unfinished,
                queue.high_water,
                queue.dropped,
                consumer.delivered,
                consumer.failures,
                consumer.should_stop,
                consumer.consume_task.done(),
            )
            for name, consumer in self.consumers.items()
        }

    def channel_state(self):
        channel = self.channel
        listening = [
            name for entry in channel.consumers for name in NAMES if self.consumers.get(name) in entry.values()
        ]
        return listening, channel.is_paused, channel.is_closed, channel.failure is not None
