# SPDX-License-Identifier: Apache-2.0
"""The state machine that compares a real channel with its plain-Python twin."""

import asyncio
import logging
import math

import hypothesis.strategies as st
from async_channel_live_bench import NAMES, NOTE, OVERFLOWS, Bench
from async_channel_reference_live import LiveTwin
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from async_channel.live import engine_of

TARGETS = st.sampled_from([*NAMES, "*"])
CONSUMERS = st.sampled_from(NAMES)
PLANS = st.one_of(
    *(st.just((kind,)) for kind in ("note", "note", "fail", "wait", "fail later", "stubborn")),
    st.tuples(st.just("pause"), st.integers(1, 3)),
    st.tuples(st.sampled_from(["send", "send on"]), TARGETS),
    st.tuples(st.sampled_from(["remove", "stop"]), CONSUMERS),
)
MESSAGES = st.lists(st.tuples(TARGETS, PLANS), min_size=1, max_size=12)
NEW = st.fixed_dictionaries(
    {
        "priority": st.integers(0, 2),
        "size": st.sampled_from([0, 0, 2, 5]),
        "overflow": st.sampled_from(["block", "block", *OVERFLOWS]),
        "on_failure": st.sampled_from(["log", "log", "log", "stop consumer", "stop channel"]),
    }
).filter(lambda new: new["size"] or new["overflow"] in ("block", "conflate"))
PLAIN = {"priority": 0, "size": 0, "overflow": "block", "on_failure": "log"}
SMALL = {**PLAIN, "size": 2}


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

    @initialize(consumers=st.lists(NEW, min_size=1, max_size=4), first=st.sampled_from([[], [PLAIN] * 2, [SMALL]]))
    def consumers_come(self, consumers, first):
        for name, new in zip(NAMES, first + consumers, strict=False):
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
        return [seat for seat in self.twin.listening if seat.idle and seat.size and seat.overflow == "block"]

    @precondition(lambda self: self.limited())
    @rule(
        data=st.data(), plan=st.sampled_from([("wait",), ("pause", 2)]), then=st.sampled_from([None, 0, 1, 2, "take"])
    )
    def many_wait_for_room(self, data, plan, then):
        seat = data.draw(st.sampled_from(self.limited()))
        target = str(seat.filters)
        for length in (seat.size + 2, 2, 1):
            self.somebody_sends_and_waits_for_room([(target, plan)] * length)
        senders = self.waiting_senders()[-3:]
        if then == "take":
            self.take_and(seat.name, lambda side: side.sends_nowait(target, self.number, NOTE))
        elif then is not None and then < len(senders):
            self.cancel(senders[then], seat.name)
            self.send_nowait([(target, NOTE)], 1)

    def take_and(self, name, do):
        """What comes at once after somebody took a message, when room is kept for the first of those that wait."""

        def work():
            queue = self.bench.consumers[name].queue
            if queue.qsize():
                queue.get_nowait()
            return do(self.bench)

        def twin_work():
            if self.twin.seats[name].mailbox:
                self.twin.take(self.twin.seats[name])
            return do(self.twin)

        self.same(work, twin_work)

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
        waited_for = [name for name, seat in self.twin.seats.items() if seat.senders]
        self.cancel(data.draw(st.sampled_from(self.waiting_senders())), data.draw(st.sampled_from([None, *waited_for])))

    def cancel(self, sender, taken):
        """At once after somebody took a message, perhaps: then it may have room already and leaves it to the next."""
        real, twin = sender

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
