# SPDX-License-Identifier: Apache-2.0
"""All that is wrong with settings: what stops a tentacle from loading, and whatever would have come after it."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.declared_settings import declare_settings
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import OctoBotError, SettingError
from octobot_commons.tentacles_management import AbstractTentacle

T = UserInputTypes


class Example(AbstractTentacle):
    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        ui = self.UI.user_input
        ui("mode", T.OPTIONS, "a", inputs, options=["a", "b"])
        low = ui("low", T.INT, 1, inputs, min_val=0)
        high = ui("high", T.INT, 9, inputs)
        if low >= high:
            raise SettingError("low is not below high", field="low")
        levels = ui("levels", T.OBJECT_ARRAY, [], inputs)
        for index in range(len(levels)):
            ui("level", T.FLOAT, 1, inputs, max_val=5, parent_input_name="levels", array_indexes=[index])
            ui("deep", T.OBJECT, None, inputs, parent_input_name="levels", array_indexes=[index])
            ui("is on", T.BOOLEAN, True, inputs, parent_input_name="deep", array_indexes=[index])
        if high == 7:
            raise SettingError("seven is not to be", field="high")


KEYS = ["mode", "low", "high", "levels", "level", "deep", "is_on", "hihg", "required_evaluators"]
VALUES = st.recursive(
    st.sampled_from([None, True, 0, 3, 7, 9, 9.5, "a", "x", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


def setup_with(settings: dict[str, Any]) -> TentaclesSetupConfig:
    return TentaclesSetupConfig(configs={"Example": copy.deepcopy(settings)})


def first_error(settings: dict[str, Any]) -> OctoBotError | None:
    try:
        Example(setup_with(settings)).load_config()
    except OctoBotError as error:
        return error
    return None


@given(settings=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5))
def test_the_first_problem_is_what_loading_raises(settings: dict[str, Any]) -> None:
    setup = setup_with(settings)
    inputs, problems = declare_settings(Example, setup)
    first = first_error(settings)
    assert [str(error) for error in problems[:1]] == ([] if first is None else [str(first)])
    assert len({str(error) for error in problems}) == len(problems)
    # Nothing of the setup is changed, and what comes out, without what nothing reads, is right.
    assert json.dumps(setup.get_config("Example")) == json.dumps(settings)
    if set(inputs.registered) == {"mode", "low", "high", "levels"}:
        usable = {key: value for key, value in inputs.config.items() if key in inputs.registered}
        assert declare_settings(Example, setup_with(usable)).problems == []


@given(st.lists(st.sampled_from(["mode", "low", "levels", "unknown", "required_evaluators"]), unique=True))
def test_each_problem_is_found_beside_the_others(wrong: list[str]) -> None:
    values = {"mode": "c", "low": 50, "levels": "x", "unknown": 1, "required_evaluators": 5}
    problems = declare_settings(Example, setup_with({key: values[key] for key in wrong})).problems
    assert {error.field for error in problems} == set(wrong)


def test_comparisons_of_its_own_are_all_found() -> None:
    settings = {"low": 8, "high": 7, "levels": [{"level": 6}, 5, {"deep": {"is_on": 1}}], "hihg": 1}
    problems = declare_settings(Example, setup_with(settings)).problems
    assert [error.field for error in problems] == [
        "low", "levels[0].level", "levels[1]", "levels[2].deep.is_on", "high", "hihg",
    ]  # fmt: skip
