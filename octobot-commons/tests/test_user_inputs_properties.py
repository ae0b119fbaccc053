# SPDX-License-Identifier: Apache-2.0
"""Whatever was saved, declaring inputs keeps it, completes it and settles."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.enums import UserInputTypes
from octobot_commons.user_inputs import UserInputs

T = UserInputTypes

#: A tree of inputs: (name, type, default, children).
Declared = tuple[str, T, Any, list[Any]]

LEAVES = st.one_of(
    st.tuples(st.just(T.INT), st.integers(-9, 9)),
    st.tuples(st.just(T.BOOLEAN), st.booleans()),
    st.tuples(st.just(T.TEXT), st.sampled_from(["", "a", "b"])),
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> list[Declared]:
    declared = []
    for number in range(draw(st.integers(1, 3))):
        name = f"input {depth} {number}"
        if depth < 3 and draw(st.booleans()):
            kind = draw(st.sampled_from([T.OBJECT, T.OBJECT_ARRAY]))
            declared.append((name, kind, None, draw(trees(depth=depth + 1))))
        else:
            declared.append((name, *draw(LEAVES), []))
    return declared


@st.composite
def saved_for(draw: st.DrawFn, declared: list[Declared]) -> dict[str, Any]:
    saved: dict[str, Any] = {}
    for name, kind, _, children in declared:
        key = name.replace(" ", "_")
        if draw(st.booleans()):
            continue
        if kind is T.OBJECT:
            saved[key] = draw(saved_for(children))
        elif kind is T.OBJECT_ARRAY:
            saved[key] = draw(st.lists(saved_for(children), max_size=3))
        else:
            others = {T.INT: st.integers(-9, 9), T.BOOLEAN: st.booleans(), T.TEXT: st.just("saved")}
            saved[key] = draw(others[kind])
    if draw(st.booleans()):
        saved["not declared"] = 5
    return saved


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Declared], dict[str, Any]]:
    declared = draw(trees())
    return declared, draw(saved_for(declared))


def declare(ui: UserInputs, declared: list[Declared], parent: str | None = None, indexes: tuple[int, ...] = ()) -> None:
    for name, kind, default, children in declared:
        value = ui.user_input(name, kind, default, {}, parent_input_name=parent, array_indexes=indexes)
        if kind is T.OBJECT:
            declare(ui, children, name, indexes)
        elif kind is T.OBJECT_ARRAY:
            for index in range(max(1, len(value))):
                declare(ui, children, name, (*indexes, index))


def completed(declared: list[Declared], saved: dict[str, Any]) -> dict[str, Any]:
    """The oracle: what the configuration must be afterwards."""
    result = dict(saved)
    for name, kind, default, children in declared:
        key = name.replace(" ", "_")
        if kind is T.OBJECT:
            result[key] = completed(children, saved.get(key, {}))
        elif kind is T.OBJECT_ARRAY:
            result[key] = [completed(children, element) for element in saved.get(key) or [{}]]
        else:
            result.setdefault(key, default)
    return result


@given(cases())
def test_declaring_completes_what_was_saved(case: tuple[list[Declared], dict[str, Any]]) -> None:
    declared, saved = case
    config = copy.deepcopy(saved)
    ui = UserInputs(config, "T")
    declare(ui, declared)
    assert config == completed(declared, saved)
    assert ui.keys() == tuple(name.replace(" ", "_") for name, *_ in declared)
    settled = json.dumps(config)
    declare(ui, declared)
    declare(UserInputs(config, "T"), declared)
    assert json.dumps(config) == settled
