# SPDX-License-Identifier: Apache-2.0
"""Does the same to two implementations of the synchronous engine and compares them after each step."""

import asyncio
from types import SimpleNamespace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from async_channel import _engine
from async_channel.errors import ConflationKeyError, DispatcherError, QueueOverflowError
from async_channel.overflow import Overflow

COMPILED = SimpleNamespace(**vars(_engine))
KEY, WILDCARD = "instance", "*"
OVERFLOWS = [
    *(Overflow.BLOCK, Overflow.DROP_OLDEST, Overflow.ERROR),
    *(Overflow.conflate("key"), Overflow.conflate(lambda message: message["key"] == 0)),
]
REFUSALS = (
    asyncio.QueueEmpty,
    asyncio.QueueFull,
    QueueOverflowError,
    ConflationKeyError,
    ValueError,
    KeyError,
    TypeError,
)


def outcome(function, *arguments):
    """The result, or the type of the error."""
    try:
        return function(*arguments)
    except REFUSALS as error:
        return type(error)


class Pause:
    """What a callback waits for: it goes on when its coroutine is sent something."""

    def __await__(self):
        yield "paused"


class World:
    """Consumers, routes and a ready-set made from one implementation, and a journal of what happened."""

    def __init__(self, core):
        self.core = core
        self.journal = journal = []
        self.router = core.Router()
        self.ready = core.ReadySet()
        self.entries = []
        self.consumers = []
        self.suspended = None
        self.topics = {
            symbol: core.TopicCore(self.router, self.choose, {"symbol": symbol}) for symbol in ("BTC", "ETH", WILDCARD)
        }

        class Consumer(core.ConsumerCore):
            def failed(self, error, message):
                journal.append(("failed", self.name, type(error), message))

            def after_failure(self, error, message):
                self.failed(error, message)
                if self.goes_on:
                    return None
                self.should_stop = True
                return self.ends(type(error) is LookupError)

            async def ends(self, waits):
                journal.append(("ends", self.name))
                if waits:
                    await Pause()
                    journal.append(("ended", self.name))

        self.consumer_class = Consumer

    def choose(self, filters):
        return self.router.match(self.entries, filters, KEY, WILDCARD)

    def add(self, *, priority, symbol, size, behaviour, overflow=Overflow.BLOCK, served=True, goes_on=True):
        consumer = self.consumer_class()
        consumer.name = len(self.consumers)
        consumer.goes_on = goes_on
        consumer.priority_level = priority
        consumer.queue = self.core.MailboxCore(size, overflow)
        consumer.callback = self.callback(consumer.name, behaviour)
        self.consumers.append(consumer)
        self.entries.append({"symbol": symbol, KEY: consumer})
        self.router.consumers_changed()
        if served:
            self.ready.attach(consumer)

    def callback(self, name, behaviour):
        async def call(depth, **rest):
            self.journal.append(("called", name, depth, rest, self.ready.pending))
            kind, argument = behaviour
            if kind == "fail":
                raise argument
            if kind == "wait":
                await Pause()
                self.journal.append(("goes on", name))
            if depth > 2:
                return
            if kind == "send":
                self.send(argument, {**rest, "depth": depth + 1})
            elif kind == "deliver":
                self.topics[argument].deliver({**rest, "depth": depth + 1})
            elif kind == "add":
                self.add(priority=argument, symbol="BTC", size=0, behaviour=("quiet", None))
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

    def move(self, position, symbol):
        if self.entries:
            self.entries[position % len(self.entries)]["symbol"] = symbol
            self.router.consumers_changed()

    def send(self, symbol, message):
        self.topics[symbol].send_nowait(message)

    def deliver(self, symbol, message):
        """Whose queues are to be waited for."""
        full = self.topics[symbol].deliver(message) or ()
        return [consumer.name for consumer in self.consumers if any(consumer.queue is queue for queue in full)]

    def drain(self):
        if self.suspended is None:
            self.suspended = self.ready.begin_drain()

    def go_on(self):
        """The callback that suspended ends: the rest is delivered."""
        coroutine, yielded = self.suspended
        assert yielded == "paused"
        try:
            coroutine.send(None)
        except StopIteration:
            pass
        else:
            raise AssertionError("a callback pauses once")
        self.suspended = self.ready.drain()
        if self.suspended is None:
            self.ready.end_drain()

    def state(self):
        running = self.ready.running
        return (
            self.journal,
            self.ready.pending,
            self.ready.delivered,
            (running and running.name, self.ready.message),
            [(c.queue.qsize(), c.queue.unfinished, c.queue.high_water, c.queue.dropped) for c in self.consumers],
            [c.delivered for c in self.consumers],
            {symbol: ([c.name for c in topic.consumers], bool(topic)) for symbol, topic in self.topics.items()},
        )


SYMBOLS = st.sampled_from(["BTC", "ETH", WILDCARD])
MESSAGES = st.fixed_dictionaries({"depth": st.just(0)}, optional={"key": st.integers(0, 2) | st.just([])})
# Mostly with a key, so that what conflates is not mostly refused.
MESSAGES = st.fixed_dictionaries({"depth": st.just(0), "key": st.integers(0, 2)}) | MESSAGES
BEHAVIOURS = st.one_of(
    st.just(("quiet", None)),
    st.just(("again", None)),
    st.just(("wait", None)),
    st.tuples(st.just("fail"), st.sampled_from([RuntimeError("bad candle"), LookupError("bad note")])),
    st.tuples(st.sampled_from(["send", "deliver"]), SYMBOLS),
    st.tuples(st.just("add"), st.integers(0, 2)),
    st.tuples(st.just("remove"), st.integers(0, 5)),
)
SIZES = st.tuples(st.integers(0, 3), st.sampled_from(OVERFLOWS)).filter(
    lambda size: size[0] or size[1] not in (Overflow.DROP_OLDEST, Overflow.ERROR)
)
POSITIONS = st.integers(0, 9)


POLICY_CASES = {
    "messages": st.lists(MESSAGES, max_size=20),
    "size": st.integers(1, 3),
    "overflows": st.permutations([overflow for overflow in OVERFLOWS if overflow is not Overflow.ERROR]),
}


def policies_side_by_side(reference, messages, size, overflows):
    """What consumers of each policy get of the same messages."""
    journals = []
    for world in (World(COMPILED), World(reference)):
        for overflow in overflows:
            world.add(priority=0, symbol="BTC", size=size, behaviour=("quiet", None), overflow=overflow)
        for message in messages:
            world.journal.append(outcome(world.deliver, "BTC", message))
        world.drain()
        journals.append((world.journal, world.state()))
    assert journals[0] == journals[1]


def machine_class(reference, compiled=COMPILED):
    """The state machine that compares these two."""

    class DispatchMachine(RuleBasedStateMachine):
        def both(self, do):
            results = [do(world) for world in self.worlds]
            assert results[0] == results[1]

        def one(self, world, position):
            return world.consumers[position % len(world.consumers)]

        @initialize()
        def start(self):
            self.worlds = [World(compiled), World(reference)]

        @rule(
            priority=st.integers(0, 2),
            symbol=SYMBOLS | st.lists(SYMBOLS),
            size=SIZES,
            behaviour=BEHAVIOURS,
            flags=st.sampled_from([(True, True), (True, True), (True, False), (False, True)]),
        )
        def add(self, size, flags, **consumer):
            size, overflow = size
            served, goes_on = flags
            for world in self.worlds:
                world.add(size=size, overflow=overflow, served=served, goes_on=goes_on, **consumer)

        @rule(position=POSITIONS)
        def remove(self, position):
            self.both(lambda world: world.remove(position))

        @rule(position=POSITIONS, symbol=SYMBOLS | st.lists(SYMBOLS))
        def change_filter(self, position, symbol):
            self.both(lambda world: world.move(position, symbol))

        @rule(symbol=SYMBOLS, messages=st.lists(MESSAGES, min_size=1, max_size=3), may_wait=st.booleans())
        def send(self, symbol, messages, may_wait):
            for message in messages:
                self.both(lambda w, m=message: outcome(w.deliver if may_wait else w.send, symbol, m))

        @precondition(lambda self: self.worlds[0].consumers)
        @rule(position=POSITIONS, messages=st.lists(MESSAGES, min_size=1, max_size=6))
        def put_directly(self, position, messages):
            for message in messages:
                self.both(lambda w, m=message: outcome(self.one(w, position).queue.put_nowait, m))

        @precondition(lambda self: self.worlds[0].consumers)
        @rule(position=POSITIONS, stop=st.booleans())
        def stop_or_start(self, position, stop):
            for world in self.worlds:
                self.one(world, position).should_stop = stop

        @precondition(lambda self: self.worlds[0].consumers)
        @rule(position=POSITIONS, priority=st.integers(0, 2))
        def change_priority(self, position, priority):
            for world in self.worlds:
                self.one(world, position).priority_level = priority

        @precondition(lambda self: self.worlds[0].consumers)
        @rule(position=POSITIONS, served=st.booleans())
        def serve_or_not(self, position, served):
            for world in self.worlds:
                (world.ready.attach if served else world.ready.detach)(self.one(world, position))

        @precondition(lambda self: self.worlds[0].consumers)
        @rule(position=POSITIONS)
        def take_directly(self, position):
            self.both(lambda world: outcome(self.one(world, position).queue.get_nowait))

        @precondition(lambda self: self.worlds[0].suspended is None)
        @rule()
        def drain(self):
            for world in self.worlds:
                world.drain()

        @precondition(lambda self: self.worlds[0].suspended is not None and self.worlds[1].suspended is not None)
        @rule()
        def go_on(self):
            for world in self.worlds:
                world.go_on()

        @invariant()
        def same_state(self):
            assert self.worlds[0].state() == self.worlds[1].state()

        def teardown(self):
            for world in getattr(self, "worlds", ()):
                if world.suspended is not None:
                    world.suspended[0].close()

    return DispatchMachine
