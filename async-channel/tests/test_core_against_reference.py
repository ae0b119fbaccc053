# SPDX-License-Identifier: Apache-2.0
"""The compiled core does what its plain-Python twin does, whatever is asked of them."""

import pytest
from async_channel_core_machine import (
    COMPILED,
    KEY,
    MESSAGES,
    OVERFLOWS,
    POLICY_CASES,
    WILDCARD,
    World,
    machine_class,
    outcome,
    policies_side_by_side,
)
from hypothesis import given, settings
from hypothesis import strategies as st

MAILBOX_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put_nowait"), MESSAGES),
        st.tuples(st.just("put_nowait"), MESSAGES),
        *(st.tuples(st.just(name)) for name in ("get_nowait", "task_done", "qsize", "empty", "full", "clear")),
    ),
    max_size=200,
)


@given(maxsize=st.integers(-1, 6), overflow=st.sampled_from(OVERFLOWS), steps=MAILBOX_STEPS, burst=st.integers(0, 3000))
def test_mailbox(reference, maxsize, overflow, steps, burst):
    ours, twin = outcome(COMPILED.MailboxCore, maxsize, overflow), outcome(reference.MailboxCore, maxsize, overflow)
    if twin is ValueError:
        assert ours is ValueError
        return
    for number in range(burst if maxsize <= 0 and overflow.kind == 0 else 0):
        ours.put_nowait(number)
        twin.put_nowait(number)
    for name, *arguments in steps:
        assert outcome(getattr(ours, name), *arguments) == outcome(getattr(twin, name), *arguments)
        assert state(ours) == state(twin)
    while not twin.empty():
        assert ours.get_nowait() == twin.get_nowait()
    assert ours.empty()


def state(mailbox):
    return mailbox.unfinished, mailbox.maxsize, mailbox.high_water, mailbox.dropped, mailbox.overflow


VALUES = st.sampled_from(["BTC", "ETH", WILDCARD, None, 1, True, 1.0])
OWN = st.dictionaries(st.sampled_from("abc"), VALUES | st.lists(VALUES, max_size=3), max_size=3)
ASKED = st.dictionaries(st.sampled_from("abc"), VALUES | st.lists(VALUES, max_size=2), max_size=3)


@given(own=st.lists(OWN, max_size=6), asked=st.lists(ASKED, max_size=6), limit=st.integers(1, 3))
def test_router(reference, own, asked, limit):
    ours, twin = COMPILED.Router(limit), reference.Router(limit)
    entries = []
    for number, filters in enumerate([*own, {}]):
        for question in asked + asked:
            expected = twin.match(entries, question, KEY, WILDCARD)
            assert ours.match(entries, question, KEY, WILDCARD) == expected
        entries.append({**filters, KEY: number})
        ours.consumers_changed()


def dispatch(reference, examples):
    machine = machine_class(reference).TestCase
    machine.settings = settings(max_examples=examples, stateful_step_count=40)
    machine().runTest()


def test_dispatch(reference):
    dispatch(reference, 200)


@pytest.mark.long
def test_dispatch_at_length(reference):
    dispatch(reference, 4000)


def test_more_consumers_than_the_ready_set_keeps_room_for(reference):
    worlds = [World(COMPILED), World(reference)]
    for world in worlds:
        for number in range(1100):
            world.add(priority=2 - number % 7 % 3, symbol="BTC", size=0, behaviour=("quiet", None))
        # Some became ready before those that come first.
        for step in (-1, 1):
            for consumer in world.consumers[::step]:
                consumer.queue.put_nowait({"depth": 0})
            world.drain()
    assert worlds[0].journal == worlds[1].journal
    assert worlds[0].state() == worlds[1].state()


@given(**POLICY_CASES)
def test_policies_side_by_side(reference, **case):
    policies_side_by_side(reference, **case)
