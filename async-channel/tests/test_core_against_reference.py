# SPDX-License-Identifier: Apache-2.0
"""The compiled core does what its plain-Python twin does, whatever is asked of them."""

import asyncio
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from async_channel import _engine
from async_channel.errors import DispatcherError

compiled = SimpleNamespace(**vars(_engine))

KEY, WILDCARD = "instance", "*"


def outcome(function, *arguments):
    """The result, or the type of the error."""
    try:
        return function(*arguments)
    except (asyncio.QueueEmpty, asyncio.QueueFull, ValueError) as error:
        return type(error)


MAILBOX_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put_nowait"), st.integers()),
        *(st.tuples(st.just(name)) for name in ("get_nowait", "task_done", "qsize", "empty", "full", "clear")),
    ),
    max_size=200,
)


@given(maxsize=st.integers(-1, 6), steps=MAILBOX_STEPS, burst=st.integers(0, 3000))
def test_mailbox(reference, maxsize, steps, burst):
    ours, twin = compiled.MailboxCore(maxsize), reference.MailboxCore(maxsize)
    for _ in range(burst if maxsize <= 0 else 0):
        ours.put_nowait(0)
        twin.put_nowait(0)
    for name, *arguments in steps:
        assert outcome(getattr(ours, name), *arguments) == outcome(getattr(twin, name), *arguments)
        assert (ours.unfinished, ours.maxsize) == (twin.unfinished, twin.maxsize)
    while not twin.empty():
        assert ours.get_nowait() == twin.get_nowait()
    assert ours.empty()


VALUES = st.sampled_from(["BTC", "ETH", WILDCARD, None, 1, True, 1.0])
OWN = st.dictionaries(st.sampled_from("abc"), VALUES | st.lists(VALUES, max_size=3), max_size=3)
ASKED = st.dictionaries(st.sampled_from("abc"), VALUES | st.lists(VALUES, max_size=2), max_size=3)


@given(own=st.lists(OWN, max_size=6), asked=st.lists(ASKED, max_size=6), limit=st.integers(1, 3))
def test_router(reference, own, asked, limit):
    ours, twin = compiled.Router(limit), reference.Router(limit)
    entries = []
    for number, filters in enumerate([*own, {}]):
        for question in asked + asked:
            expected = twin.match(entries, question, KEY, WILDCARD)
            assert ours.match(entries, question, KEY, WILDCARD) == expected
        entries.append({**filters, KEY: number})
        ours.consumers_changed()


class World:
    """Consumers, routes and a ready-set made from one implementation, and a journal of what happened."""

    def __init__(self, core):
        self.core = core
        self.journal = journal = []
        self.router = core.Router()
        self.ready = core.ReadySet()
        self.entries = []
        self.consumers = []
        self.topics = {
            symbol: core.TopicCore(self.router, self.choose, {"symbol": symbol}) for symbol in ("BTC", "ETH", WILDCARD)
        }

        class Consumer(core.ConsumerCore):
            def failed(self, error, message):
                journal.append(("failed", self.name, str(error), message["depth"]))

        self.consumer_class = Consumer

    def choose(self, filters):
        return self.router.match(self.entries, filters, KEY, WILDCARD)

    def add(self, priority, symbol, size, behaviour):
        consumer = self.consumer_class()
        consumer.name = len(self.consumers)
        consumer.priority_level = priority
        consumer.queue = self.core.MailboxCore(size)
        consumer.callback = self.callback(consumer.name, behaviour)
        self.consumers.append(consumer)
        self.entries.append({"symbol": symbol, KEY: consumer})
        self.router.consumers_changed()
        self.ready.attach(consumer)

    def callback(self, name, behaviour):
        async def call(depth):
            self.journal.append(("called", name, depth, self.ready.pending))
            kind, argument = behaviour
            if kind == "fail":
                raise RuntimeError(argument)
            if depth > 2:
                return
            if kind == "send":
                self.send(argument, depth + 1)
            elif kind == "add":
                self.add(argument, "BTC", 0, ("quiet", None))
            elif kind == "remove":
                self.remove(argument)
            elif kind == "again":
                try:
                    self.ready.begin_drain()
                except DispatcherError:
                    self.journal.append("refused")

        return call

    def remove(self, position):
        if self.entries:
            consumer = self.entries.pop(position % len(self.entries))[KEY]
            self.router.consumers_changed()
            self.ready.detach(consumer)

    def send(self, symbol, depth):
        self.topics[symbol].send_nowait({"depth": depth})

    def drain(self):
        assert self.ready.begin_drain() is None

    def state(self):
        return (
            self.journal,
            self.ready.pending,
            self.ready.delivered,
            self.ready.running,
            [(c.queue.qsize(), c.queue.unfinished) for c in self.consumers],
            {symbol: ([c.name for c in topic.consumers], bool(topic)) for symbol, topic in self.topics.items()},
        )


SYMBOLS = st.sampled_from(["BTC", "ETH", WILDCARD])
BEHAVIOURS = st.one_of(
    st.just(("quiet", None)),
    st.just(("again", None)),
    st.tuples(st.just("fail"), st.sampled_from(["bad candle", "bad note"])),
    st.tuples(st.just("send"), SYMBOLS),
    st.tuples(st.just("add"), st.integers(0, 2)),
    st.tuples(st.just("remove"), st.integers(0, 5)),
)


def machine_class(reference):
    class DispatchMachine(RuleBasedStateMachine):
        @initialize()
        def start(self):
            self.worlds = [World(compiled), World(reference)]

        @rule(
            priority=st.integers(0, 2), symbol=SYMBOLS | st.lists(SYMBOLS), size=st.integers(0, 2), behaviour=BEHAVIOURS
        )
        def add(self, **consumer):
            for world in self.worlds:
                world.add(**consumer)

        @rule(position=st.integers(0, 9))
        def remove(self, position):
            for world in self.worlds:
                world.remove(position)

        @rule(symbol=SYMBOLS, times=st.integers(1, 3))
        def send(self, symbol, times):
            for world in self.worlds:
                for _ in range(times):
                    world.send(symbol, 0)

        @precondition(lambda self: self.worlds[0].consumers)
        @rule(position=st.integers(0, 9), stop=st.booleans())
        def stop_or_start(self, position, stop):
            for world in self.worlds:
                world.consumers[position % len(world.consumers)].should_stop = stop

        @precondition(lambda self: self.worlds[0].consumers)
        @rule(position=st.integers(0, 9))
        def take_directly(self, position):
            taken = [outcome(w.consumers[position % len(w.consumers)].queue.get_nowait) for w in self.worlds]
            assert taken[0] == taken[1]

        @rule()
        def drain(self):
            for world in self.worlds:
                world.drain()

        @invariant()
        def same_state(self):
            assert self.worlds[0].state() == self.worlds[1].state()

    return DispatchMachine


def test_dispatch(reference):
    machine = machine_class(reference).TestCase
    machine.settings = settings(max_examples=200, stateful_step_count=40)
    machine().runTest()
