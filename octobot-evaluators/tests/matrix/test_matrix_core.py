# SPDX-License-Identifier: Apache-2.0
"""The compiled tree of notes against its plain-Python twin."""

from __future__ import annotations

import gc
import weakref

import matrix_reference as reference
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrix_operations import (
    DURATIONS,
    apply,
    cryptocurrencies,
    exchanges,
    kinds,
    operations,
    symbols,
    time_frames,
    times,
)

from octobot_evaluators.errors import UnsetTentacleEvaluation
from octobot_evaluators.matrix import _matrix, _note


def picture(node, now):
    return (
        node.key,
        repr(node.node_value),
        node.node_value_time,
        node.is_valid(now),
        node.is_valid(now, 10.0),
        node.is_set(now),
        [picture(child, now) for child in node.children.values()],
    )


def ask(core, now, place, allow_missing, allowed_values):
    try:
        found = core.evaluations(now, *place, allow_missing=allow_missing, allowed_values=allowed_values)
    except UnsetTentacleEvaluation:
        return "unset"
    return {name: repr(node.node_value) for name, node in found.items()}


@settings(max_examples=200, deadline=None)
@given(operations, times, st.tuples(exchanges, kinds, cryptocurrencies, symbols, time_frames), st.booleans())
def test_the_same_operations_give_the_same_matrix(operations, now, place, allow_missing):
    compiled, twin = _matrix.MatrixCore(DURATIONS), reference.MatrixCore(DURATIONS)
    for operation in operations:
        apply(compiled, operation)
        apply(twin, operation)
    assert picture(compiled.root, now) == picture(twin.root, now)
    assert ask(compiled, now, place, allow_missing, None) == ask(twin, now, place, allow_missing, None)
    assert ask(compiled, now, place, allow_missing, ["0"]) == ask(twin, now, place, allow_missing, ["0"])
    assert compiled.valid_notes(now, 5.0, *place) == pytest.approx(twin.valid_notes(now, 5.0, *place), nan_ok=True)


@settings(max_examples=200, deadline=None)
@given(operations, operations, times)
def test_what_is_known_of_a_symbol_is_what_the_twin_knows(before, after, now):
    compiled, twin = _matrix.MatrixCore(DURATIONS), reference.MatrixCore(DURATIONS)
    asked = (now, 5.0, "binance", ("TA", "STRATEGIES"), "Bitcoin", "BTC/USDT")
    for operation in [*before, None, *after, None]:
        for core in (compiled, twin):
            if operation is not None:
                apply(core, operation)
        if operation is None:
            now_and_delta, place = asked[:2], asked[2:]
            known = _matrix.known_notes(*compiled.notes_about(*place), *now_and_delta)
            assert [repr(note[:]) for note in known] == [repr(note) for note in twin.known_notes(*asked)]


@given(st.floats(-6e10, 2e11))
def test_a_month_is_as_long_as_the_calendar_says(time):
    assert _note.month_seconds(time) == reference.month_seconds(time)


def test_a_query_sees_nodes_that_came_and_went_after_it_was_first_asked():
    core = _matrix.MatrixCore(DURATIONS)
    place = ("binance", "TA", None, None, "1h")
    assert core.entries(*place) == ()
    core.write(["binance", "TA", "Rsi", "1h"], 0.5, 0.0, float)
    assert [name for name, _ in core.entries(*place)] == ["Rsi"]
    core.delete(["binance", "TA", "Rsi"])
    assert core.entries(*place) == ()


def test_many_different_queries_do_not_pile_up():
    core = _matrix.MatrixCore(DURATIONS)
    core.write(["binance", "TA", "Rsi", "1h"], 0.5, 0.0, float)
    for i in range(10_000):
        assert core.entries("binance", "TA", None, f"S{i}", None) == ()
    assert len(core.entries("binance", "TA", None, None, "1h")) == 1


def test_deleting_detaches_everything_below():
    core = _matrix.MatrixCore(DURATIONS)
    node = core.node(["binance", "TA", "Rsi"])
    assert node.attached
    core.delete(["binance"])
    assert not node.attached
    assert core.find(["binance"]) is None
    assert core.delete(["binance", "TA"]) is None
    with pytest.raises(ValueError, match="root"):
        core.delete([])


def test_matrices_and_what_they_hold_are_freed():
    class Note:
        pass

    core, note = _matrix.MatrixCore(DURATIONS), Note()
    core.write(["binance", "1h"], note, 0.0, Note, metadata=core)
    alive = weakref.ref(note)
    del core, note
    gc.collect()
    assert alive() is None
