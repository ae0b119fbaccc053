# SPDX-License-Identifier: Apache-2.0
"""The live engine does what its plain-Python twin does, in the same order, whatever happens."""

import asyncio
import importlib.util
import logging
import math
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import async_channel as ac
from async_channel.live import engine_of

_PATH = Path(__file__).parent / "reference" / "live.py"
_SPEC = importlib.util.spec_from_file_location("async_channel_reference_live", _PATH)
reference_live = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(reference_live)

NAMES = ["a", "b", "c", "d", "e"]
TARGETS = st.sampled_from([*NAMES, "*"])
PLANS = st.one_of(
    st.just(("note",)),
    st.just(("fail",)),
    st.just(("wait",)),
    st.just(("fail later",)),
    st.tuples(st.just("send"), TARGETS),
    st.tuples(st.just("remove"), st.sampled_from(NAMES)),
)
BURSTS = st.lists(st.tuples(TARGETS, PLANS), min_size=1, max_size=12)


class Bench:
    """The real channel, whose callbacks do what the plan of a message says."""

    def __init__(self):
        self.channel = ac.Channel()
        self.consumers = {}
        self.gates = {}
        self.trace = []

    async def add(self, name, priority, size):
        async def callback(number, plan):
            await self.perform(name, number, plan)

        consumer = ac.Consumer(callback, size, priority)
        self.consumers[name] = consumer
        await self.channel.new_consumer(internal_consumer=consumer, consumer_filters={"name": name})

    def send(self, target, number, plan):
        topic = self.channel.topic({} if target == "*" else {"name": target})
        try:
            topic.send_nowait({"number": number, "plan": plan})
        except asyncio.QueueFull:
            return False
        return True

    async def perform(self, name, number, plan):
        self.trace.append((name, number))
        kind, *arguments = plan
        if kind == "send":
            self.send(*arguments, number + 1000, ("note",))
        elif kind == "fail":
            raise ValueError
        elif kind in ("wait", "fail later"):
            gate = self.gates[name] = asyncio.get_running_loop().create_future()
            await self.noting(name, number, gate)
            if kind == "fail later":
                raise ValueError
        elif kind == "remove":
            target = self.consumers.get(arguments[0])
            if target is self.consumers[name] or target not in self.channel.get_consumers() or target.should_stop:
                await self.channel.remove_consumer(target)
            else:
                await self.noting(name, number, self.channel.remove_consumer(target))

    async def noting(self, name, number, awaitable):
        try:
            await awaitable
        except asyncio.CancelledError:
            self.trace.append((name, number, "cancelled"))
            raise
        self.trace.append((name, number, "on"))

    async def settle(self):
        for _ in range(60):
            await asyncio.sleep(0)


class LiveMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        # What fails is compared below: it is not worth ten thousand lines of log.
        logging.getLogger("Consumer").setLevel(logging.CRITICAL)
        self.runner = asyncio.Runner()
        self.twin = reference_live.LiveTwin()
        self.number = 0
        self.runner.run(self.begin())

    async def begin(self):
        self.bench = Bench()
        self.engine = engine_of(asyncio.get_running_loop())
        # The order must not depend on how fast this machine is.
        self.engine.longest_drain = math.inf

    def same(self, doing):
        """Do it for real, let everything that can go on do so, compare."""

        async def work():
            await doing
            await self.bench.settle()

        self.runner.run(work())
        self.twin.run()
        assert self.bench.trace == self.twin.trace
        for name, seat in self.twin.seats.items():
            consumer = self.bench.consumers[name]
            real = consumer.queue.qsize(), consumer.queue.unfinished, consumer.failures, consumer.consume_task.done()
            assert real == (len(seat.mailbox), seat.unfinished, seat.failures, seat.stopped), name
        self.bench.trace.clear()
        self.twin.trace.clear()

    @initialize(
        consumers=st.lists(st.tuples(st.integers(0, 2), st.sampled_from([0, 0, 2, 5])), min_size=1, max_size=len(NAMES))
    )
    def consumers_come(self, consumers):
        async def add():
            for name, (priority, size) in zip(NAMES, consumers, strict=False):
                await self.bench.add(name, priority, size)

        for name, (priority, size) in zip(NAMES, consumers, strict=False):
            self.twin.add(name, priority, size)
        self.same(add())

    @rule(burst=BURSTS, times=st.sampled_from([1, 1, 1, 20]))
    def send(self, burst, times):
        messages = [(target, self.number + index, plan) for index, (target, plan) in enumerate(burst * times)]
        # A removal names a consumer that exists.
        messages = [m for m in messages if m[2][0] != "remove" or m[2][1] in self.twin.seats]
        self.number += len(messages)

        async def send():
            return [self.bench.send(*message) for message in messages]

        sent = [self.twin.send(*message) for message in messages]
        done = []

        async def compare():
            done.extend(await send())

        self.same(compare())
        assert done == sent

    def some(self, data, which):
        return data.draw(st.sampled_from([name for name, seat in self.twin.seats.items() if which(seat)]))

    @precondition(lambda self: any(seat.suspended for seat in self.twin.seats.values()))
    @rule(data=st.data())
    def a_wait_ends(self, data):
        name = self.some(data, lambda seat: seat.suspended)

        async def go_on():
            self.bench.gates[name].set_result(None)

        self.twin.open(name)
        self.same(go_on())

    @precondition(lambda self: any(not seat.removed for seat in self.twin.seats.values()))
    @rule(data=st.data())
    def a_consumer_is_removed(self, data):
        name = self.some(data, lambda seat: not seat.removed)
        self.twin.remove(name)
        self.same(self.bench.channel.remove_consumer(self.bench.consumers[name]))

    @precondition(lambda self: any(not seat.removed for seat in self.twin.seats.values()))
    @rule(data=st.data())
    def a_consumer_is_stopped(self, data):
        name = self.some(data, lambda seat: not seat.removed)
        self.twin.stop(name)
        self.same(self.bench.consumers[name].stop())

    @precondition(lambda self: any(seat.stopped and not seat.removed for seat in self.twin.seats.values()))
    @rule(data=st.data())
    def a_consumer_runs_again(self, data):
        name = self.some(data, lambda seat: seat.stopped and not seat.removed)
        self.twin.start(name)
        self.bench.consumers[name].queue.clear()
        self.same(self.bench.consumers[name].run())

    @precondition(lambda self: bool(self.twin.seats))
    @rule(data=st.data(), priority=st.integers(0, 2))
    def a_priority_changes(self, data, priority):
        name = self.some(data, lambda seat: True)
        self.twin.seats[name].priority = self.bench.consumers[name].priority_level = priority

    def teardown(self):
        self.runner.run(self.bench.channel.stop())
        self.runner.run(self.bench.settle())
        assert not asyncio.all_tasks(self.runner.get_loop())
        self.runner.close()
        logging.getLogger("Consumer").setLevel(logging.NOTSET)


LiveMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=20, deadline=None)
TestLiveEngine = LiveMachine.TestCase
