# SPDX-License-Identifier: Apache-2.0
"""A tentacle's settings as JSON Schema (draft 2020-12), for editors, screens and other programs.

A settings file fits the schema exactly where ``load_config`` takes it, but for what no schema can say: nested keys that
look like a declared one misspelt, and what a tentacle checks itself. What is for screens only has keys with ``x-``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig
from octobot_commons.declared_settings import declare_settings
from octobot_commons.enums import UserInputOtherSchemaValuesTypes, UserInputTypes
from octobot_commons.setting_values import InvalidValueError, ValueRules, plain
from octobot_commons.tentacles_management.abstract_tentacle import COMMON_FILE_SETTINGS, AbstractTentacle
from octobot_commons.user_inputs import UserInput

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_T = UserInputTypes
_TYPES = {
    _T.INT: "integer",
    _T.FLOAT: "number",
    _T.BOOLEAN: "boolean",
    _T.TEXT: "string",
    _T.OBJECT: "object",
    _T.OBJECT_ARRAY: "array",
    _T.STRING_ARRAY: "array",
    _T.MULTIPLE_OPTIONS: "array",
}
_DESCRIPTION = UserInputOtherSchemaValuesTypes.DESCRIPTION.value
_DEPENDENCIES = UserInputOtherSchemaValuesTypes.DEPENDENCIES.value
#: Properties of an input that screens read, where they are not as here.
_FOR_SCREENS = {"show_in_summary": True, "show_in_optimizer": True, "order": None}


def settings_schema(
    tentacle_class: type[AbstractTentacle], tentacles_setup: TentaclesSetupConfig | None = None
) -> dict[str, Any]:
    """The schema of ``specific_config/<ClassName>.json``.

    Which inputs there are may depend on the settings, so they are those of this setup; None: the defaults.

    Raises:
        OctoBotError: the tentacle cannot declare its settings.
    """
    inputs, problems = declare_settings(tentacle_class, tentacles_setup or TentaclesSetupConfig())
    if problems and not inputs.registered:
        raise problems[0]
    properties = {declared.key: _input_schema(declared) for declared in inputs.registered.values()}
    for name in tentacle_class.get_file_settings():
        properties.setdefault(name, _file_setting_schema(name))
    return {
        "$schema": DRAFT,
        "title": tentacle_class.get_name(),
        "description": (tentacle_class.__doc__ or "").strip().partition("\n")[0],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _file_setting_schema(name: str) -> dict[str, Any]:
    if name not in COMMON_FILE_SETTINGS:
        return {}
    return _or_null(_value_schema(ValueRules(COMMON_FILE_SETTINGS[name]), ()))


def _input_schema(declared: UserInput) -> dict[str, Any]:
    rules, properties = declared.rules, declared.properties
    hints: dict[str, Any] = {"title": properties["title"], "default": rules.initial_value()}
    others = dict(properties["other_schema_values"])
    description = others.pop(_DESCRIPTION, None)
    if description:
        hints["description"] = description
    editor_options = dict(properties["editor_options"])
    screens = {
        "show-if": editor_options.pop(_DEPENDENCIES, None),
        "editor-options": editor_options or None,
        "schema-values": others or None,
        "item-title": properties["item_title"],
        **{key.replace("_", "-"): properties[key] for key, usual in _FOR_SCREENS.items() if properties[key] != usual},
    }
    hints |= {f"x-{key}": value for key, value in screens.items() if value is not None}
    return {**hints, **_or_null(_with_default(rules, _value_schema(rules, declared.children.values())))}


def _value_schema(rules: ValueRules, children: Iterable[UserInput]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": _TYPES[rules.input_type]} if rules.input_type in _TYPES else {}
    match rules.input_type:
        case _T.INT | _T.FLOAT:
            bounds = {"minimum": rules.min_val, "maximum": rules.max_val}
            schema |= {key: plain(bound) for key, bound in bounds.items() if bound is not None and math.isfinite(bound)}
        case _T.STRING_ARRAY:
            schema["items"] = {"type": "string"}
        case _T.OPTIONS if rules.options is not None:
            schema["enum"] = plain(list(rules.options))
        case _T.MULTIPLE_OPTIONS if rules.options is not None:
            schema["items"] = {"enum": _distinct([*plain(list(rules.options)), *rules.initial_value()])}
        case _T.OBJECT | _T.OBJECT_ARRAY:
            nested = {child.key: _input_schema(child) for child in children}
            if nested:
                inner = {"properties": nested}
                schema |= inner if rules.input_type is _T.OBJECT else {"items": {"type": "object", **inner}}
    return schema


def _with_default(rules: ValueRules, schema: dict[str, Any]) -> dict[str, Any]:
    """The default is always taken, also where it is out of range or none of the options."""
    default = rules.initial_value()
    bare = ValueRules(rules.input_type, None, rules.min_val, rules.max_val, rules.options)
    try:
        bare.check(default)
    except InvalidValueError:
        if rules.input_type is _T.OPTIONS:
            return {**schema, "enum": _distinct([*schema["enum"], default])}
        if rules.input_type in (_T.INT, _T.FLOAT):
            return {"anyOf": [schema, {"const": default}]}
    return schema


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Null says that it is not set, so that the default counts."""
    if "anyOf" in schema:
        return {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    widened = dict(schema)
    if "type" in schema:
        widened["type"] = [schema["type"], "null"]
    if "enum" in schema:
        widened["enum"] = _distinct([*schema["enum"], None])
    return widened


def _distinct(values: Iterable[Any]) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        if not any(value == other and isinstance(value, bool) is isinstance(other, bool) for other in kept):
            kept.append(value)
    return kept
