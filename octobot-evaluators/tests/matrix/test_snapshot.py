# SPDX-License-Identifier: Apache-2.0
"""What a matrix held at one moment stays as it was."""

from __future__ import annotations

import math

import matrix_reference as reference
import pytest
from hypothesis import given, settings
from matrix_operations import DURATIONS, apply, operations, paths, times

from octobot_commons.clock import SimulatedClock
from octobot_evaluators.matrix import create_matrix, delete_matrix, matrix_notes_reader
from octobot_evaluators.matrix.matrix import Matrix

PATH = ("binance", "TA", "Rsi", "Bitcoin", "BTC/USDT", "1h")


def pictured(snapshot):
    return [(path, repr(note.value), note.time, snapshot.is_valid(path)) for path, note in snapshot.items()]


def expected(core, now):
    return [(path, repr(node.node_value), node.node_value_time, node.is_valid(now)) for path, node in core.written()]


@settings(max_examples=200, deadline=None)
@given(operations, operations, times, paths)
def test_it_is_what_the_twin_holds_and_stays_so(before, after, now, prefix):
    matrix, twin = Matrix("snapshot", SimulatedClock(now)), reference.MatrixCore(DURATIONS)
    for operation in before:
        apply(matrix, operation)
        apply(twin, operation)
    snapshot, known = matrix.snapshot(), expected(twin, now)
    assert pictured(snapshot) == known
    assert len(snapshot) == len(known)
    below = [path for path, _ in snapshot.items(prefix)]
    assert below == [path for path, *_ in known if list(path[: len(prefix)]) == prefix]
    for operation in after:
        apply(matrix, operation)
        apply(twin, operation)
    assert pictured(snapshot) == known
    assert pictured(matrix.snapshot()) == expected(twin, now)


def test_a_note_cannot_be_changed_or_made():
    matrix = Matrix("snapshot", SimulatedClock(3600.0))
    matrix.write(PATH, 0.5, 3600.0, float, "words", {"a": 1})
    note = matrix.snapshot().get(PATH)
    assert (note.value, note.time, note.value_type, note.description, note.metadata, note.fresh_until) == (
        0.5, 3600.0, float, "words", {"a": 1}, math.inf,
    )  # fmt: skip
    for name in ("value", "time", "fresh_until", "another"):
        with pytest.raises(AttributeError):
            setattr(note, name, 1.0)
    with pytest.raises(TypeError, match="made by a matrix"):
        type(note)()


def test_what_was_not_there_is_not_in_it():
    matrix = Matrix("snapshot", SimulatedClock(3600.0), allowed_delta=10.0)
    empty = matrix.snapshot()
    matrix.write(PATH, 0.5, 3600.0, float)
    assert (len(empty), empty.get(PATH), empty.is_valid(PATH)) == (0, None, False)
    snapshot = matrix.snapshot()
    assert (snapshot.time, snapshot.allowed_delta, len(snapshot)) == (3600.0, 10.0, 1)
    assert snapshot.get(PATH[:-1]) is None


def test_a_stale_note_is_in_it_as_such():
    clock = SimulatedClock(3600.0)
    matrix = Matrix("snapshot", clock)
    matrix.write(PATH, 0.5, 3600.0, float)
    fresh = matrix.snapshot()
    clock.advance_to(7200.0)
    assert (fresh.is_valid(PATH), matrix.snapshot().is_valid(PATH)) == (True, False)
    assert matrix.snapshot().get(PATH) is fresh.get(PATH)


def test_remembered_notes_are_told_as_they_were():
    clock = SimulatedClock(3600.0)
    matrix = create_matrix("remembered", clock)
    matrix.write(PATH, 0.5, 3600.0, float)
    remembered = matrix_notes_reader("remembered").remember_notes("remembered", "binance", "Bitcoin", "BTC/USDT")
    clock.advance_to(7200.0)
    matrix.write(PATH, -0.5, 7200.0, float)
    matrix.write((*PATH[:2], "Later", *PATH[3:]), 1.0, 7200.0, float)
    (note,) = remembered()
    assert (note.evaluator, note.time_frame, note.note, note.time, note.is_valid) == ("Rsi", "1h", 0.5, 3600.0, True)
    delete_matrix("remembered")
