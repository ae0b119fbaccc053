# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import enum
import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.enums import TimeFrames, UserInputTypes
from octobot_commons.setting_values import InvalidValueError, ValueRules, plain

T = UserInputTypes


@pytest.mark.parametrize(
    ("input_type", "value", "used"),
    [
        (T.INT, 14, 14),
        (T.INT, 14.0, 14),
        (T.FLOAT, 14, 14.0),
        (T.FLOAT, 1.5, 1.5),
        (T.BOOLEAN, True, True),
        (T.TEXT, "", ""),
        (T.OBJECT, {"a": 1}, {"a": 1}),
        (T.OBJECT_ARRAY, [{"a": 1}], [{"a": 1}]),
        (T.OBJECT_ARRAY, [40, 30, 20], [40, 30, 20]),
        (T.STRING_ARRAY, ["a"], ["a"]),
        (T.MULTIPLE_OPTIONS, ["a", 2], ["a", 2]),
        (T.OPTIONS, 3, 3),
    ],
)
def test_values_of_the_right_type_are_used_in_it(input_type: T, value: Any, used: Any) -> None:
    checked = ValueRules(input_type).check(value)
    assert (checked, type(checked)) == (used, type(used))


@pytest.mark.parametrize(
    ("input_type", "value", "message"),
    [
        (T.INT, 14.5, "expected a whole number, got 14.5"),
        (T.INT, True, "expected a whole number, got True"),
        (T.INT, "14", "expected a whole number, got '14'"),
        (T.INT, None, "expected a whole number, got None"),
        (T.FLOAT, False, "expected a number, got False"),
        (T.FLOAT, math.nan, "expected a number, got nan"),
        (T.INT, math.inf, "expected a whole number, got inf"),
        (T.BOOLEAN, 1, "expected true or false, got 1"),
        (T.TEXT, 5, "expected text, got 5"),
        (T.OBJECT, [], r"expected an object, got \[\]"),
        (T.OBJECT_ARRAY, {}, r"expected a list, got \{\}"),
        (T.MULTIPLE_OPTIONS, "a", "expected a list, got 'a'"),
        (T.STRING_ARRAY, ["a", 1], r"expected a list of text, got \['a', 1\]"),
    ],
)
def test_values_of_another_type_are_refused(input_type: T, value: Any, message: str) -> None:
    with pytest.raises(InvalidValueError, match=f"^{message}$") as caught:
        ValueRules(input_type, default={} if input_type is T.OBJECT else "other").check(value)
    assert caught.value.remedy in ("the default is 'other'", "the default is {}")


def test_nothing_is_a_value_only_where_it_is_the_default() -> None:
    assert ValueRules(T.TEXT).check(None) is None
    with pytest.raises(InvalidValueError):
        ValueRules(T.OBJECT).check(None)


@pytest.mark.parametrize(
    ("low", "high", "value", "message", "remedy"),
    [
        (1, None, 0, "0 is below the minimum 1", "at least 1"),
        (None, 5, 6, "6 is above the maximum 5", "at most 5"),
        (1, 5, 6, "6 is above the maximum 5", "from 1 to 5"),
    ],
)
def test_ranges(low: float | None, high: float | None, value: int, message: str, remedy: str) -> None:
    rules = ValueRules(T.INT, 3, low, high)
    with pytest.raises(InvalidValueError, match=message) as caught:
        rules.check(value)
    assert caught.value.remedy == remedy
    assert [rules.check(bound) for bound in (low, high) if bound is not None] == [
        bound for bound in (low, high) if bound is not None
    ]


def test_options() -> None:
    rules = ValueRules(T.OPTIONS, "SMA", options=["SMA", "EMA", TimeFrames.ONE_HOUR, 2])
    assert rules.check("EMA") == "EMA"
    assert rules.check("1h") == "1h"
    assert rules.check(2) == 2
    with pytest.raises(InvalidValueError, match="'EMMA' is none of the options") as caught:
        rules.check("EMMA")
    assert caught.value.remedy == "did you mean EMA?"
    with pytest.raises(InvalidValueError, match="7 is none of the options") as caught:
        rules.check(7)
    assert caught.value.remedy == "options: SMA, EMA, 1h, 2"
    with pytest.raises(InvalidValueError, match="True is none"):
        ValueRules(T.OPTIONS, 5, options=[1, 5]).check(True)
    with pytest.raises(InvalidValueError) as caught:
        ValueRules(T.OPTIONS, "a", options=[]).check("b")
    assert caught.value.remedy == "there are no options"
    assert ValueRules(T.OPTIONS, "a").check("anything") == "anything"


def test_several_options() -> None:
    rules = ValueRules(T.MULTIPLE_OPTIONS, ["1h"], options=TimeFrames)
    assert rules.check(["4h", "1d"]) == ["4h", "1d"]
    assert rules.check([]) == []
    with pytest.raises(InvalidValueError, match="'4 h' is none of the options") as caught:
        rules.check(["1h", "4 h"])
    assert caught.value.remedy == "did you mean 4h?"


def test_the_default_is_always_allowed() -> None:
    assert ValueRules(T.INT, 0, min_val=1).check(0) == 0
    assert ValueRules(T.OPTIONS, "gone", options=["a"]).check("gone") == "gone"
    rules = ValueRules(T.MULTIPLE_OPTIONS, ["NotInstalled"], options=["a"])
    assert rules.check(["NotInstalled", "a"]) == ["NotInstalled", "a"]


def test_initial_values_are_plain_copies() -> None:
    default = [{"time_frame": TimeFrames.ONE_HOUR}]
    initial = ValueRules(T.OBJECT_ARRAY, default).initial_value()
    assert initial == [{"time_frame": "1h"}]
    assert type(initial[0]["time_frame"]) is str
    initial[0]["time_frame"] = "4h"
    assert default[0]["time_frame"] is TimeFrames.ONE_HOUR
    for input_type, empty in ((T.OBJECT, {}), (T.OBJECT_ARRAY, []), (T.MULTIPLE_OPTIONS, []), (T.INT, None)):
        assert ValueRules(input_type).initial_value() == empty
    fresh = ValueRules(T.OBJECT).initial_value()
    fresh["a"] = 1
    assert ValueRules(T.OBJECT).initial_value() == {}


class Plain(enum.Enum):
    MEMBER = ("a", Decimal("0.5"))


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from([Plain.MEMBER, TimeFrames.ONE_DAY])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner),
        st.frozensets(st.integers(-5, 5), max_size=3),
        st.dictionaries(st.sampled_from([TimeFrames.ONE_DAY, "key"]), inner, max_size=2),
    ),
)


@given(VALUES)
def test_plain_values_are_what_json_gives_back(value: Any) -> None:
    made_plain = plain(value)
    assert json.loads(json.dumps(made_plain)) == made_plain
    assert plain(made_plain) == made_plain
