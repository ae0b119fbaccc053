# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import copy
from typing import Any

import pytest

from octobot_commons.enums import TimeFrames, UserInputOtherSchemaValuesTypes, UserInputTypes
from octobot_commons.errors import InputDeclarationError, SettingError, UnknownSettingError
from octobot_commons.user_inputs import UserInput, UserInputs

T = UserInputTypes
FILE = "specific_config/RSI.json"


def ui_for(config: dict[str, Any]) -> UserInputs:
    return UserInputs(config, "RSI", FILE)


def test_the_default_completes_the_live_configuration() -> None:
    config: dict[str, Any] = {}
    ui = ui_for(config)
    inputs: dict[str, Any] = {}
    assert ui.user_input("period length", T.INT, 14, inputs, min_val=1) == 14
    assert config == {"period_length": 14}
    assert list(inputs) == ["period_length"]
    assert ui.keys() == ("period_length",)


def test_the_saved_value_wins() -> None:
    config = {"period_length": 20}
    assert ui_for(config).user_input("period_length", "int", 14, {}) == 20
    assert config == {"period_length": 20}


def test_null_means_not_set() -> None:
    config = {"period_length": None, "text": None}
    ui = ui_for(config)
    assert ui.user_input("period_length", T.INT, 14, {}) == 14
    assert ui.user_input("text", T.TEXT, None, {}) is None
    assert config == {"period_length": 14, "text": None}


def test_what_a_screen_needs_is_registered() -> None:
    dependencies = {UserInputOtherSchemaValuesTypes.DEPENDENCIES.value: {"use_stop": True}}
    inputs: dict[str, UserInput] = {}
    ui = ui_for({"level": 3})
    ui.user_input(
        "level", T.FLOAT, 1, inputs, min_val=0, max_val=5, title="The level", order=2, show_in_summary=False,
        editor_options=dependencies, read_only=True,
    )  # fmt: skip
    declared = inputs["level"]
    assert ui.registered["level"] is declared
    assert (declared.name, declared.value, declared.rules.input_type) == ("level", 3.0, T.FLOAT)
    assert (declared.rules.min_val, declared.rules.max_val, declared.rules.default) == (0, 5, 1)
    assert declared.properties["title"] == "The level"
    assert declared.properties["order"] == 2
    assert declared.properties["show_in_summary"] is False
    assert declared.properties["show_in_optimizer"] is True
    assert declared.properties["editor_options"] == {"dependencies": {"use_stop": True}}
    assert declared.properties["read_only"] is True
    ui.user_input("other", T.BOOLEAN, True, None)
    assert ui.registered["other"].properties["title"] == "other"


def test_objects_and_lists_are_live() -> None:
    config: dict[str, Any] = {"pairs": [{"pair": "BTC/USDT"}]}
    ui = ui_for(config)
    assert ui.user_input("pairs", T.OBJECT_ARRAY, [], {}) is config["pairs"]
    assert ui.user_input("more", T.OBJECT_ARRAY, None, {}) is config["more"]
    assert ui.user_input("weights", T.OBJECT, None, {}) is config["weights"]
    assert (config["more"], config["weights"]) == ([], {})


def test_defaults_are_copied() -> None:
    default = [{"weight": 1}]
    stored = ui_for({}).user_input("weights", T.OBJECT_ARRAY, default, {})
    stored[0]["weight"] = 2
    assert default == [{"weight": 1}]


def test_nested_in_an_object() -> None:
    config: dict[str, Any] = {"pattern": {"BUY": "b"}}
    ui = ui_for(config)
    inputs: dict[str, Any] = {}
    ui.user_input("pattern", T.OBJECT, None, inputs)
    assert ui.user_input("BUY", T.TEXT, "B", inputs, parent_input_name="pattern") == "b"
    assert ui.user_input("SELL", T.TEXT, "S", inputs, parent_input_name="pattern") == "S"
    assert config == {"pattern": {"BUY": "b", "SELL": "S"}}
    assert list(inputs) == ["pattern"]
    assert list(inputs["pattern"].children) == ["BUY", "SELL"]
    assert ui.keys() == ("pattern",)


def declare_weights(ui: UserInputs, indexes: tuple[int, int] = (0, 0)) -> list[Any]:
    """Declares three levels of nesting; what each declaration returned."""
    slow, fast = indexes
    levels: dict[str, Any] = {"parent_input_name": "RSI to weight", "array_indexes": [slow]}
    deeper: dict[str, Any] = {"parent_input_name": "fast_thresholds", "array_indexes": [slow, fast]}
    deepest: dict[str, Any] = {"parent_input_name": "weights", "array_indexes": [slow, fast]}
    return [
        ui.user_input("RSI to weight", T.OBJECT_ARRAY, [], {}),
        ui.user_input("slow_threshold", T.INT, 30, {}, **levels),
        ui.user_input("fast_thresholds", T.OBJECT_ARRAY, [], {}, **levels),
        ui.user_input("fast_threshold", T.INT, 20, {}, **deeper),
        ui.user_input("weights", T.OBJECT, None, {}, **deeper),
        ui.user_input("price", T.OPTIONS, 2, {}, options=[1, 2, 3], **deepest),
    ]


def test_empty_lists_get_placeholders_at_every_depth() -> None:
    config: dict[str, Any] = {}
    ui = ui_for(config)
    array, *values = declare_weights(ui)
    element = {"slow_threshold": 30, "fast_thresholds": [{"fast_threshold": 20, "weights": {"price": 2}}]}
    assert config == {"RSI_to_weight": [element]}
    assert array is config["RSI_to_weight"]
    assert values == [30, element["fast_thresholds"], 20, {"price": 2}, 2]
    array[0]["fast_thresholds"][0]["weights"]["price"] = 3
    assert config["RSI_to_weight"][0]["fast_thresholds"][0]["weights"] == {"price": 3}
    weights = ui.registered["RSI_to_weight"].children["fast_thresholds"].children["weights"]
    assert [ancestor.key for ancestor in weights.children["price"].lineage()] == [
        "RSI_to_weight",
        "fast_thresholds",
        "weights",
        "price",
    ]


def test_further_indexes_make_further_elements() -> None:
    config: dict[str, Any] = {}
    ui = ui_for(config)
    declare_weights(ui)
    declare_weights(ui, (2, 1))
    array = config["RSI_to_weight"]
    assert len(array) == 3
    assert array[1] == {}
    assert array[2]["fast_thresholds"] == [{}, {"fast_threshold": 20, "weights": {"price": 2}}]
    assert array[0]["fast_thresholds"][0]["fast_threshold"] == 20
    assert list(ui.registered["RSI_to_weight"].children) == ["slow_threshold", "fast_thresholds"]


def test_saved_elements_win_and_are_completed() -> None:
    config: dict[str, Any] = {
        "RSI_to_weight": [
            {"slow_threshold": 35, "fast_thresholds": [{"fast_threshold": 25}, {"fast_threshold": 26}]},
            {"slow_threshold": 45, "fast_thresholds": []},
        ]
    }
    assert declare_weights(ui_for(config))[1] == 35
    assert config["RSI_to_weight"] == [
        {
            "slow_threshold": 35,
            "fast_thresholds": [{"fast_threshold": 25, "weights": {"price": 2}}, {"fast_threshold": 26}],
        },
        {"slow_threshold": 45, "fast_thresholds": []},
    ]


def test_a_saved_list_is_not_made_longer() -> None:
    config: dict[str, Any] = {"RSI_to_weight": [{"slow_threshold": 35}]}
    ui = ui_for(config)
    declare_weights(ui)
    saved = copy.deepcopy(config)
    array, *values = declare_weights(ui, (1, 0))
    assert array is config["RSI_to_weight"]
    assert values == [30, [{"fast_threshold": 20, "weights": {"price": 2}}], 20, {"price": 2}, 2]
    assert config == saved


def test_a_default_list_is_completed_and_can_grow() -> None:
    config: dict[str, Any] = {}
    ui = ui_for(config)
    ui.user_input("pairs", T.OBJECT_ARRAY, [{"pair": "BTC/USDT"}], {})
    nested = {"parent_input_name": "pairs"}
    assert ui.user_input("pair", T.TEXT, "ETH/USDT", {}, array_indexes=[0], **nested) == "BTC/USDT"
    assert ui.user_input("pair", T.TEXT, "ETH/USDT", {}, array_indexes=[1], **nested) == "ETH/USDT"
    assert config == {"pairs": [{"pair": "BTC/USDT"}, {"pair": "ETH/USDT"}]}


def test_declaring_again_changes_nothing() -> None:
    config: dict[str, Any] = {"RSI_to_weight": []}
    first = copy.deepcopy(declare_weights(ui_for(config)))
    completed = copy.deepcopy(config)
    assert declare_weights(ui_for(config)) == first
    ui = ui_for(config)
    declare_weights(ui)
    assert declare_weights(ui) == first
    assert config == completed


def test_missing_indexes_are_zero() -> None:
    config: dict[str, Any] = {}
    ui = ui_for(config)
    ui.user_input("pairs", T.OBJECT_ARRAY, None, {})
    assert ui.user_input("pair", T.TEXT, "x", {}, parent_input_name="pairs") == "x"
    assert config == {"pairs": [{"pair": "x"}]}


def test_containers_that_were_never_declared_at_this_index_are_made() -> None:
    config: dict[str, Any] = {}
    ui = ui_for(config)
    declare_weights(ui)
    deepest = {"parent_input_name": "weights", "array_indexes": [1, 0]}
    assert ui.user_input("price", T.OPTIONS, 2, {}, options=[1, 2, 3], **deepest) == 2
    assert config["RSI_to_weight"][1] == {"fast_thresholds": [{"weights": {"price": 2}}]}


def test_of_several_parents_with_one_name_the_last_declared_is_meant() -> None:
    config: dict[str, Any] = {}
    ui = ui_for(config)
    for outer in ("first", "second"):
        ui.user_input(outer, T.OBJECT, None, {})
        ui.user_input("limits", T.OBJECT, None, {}, parent_input_name=outer)
        ui.user_input("low", T.INT, 1, {}, parent_input_name="limits")
    assert config == {"first": {"limits": {"low": 1}}, "second": {"limits": {"low": 1}}}


def test_lists_of_plain_values_are_kept() -> None:
    config: dict[str, Any] = {"trend_averages": [40, 30]}
    assert ui_for(config).user_input("trend_averages", T.OBJECT_ARRAY, [1], {}) == [40, 30]


def test_time_frames_are_stored_as_text() -> None:
    config: dict[str, Any] = {}
    ui = ui_for(config)
    value = ui.user_input("frames", T.MULTIPLE_OPTIONS, [TimeFrames.ONE_HOUR], {}, options=TimeFrames)
    assert value == ["1h"]
    assert type(config["frames"][0]) is str
    assert ui.user_input("one", T.OPTIONS, TimeFrames.ONE_DAY, {}, options=iter(TimeFrames)) == "1d"


def test_a_wrong_value_names_file_field_and_remedy() -> None:
    ui = ui_for({"period": 0, "pairs": [{}, {"limits": {"low": "x"}}]})
    with pytest.raises(SettingError) as caught:
        ui.user_input("period", T.INT, 14, {}, min_val=1)
    assert str(caught.value) == f"{FILE}: period: 0 is below the minimum 1 (at least 1)"
    ui.user_input("pairs", T.OBJECT_ARRAY, None, {})
    ui.user_input("limits", T.OBJECT, None, {}, parent_input_name="pairs", array_indexes=[1])
    with pytest.raises(SettingError) as caught:
        ui.user_input("low", T.INT, 1, {}, parent_input_name="limits", array_indexes=[1])
    assert str(caught.value) == f"{FILE}: pairs[1].limits.low: expected a whole number, got 'x' (the default is 1)"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"pairs": [5]}, "pairs[0]: expected an object, got 5"),
        ({"pairs": [{"limits": 5}]}, "pairs[0].limits: expected an object, got 5 (the default is {})"),
    ],
)
def test_parents_of_another_type_are_refused(config: dict[str, Any], message: str) -> None:
    ui = ui_for(config)
    ui.user_input("pairs", T.OBJECT_ARRAY, None, {})
    with pytest.raises(SettingError) as caught:
        ui.user_input("limits", T.OBJECT, {}, {}, parent_input_name="pairs", array_indexes=[0])
    assert str(caught.value) == f"{FILE}: {message}"


def test_containers_of_another_type_at_an_index_never_declared_are_refused() -> None:
    ui = ui_for({"pairs": [{}, {"levels": 3, "limits": 4}]})
    ui.user_input("pairs", T.OBJECT_ARRAY, None, {})
    ui.user_input("levels", T.OBJECT_ARRAY, None, {}, parent_input_name="pairs", array_indexes=[0])
    ui.user_input("limits", T.OBJECT, None, {}, parent_input_name="pairs", array_indexes=[0])
    with pytest.raises(SettingError, match=r"pairs\[1\]\.levels: expected a list, got 3"):
        ui.user_input("level", T.INT, 1, {}, parent_input_name="levels", array_indexes=[1, 0])
    with pytest.raises(SettingError, match=r"pairs\[1\]\.limits: expected an object, got 4"):
        ui.user_input("low", T.INT, 1, {}, parent_input_name="limits", array_indexes=[1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"parent_input_name": "pair"}, "its parent 'pair' is not declared (did you mean pairs?)"),
        ({"parent_input_name": "xyz"}, "its parent 'xyz' is not declared (declare the parent first)"),
        ({"parent_input_name": "count"}, "its parent 'count' is neither an object nor a list of objects"),
        (
            {"parent_input_name": "pairs", "array_indexes": [0, 1]},
            "array_indexes=[0, 1] has more indexes than there are lists",
        ),
        ({"parent_input_name": "pairs", "array_indexes": [-1]}, "array_indexes=[-1] has a negative index"),
        ({"array_indexes": [0]}, "array_indexes=[0] has more indexes than there are lists"),
    ],
)
def test_inconsistent_declarations_are_refused(arguments: dict[str, Any], message: str) -> None:
    ui = ui_for({})
    ui.user_input("pairs", T.OBJECT_ARRAY, None, {})
    ui.user_input("count", T.INT, 1, {})
    with pytest.raises(InputDeclarationError) as caught:
        ui.user_input("low", T.INT, 1, {}, **arguments)
    assert str(caught.value) == f"RSI declares 'low': {message}"


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="'number' is not a valid UserInputTypes"):
        ui_for({}).user_input("low", "number", 1, {})


def declare_pairs(config: dict[str, Any]) -> UserInputs:
    ui = ui_for(config)
    ui.user_input("pairs", T.OBJECT_ARRAY, None, {})
    for name in ("buy_funds", "sell_funds", "spread"):
        ui.user_input(name, T.FLOAT, 0, {}, parent_input_name="pairs", array_indexes=[0])
    return ui


@pytest.mark.parametrize(
    ("config", "field", "nearest"),
    [
        ({"pairs": [{"spred": 5}]}, "pairs[0].spred", "spread"),
        ({"pairs": [{"spread": 1}, {"buy_fund": 5}]}, "pairs[1].buy_fund", "buy_funds"),
    ],
)
def test_a_nested_key_misspelt_is_refused(config: dict[str, Any], field: str, nearest: str) -> None:
    with pytest.raises(UnknownSettingError) as caught:
        declare_pairs(config).check_nested_keys()
    assert str(caught.value) == f"{FILE}: {field}: RSI has no such setting (did you mean {nearest}?)"


def test_elements_that_lack_a_nested_object_are_let_be() -> None:
    ui = ui_for({"pairs": [{}, {}]})
    ui.user_input("pairs", T.OBJECT_ARRAY, None, {})
    ui.user_input("limits", T.OBJECT, None, {}, parent_input_name="pairs", array_indexes=[0])
    ui.user_input("low", T.INT, 1, {}, parent_input_name="limits", array_indexes=[0])
    ui.check_nested_keys()
    assert ui.config == {"pairs": [{"limits": {"low": 1}}, {}]}


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"pairs": [{"buy_funds": 3}]},
        {"pairs": [{"spread": 3, "use_fixed_volume_for_mirror_orders": False}, 7]},
        # Alike, but the one that it is alike to is set too: somebody's old key.
        {"pairs": [{"spread": 3, "spreads": 4}]},
        {"unknown": {"anything": 1}},
    ],
)
def test_other_nested_keys_are_let_be(config: dict[str, Any]) -> None:
    declare_pairs(config).check_nested_keys()
