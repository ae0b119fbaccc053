# SPDX-License-Identifier: Apache-2.0
"""What counts as different, and whose fault it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot.verify.agreement import agreement
from octobot.verify.blame import Blame
from octobot.verify.dates import wrong_dates
from octobot.verify.differences import differences, same
from octobot.verify.findings import Finding, FindingKind
from octobot.verify.records import Cell, Deal, Note, RunRecord, Trespass, plain
from octobot_trading.history import series_from_arrays

_NAN = float("nan")
_RSI = Cell("RSI", "TA", "Bitcoin", "BTC/USDT", "1h")
_MEAN = Cell("Mean", "STRATEGIES", "Bitcoin", "BTC/USDT", None)


def _note(time: float, value: Any, **more: Any) -> Note:
    fields = {"place": 0, "eval_time": time, "description": None, "metadata": None, "at_close": True, **more}
    return Note(time=time, value=value, **fields)


def _record(notes: dict[Cell, list[Note]], orders: list[Deal] | None = None, **more: Any) -> RunRecord:
    return RunRecord(list(notes.items()), orders or [], [], "Mode", more.get("crossings", []), more.get("outside", []))


@pytest.mark.parametrize(
    ("one", "two"),
    [(1.0, 1), (_NAN, _NAN), ("0", "0"), ([1.0, _NAN], [1.0, _NAN]), ({"a": [None]}, {"a": [None]}), (True, True)],
)
def test_what_is_the_same(one: Any, two: Any) -> None:
    assert same(one, two)
    assert same(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (1.0, 1.1),
        (_NAN, 1.0),
        ("0", 0.0),
        (0.0, None),
        ([1.0], [1.0, 2.0]),
        ({"a": 1}, {"b": 1}),
        (True, 1),
        (True, 1.0),
    ],
)
def test_what_is_not(one: Any, two: Any) -> None:
    assert not same(one, two)
    assert not same(two, one)


def test_a_tolerance_is_for_numbers_wherever_they_are() -> None:
    assert same({"a": [1.0, 2.0]}, {"a": [1.05, 2.0]}, 0.1)
    assert not same({"a": [1.0, 2.0]}, {"a": [1.2, 2.0]}, 0.1)
    assert not same("1.0", "1.05", 0.1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
    )
)
def test_everything_equals_itself(value: Any) -> None:
    assert same(plain(value), plain(value))


def test_plain_values() -> None:
    class _Odd:
        pass

    assert plain(np.float64(0.5)) == 0.5
    assert plain((np.array([1, 2]), {3: {"b", "a"}})) == [[1, 2], {"3": ["a", "b"]}]
    assert plain(Decimal("0.10")) == "0.10"
    assert plain(_Odd()) == plain(_Odd())


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (_note(2.0, 0.6), "value"),
        (_note(2.0, 0.5, eval_time=1.0), "eval_time"),
        (_note(2.0, 0.5, description="higher"), "description"),
        (_note(2.0, 0.5, metadata={"a": 1}), "metadata"),
        (_note(2.5, 0.5, eval_time=2.0), "time"),
        (None, "missing"),
    ],
)
def test_the_first_difference_of_a_cell(other: Note | None, what: str) -> None:
    whole = _record({_RSI: [_note(1.0, 0.1), _note(2.0, 0.5), _note(3.0, 0.7)]})
    changed = _record({_RSI: [_note(1.0, 0.1), *([] if other is None else [other])]})
    (found,) = differences(whole, changed)
    assert (found.cell, found.time, found.what) == (_RSI, 2.0, what)
    assert differences(whole, changed, until=1.9) == []


def test_additional_notes_and_cells_are_differences() -> None:
    whole, changed = _record({}), _record({_RSI: [_note(1.0, 0.1)]})
    (found,) = differences(whole, changed)
    assert (found.what, found.expected, found.found) == ("additional", None, 0.1)


def test_orders_are_compared_as_far_as_they_were_known() -> None:
    def order(**changes: Any) -> Deal:
        fields = {"symbol": "BTC/USDT", "time": 1.0, "begun": {"price": "9"}, "end_time": 5.0, "ended": {"cost": "1"}}
        return Deal(**{**fields, **changes})

    whole = _record({}, [order()])
    assert differences(whole, _record({}, [order(ended={"cost": "2"})]), until=4.0) == []
    for changed in ([order(ended={"cost": "2"})], [order(begun={"price": "8"})], [], [order(), order(time=2.0)]):
        (found,) = differences(whole, _record({}, changed), until=5.0)
        assert (found.cell.evaluator, found.what) == ("Mode", "order")


def _blamed(whole: RunRecord, other: RunRecord) -> tuple[list[tuple[str | None, float]], set[str]]:
    blame = Blame(whole)
    blame.compare(FindingKind.FUTURE, "cut", other)
    return [(one.tentacle, one.time) for one in blame.first_findings()], blame.affected


def test_who_follows_is_not_to_blame() -> None:
    order = Deal("BTC/USDT", 2.0, {"price": "9"})
    whole = _record({_RSI: [_note(2.0, 0.1)], _MEAN: [_note(2.0, 0.1)]}, [order])
    assert _blamed(whole, _record({_RSI: [_note(2.0, 0.3)], _MEAN: [_note(2.0, 0.3)]})) == (
        [("RSI", 2.0)],
        {"Mean", "Mode"},
    )
    assert _blamed(whole, _record({_RSI: [_note(2.0, 0.1)], _MEAN: [_note(2.0, 0.3)]})) == ([("Mean", 2.0)], {"Mode"})
    assert _blamed(whole, _record(dict(whole.notes))) == ([("Mode", 2.0)], set())


def test_who_differs_before_its_cause_is_to_blame() -> None:
    whole = _record({_RSI: [_note(2.0, 0.1)], _MEAN: [_note(1.0, 0.1)]})
    found, _ = _blamed(whole, _record({_RSI: [_note(2.0, 0.3)], _MEAN: [_note(1.0, 0.3)]}))
    assert found == [("Mean", 1.0), ("RSI", 2.0)]


def test_of_who_never_repeats_itself_nothing_else_is_said() -> None:
    whole, other = _record({_RSI: [_note(1.0, 0.1)]}), _record({_RSI: [_note(1.0, 0.3)]})
    blame = Blame(whole)
    for kind in (FindingKind.FUTURE, FindingKind.NOT_REPEATABLE, FindingKind.EARLIER_RUN):
        blame.compare(kind, "run", other)
    blame.add_trespasses(_record({}, crossings=[Trespass("RSI", "rsi.py", 3, "reads", 1.0)]))
    kinds = [one.kind for one in blame.first_findings()]
    assert kinds == [FindingKind.READ_AHEAD, FindingKind.NOT_REPEATABLE]


def test_only_the_first_note_of_a_close_is_compared_where_candles_were_in_construction() -> None:
    whole = _record({_RSI: [_note(1.0, 0.1), _note(2.0, 0.2)], _MEAN: [_note(1.0, 0.5)]})
    again = [_note(1.0, 0.1), _note(1.0, 0.9, at_close=False), _note(2.0, 0.2)]
    blame = Blame(whole)
    blame.compare(FindingKind.IN_CONSTRUCTION, "again", _record({_RSI: again, _MEAN: []}))
    assert blame.first_findings() == []


def test_dates_that_cannot_be() -> None:
    hours = series_from_arrays(
        *(np.arange(10) * 3600.0, *(np.full(10, 1.0) for _ in range(5))), symbol="BTC/USDT", time_frame="1h"
    )

    def found(note: Note) -> list[tuple[FindingKind, Any, Any]]:
        return [(one.kind, one.expected, one.found) for one in wrong_dates(_record({_RSI: [note]}), [hours])]

    assert found(_note(7200.0, 0.0)) == []
    assert found(_note(9000.0, 0.0, eval_time=7200.0)) == []
    assert found(_note(7200.0, 0.0, eval_time=7201.0)) == [(FindingKind.DATED_AHEAD, 7200.0, 7201.0)]
    assert found(_note(7200.0, 0.0, eval_time=3600.0)) == [(FindingKind.BACK_DATED, 7200.0, 3600.0)]
    assert list(wrong_dates(_record({_MEAN: [_note(7200.0, 0.0, eval_time=3600.0)]}), [hours])) == []


def test_agreement_is_of_the_values_after_the_start() -> None:
    mine = _record({_RSI: [_note(1.0, 0.1), _note(2.0, 0.2), _note(3.0, 0.3), _note(4.0, 0.4)]})
    other = _record({_RSI: [_note(2.0, 0.25), _note(3.0, 0.3000001), _note(4.0, 0.4)]})
    of_cell = agreement(mine, other, 1.0, 1e-6)[_RSI]
    assert not of_cell.agrees
    assert (of_cell.last_difference, of_cell.is_apart_at_the_end) == (2.0, False)
    assert agreement(mine, other, 2.0, 1e-6)[_RSI].agrees
    assert agreement(mine, other, 2.0, 0.0)[_RSI].last_difference == 3.0
    assert agreement(mine, _record({}), 1.0, 0.0)[_RSI].is_apart_at_the_end


def test_findings_are_ordered_by_tentacle() -> None:
    blame = Blame(_record({}))
    blame.add([Finding(kind=FindingKind.FUTURE, tentacle=name, time=1.0) for name in ("B", None, "A", "B")])
    assert [one.tentacle for one in blame.first_findings()] == [None, "A", "B"]
