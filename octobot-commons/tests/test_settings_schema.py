# SPDX-License-Identifier: Apache-2.0
"""A settings file fits the schema of its tentacle exactly where the tentacle takes it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.declared_settings import declare_settings
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_commons.settings_schema import DRAFT, settings_schema
from octobot_commons.tentacles_management import AbstractTentacle

Draft202012Validator = pytest.importorskip("jsonschema", reason="pip install jsonschema").Draft202012Validator

T = UserInputTypes


class Example(AbstractTentacle):
    """Has an input of each type.

    And more to say.
    """

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        ui = self.UI.user_input
        ui("period length", T.INT, 14, inputs, min_val=1, max_val=500, title="Period", order=3)
        ui("factor", T.FLOAT, 3, inputs, min_val=0, other_schema_values={"description": "How far", "minLength": 3})
        ui("is on", T.BOOLEAN, True, inputs, show_in_optimizer=False)
        ui("average", T.OPTIONS, "SMA", inputs, options=("SMA", "EMA", 5), editor_options={"collapsed": True})
        ui("free", T.OPTIONS, None, inputs)
        ui("frames", T.MULTIPLE_OPTIONS, ["1h"], inputs, options=["1h", "4h"],
           editor_options={"dependencies": {"is_on": True}})  # fmt: skip
        ui("text", T.TEXT, "", inputs)
        ui("names", T.STRING_ARRAY, ["a"], inputs, item_title="name")
        ui("levels", T.OBJECT, None, inputs)
        ui("low level", T.FLOAT, 30, inputs, parent_input_name="levels", max_val=50)
        ui("more", T.OBJECT, None, inputs, parent_input_name="levels")
        ui("deep", T.BOOLEAN, False, inputs, parent_input_name="more")
        weights = ui("weights", T.OBJECT_ARRAY, [{"weight": 1}], inputs)
        for index in range(len(weights)):
            ui("weight", T.FLOAT, 1, inputs, min_val=0, parent_input_name="weights", array_indexes=[index])
        ui("numbers", T.OBJECT_ARRAY, [40, 30], inputs)
        ui("odd default", T.INT, 0, inputs, min_val=1)
        ui("odd option", T.OPTIONS, "old", inputs, options=["new"])
        ui("odd options", T.MULTIPLE_OPTIONS, ["old"], inputs, options=["new"])

    @classmethod
    def get_file_settings(cls) -> tuple[str, ...]:
        return (*super().get_file_settings(), "only in files")


SCHEMA = settings_schema(Example)


def is_taken(settings: dict[str, Any]) -> bool:
    setup = TentaclesSetupConfig(configs={"Example": copy.deepcopy(settings)})
    return not declare_settings(Example, setup).problems


def fits(settings: dict[str, Any]) -> bool:
    return bool(Draft202012Validator(SCHEMA).is_valid(settings))


def test_what_the_schema_says() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert (SCHEMA["$schema"], SCHEMA["title"], SCHEMA["description"]) == (
        DRAFT, "Example", "Has an input of each type.",
    )  # fmt: skip
    properties = SCHEMA["properties"]
    assert properties["period_length"] == {
        "title": "Period", "default": 14, "x-order": 3, "type": ["integer", "null"], "minimum": 1, "maximum": 500,
    }  # fmt: skip
    assert properties["factor"]["description"] == "How far"
    assert properties["factor"]["x-schema-values"] == {"minLength": 3}
    assert properties["is_on"]["x-show-in-optimizer"] is False
    assert properties["average"]["enum"] == ["SMA", "EMA", 5, None]
    assert properties["average"]["x-editor-options"] == {"collapsed": True}
    assert properties["frames"]["x-show-if"] == {"is_on": True}
    assert properties["frames"]["items"] == {"enum": ["1h", "4h"]}
    assert properties["names"]["x-item-title"] == "name"
    assert properties["levels"]["default"] == {}
    assert list(properties["levels"]["properties"]) == ["low_level", "more"]
    assert properties["weights"]["items"]["properties"]["weight"]["minimum"] == 0
    assert properties["numbers"] == {"title": "numbers", "default": [40, 30], "type": ["array", "null"]}
    assert properties["only in files"] == {}
    assert properties["required_evaluators"] == {"type": ["array", "null"], "items": {"type": "string"}}


def test_the_defaults_fit() -> None:
    settings = declare_settings(Example, TentaclesSetupConfig()).inputs.config
    assert fits(settings)
    assert is_taken(settings)


VALUES = (
    st.none() | st.booleans() | st.integers(-5, 600) | st.floats(-5, 600)
    | st.sampled_from(["", "a", "SMA", "EMA", "1h", "4h", "old", "new", "1", 2.0, 40.0, -1, 1e300])
)  # fmt: skip
ANYTHING = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["low_level", "more", "deep", "weight", "z"]), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = st.sampled_from([*SCHEMA["properties"], "period", "z", "Factor"])


@given(settings=st.dictionaries(KEYS, ANYTHING, max_size=4))
def test_what_is_taken_fits_and_what_is_not_does_not(settings: dict[str, Any]) -> None:
    assert fits(settings) is is_taken(settings)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, True),
        ({"period_length": 14.0}, True),
        ({"period_length": 14.5}, False),
        ({"period_length": True}, False),
        ({"factor": 1}, True),
        ({"factor": float("inf")}, None),
        ({"is_on": 1}, False),
        ({"average": 5}, True),
        ({"average": "5"}, False),
        ({"levels": {"low_level": 51}}, False),
        ({"levels": {"more": {"deep": 1}}}, False),
        ({"levels": {"unknown": 1}}, True),
        ({"weights": [{"weight": 1}, {"weight": -1}]}, False),
        ({"weights": [5]}, False),
        ({"numbers": [5, "x"]}, True),
        ({"odd_default": 0}, True),
        ({"odd_default": -1}, False),
        ({"odd_option": "old"}, True),
        ({"odd_options": ["old", "new"]}, True),
        ({"odd_options": ["other"]}, False),
        ({"required_evaluators": "*"}, False),
        ({"only in files": {"x": 5}}, True),
        ({"$schema": "schemas/Example.schema.json"}, True),
        ({"unknown": 1}, False),
    ],
)
def test_a_table(settings: dict[str, Any], expected: bool | None) -> None:
    assert is_taken(settings) is bool(expected)
    if expected is not None:  # None: JSON has no such number
        assert fits(settings) is expected


class Growing(AbstractTentacle):
    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        pairs = self.UI.user_input("pairs", T.OBJECT_ARRAY, [], inputs)
        for index in range(len(pairs)):
            self.UI.user_input("pair", T.TEXT, "", inputs, parent_input_name="pairs", array_indexes=[index])


def test_inputs_that_depend_on_settings_are_those_of_the_setup() -> None:
    setup = TentaclesSetupConfig(configs={"Growing": {"pairs": [{"pair": "BTC/USDT"}]}})
    assert "items" not in settings_schema(Growing)["properties"]["pairs"]
    assert settings_schema(Growing, setup)["properties"]["pairs"]["items"]["properties"]["pair"]["default"] == ""
    assert setup.get_config("Growing") == {"pairs": [{"pair": "BTC/USDT"}]}


class Refusing(AbstractTentacle):
    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        raise SettingError("nothing is good enough", field="anything")


def test_a_tentacle_without_a_schema() -> None:
    with pytest.raises(SettingError, match="nothing is good enough"):
        settings_schema(Refusing)
