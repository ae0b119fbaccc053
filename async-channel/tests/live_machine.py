# SPDX-License-Identifier: Apache-2.0
"""A real channel whose callbacks follow plans, and the state machine that compares it with its plain-Python twin."""

import asyncio
import logging
import math

import hypothesis.strategies as st
from async_channel_reference_live import LiveTwin
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import async_channel as ac
from async_channel.errors import ChannelClosedError, ConsumerFailedError, StuckConsumerError
from async_channel.live import engine_of

NAMES = ["a", "b", "c", "d", "e"]
TARGETS = st.sampled_from([*NAMES, "*"])
CONSUMERS = st.sampled_from(NAMES)
NOTE = ("note",)
PLANS = st.one_of(
    *(st.just((kind,)) for kind in ("note", "note", "fail", "wait", "fail later", "stubborn")),
    st.tuples(st.just("pause"), st.integers(1, 3)),
    st.tuples(st.sampled_from(["send", "send on"]), TARGETS),
    st.tuples(st.sampled_from(["remove", "stop"]), CONSUMERS),
)
MESSAGES = st.lists(st.tuples(TARGETS, PLANS), min_size=1, max_size=12)
OVERFLOWS = {
    "block": ac.Overflow.BLOCK,
    "drop": ac.Overflow.DROP_OLDEST,
    "error": ac.Overflow.ERROR,
    "conflate": ac.Overflow.conflate(lambda message: message["number"] % 3),
}
NEW = st.fixed_dictionaries(
    {
        "priority": st.integers(0, 2),
        "size": st.sampled_from([0, 0, 2, 5]),
        "overflow": st.sampled_from(["block", "block", *OVERFLOWS]),
        "on_failure": st.sampled_from(["log", "log", "log", "stop consumer", "stop channel"]),
    }
).filter(lambda new: new["size"] or new["overflow"] in ("block", "conflate"))


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


class LiveMachine(RuleBasedStateMachine):
    twin_class = LiveTwin

    def __init__(self):
        super().__init__()
        # What fails is compared below: it is not worth ten thousand lines of log.
        logging.getLogger("Consumer").setLevel(logging.CRITICAL)
        self.runner = asyncio.Runner()
        self.twin = self.twin_class()
        self.number = 0
        self.senders = {}
        self.runner.run(self.begin())

    async def begin(self):
        self.bench = Bench()
        self.engine = engine_of(asyncio.get_running_loop())
        # The order must not depend on how fast this machine is.
        self.engine.longest_drain = math.inf

    def same(self, do, twin_work):
        """Begin it for real and in the twin, let everything that can go on do so, compare."""

        name = f"step {self.number}"

        async def work():
            task = asyncio.create_task(self.bench.sending(name, do()))
            await self.bench.settle()
            assert task.done()

        self.number += 1000
        self.runner.run(work())
        self.twin.start(self.twin.sending(name, twin_work()))
        self.twin.run_loop()
        self.compare()

    def compare(self):
        assert self.bench.trace == self.twin.trace
        assert self.bench.state() == {
            name: (
                len(seat.mailbox),
                seat.unfinished,
                seat.high_water,
                seat.dropped,
                seat.delivered,
                seat.failures,
                seat.is_stopped,
                seat.task.is_done,
            )
            for name, seat in self.twin.seats.items()
        }
        twin = self.twin
        listening = [seat.name for seat in twin.listening]
        assert self.bench.channel_state() == (listening, twin.is_paused, twin.is_closed, twin.failed)
        self.bench.trace.clear()
        self.twin.trace.clear()

    def now(self, do, twin_do):
        """The same for what does not wait."""

        async def work():
            do()

        def twin_work():
            twin_do()
            yield from ()

        self.same(work, twin_work)

    @initialize(consumers=st.lists(NEW, min_size=1, max_size=4))
    def consumers_come(self, consumers):
        for name, new in zip(NAMES, consumers, strict=False):
            self.a_consumer_comes(name, new)

    def a_consumer_comes(self, name, new):
        def add():
            self.twin.add(name, name, **new)
            yield from ()

        self.same(lambda: self.bench.add(name, name, **new), add)

    @precondition(lambda self: len(self.twin.seats) < len(NAMES) and not (self.twin.is_closed or self.twin.failed))
    @rule(new=NEW)
    def another_consumer_comes(self, new):
        self.a_consumer_comes(NAMES[len(self.twin.seats)], new)

    def numbered(self, messages):
        self.number += len(messages)
        first = self.number - len(messages)
        # A removal names a consumer that exists.
        return [
            (target, first + index, plan)
            for index, (target, plan) in enumerate(messages)
            if plan[0] not in ("remove", "stop") or plan[1] in self.twin.seats
        ]

    @rule(messages=MESSAGES, times=st.sampled_from([1, 1, 1, 20]))
    def send_nowait(self, messages, times):
        async def send_all(side):
            for message in numbered:
                await side.sending("main", side.sends_nowait(*message))

        numbered = self.numbered(messages * times)

        def twin_all():
            for message in numbered:
                yield from self.twin.sending("main", self.twin.sends_nowait(*message))

        self.same(lambda: send_all(self.bench), twin_all)

    def unlimited(self):
        return [seat for seat in self.twin.listening if seat.idle and seat.overflow == "block" and not seat.size]

    @precondition(lambda self: len(self.unlimited()) > 1)
    @rule(data=st.data(), count=st.sampled_from([63, 64, 65, 129]))
    def more_than_a_turn(self, data, count):
        first, second = data.draw(st.permutations(self.unlimited()))[:2]
        self.send_nowait([(str(first.filters), NOTE)] * count + [(str(second.filters), NOTE)] * 2, 1)

    def limited(self):
        return [seat for seat in self.twin.listening if seat.size and seat.overflow == "block"]

    @precondition(lambda self: self.limited())
    @rule(data=st.data(), plan=st.sampled_from([("wait",), ("pause", 2), NOTE]))
    def many_wait_for_room(self, data, plan):
        seat = data.draw(st.sampled_from(self.limited()))
        for length in (seat.size + 1, 2, 1):
            self.somebody_sends_and_waits_for_room([(str(seat.filters), plan)] * length)

    @rule(messages=MESSAGES)
    def somebody_sends_and_waits_for_room(self, messages):
        numbered = self.numbered(messages)
        name = f"sender {len(self.senders)}"

        async def send_all():
            for message in numbered:
                await self.bench.sending(name, self.bench.send(*message))

        def twin_all():
            for message in numbered:
                yield from self.twin.sending(name, self.twin.send(*message))

        tasks = []
        self.now(
            lambda: tasks.append(asyncio.create_task(send_all())), lambda: tasks.append(self.twin.start(twin_all()))
        )
        self.senders[name] = tasks

    def waiting_senders(self):
        return [tasks for tasks in self.senders.values() if not tasks[1].is_done]

    @precondition(lambda self: self.waiting_senders())
    @rule(data=st.data())
    def a_sender_is_cancelled(self, data):
        """At once after somebody took a message, perhaps: then it has room already and leaves it to the next."""
        real, twin = data.draw(st.sampled_from(self.waiting_senders()))
        waited_for = [name for name, seat in self.twin.seats.items() if seat.senders]
        taken = data.draw(st.sampled_from([None, *waited_for]))

        def take_and_cancel():
            if taken in self.bench.consumers and self.bench.consumers[taken].queue.qsize():
                self.bench.consumers[taken].queue.get_nowait()
            real.cancel()

        def twin_take_and_cancel():
            if taken in self.twin.seats and self.twin.seats[taken].mailbox:
                self.twin.take(self.twin.seats[taken])
            twin.cancel()

        self.now(take_and_cancel, twin_take_and_cancel)

    def some(self, data, which):
        name = data.draw(st.sampled_from([name for name, seat in self.twin.seats.items() if which(seat)]))
        return self.bench.consumers[name], self.twin.seats[name]

    @precondition(lambda self: any(seat.gate for seat in self.twin.seats.values()))
    @rule(data=st.data())
    def a_wait_ends(self, data):
        _, seat = self.some(data, lambda seat: seat.gate)
        self.now(lambda: self.bench.gates[seat.name].set_result(None), lambda: seat.gate.set(None))

    @rule(data=st.data())
    def a_consumer_is_removed(self, data):
        consumer, seat = self.some(data, lambda seat: True)
        self.same(lambda: self.bench.channel.remove_consumer(consumer), lambda: self.twin.remove(seat))

    @rule(data=st.data())
    def a_consumer_is_stopped(self, data):
        consumer, seat = self.some(data, lambda seat: True)
        self.same(consumer.stop, lambda: self.twin.stop_seat(seat))

    @rule(data=st.data())
    def a_consumers_task_is_cancelled(self, data):
        consumer, seat = self.some(data, lambda seat: True)
        self.now(consumer.consume_task.cancel, lambda: seat.task.is_done or seat.task.cancel())

    @precondition(lambda self: any(seat.task.is_done for seat in self.twin.seats.values()))
    @rule(data=st.data())
    def a_consumer_runs_again(self, data):
        consumer, seat = self.some(data, lambda seat: seat.task.is_done)

        def run():
            self.twin.run_seat(seat)
            yield from ()

        self.same(consumer.run, run)

    @rule(data=st.data(), priority=st.integers(0, 2))
    def a_priority_changes(self, data, priority):
        consumer, seat = self.some(data, lambda seat: True)
        seat.priority = consumer.priority_level = priority

    @rule(data=st.data(), filters=TARGETS)
    def a_filter_changes(self, data, filters):
        consumer, seat = self.some(data, lambda seat: True)
        seat.filters = filters
        for entry in self.bench.channel.consumers:
            if consumer in entry.values():
                entry["name"] = filters
        self.bench.channel.consumers_changed()

    @rule()
    def the_channel_stops(self):
        self.same(self.bench.channel.stop, self.twin.stop)

    @precondition(lambda self: self.twin.failed or any(seat.is_stopped for seat in self.twin.listening))
    @rule()
    def the_channel_runs_again(self):
        def run():
            self.twin.run()
            yield from ()

        self.same(self.bench.channel.run, run)

    @precondition(lambda self: self.number > 15_000)
    @rule()
    def the_channel_closes(self):
        self.same(self.bench.channel.close, self.twin.close)

    def teardown(self):
        for real, _ in self.senders.values():
            real.cancel()
        self.runner.run(self.bench.settle())
        for consumer in self.bench.consumers.values():
            self.runner.run(consumer.stop())
        self.runner.run(self.bench.settle())
        try:
            assert not asyncio.all_tasks(self.runner.get_loop())
        finally:
            self.runner.close()
            logging.getLogger("Consumer").setLevel(logging.NOTSET)
