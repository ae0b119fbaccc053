# SPDX-License-Identifier: Apache-2.0
"""The schemas of all tentacles of this package agree with what the tentacles take."""

from __future__ import annotations

import copy
from importlib import metadata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.configuration import TentaclesSetupConfig, installed_profiles, load_profile
from octobot_commons.declared_settings import declare_settings
from octobot_commons.errors import UserInputError
from octobot_commons.settings_schema import settings_schema
from octobot_commons.tentacles_management import AbstractTentacle, TentacleKind, TentacleRegistry

Draft202012Validator = pytest.importorskip("jsonschema", reason="pip install jsonschema").Draft202012Validator

REGISTRY = TentacleRegistry.discover()
CLASSES = [
    REGISTRY.load(entry_point.name)
    for entry_point in sorted(metadata.entry_points(group="octobot.tentacles"), key=lambda found: found.name)
    if entry_point.dist is not None
    and entry_point.dist.name == "octobot-tentacles"
    # A collector is in no profile.
    and REGISTRY.info(entry_point.name).kind is not TentacleKind.COLLECTOR
]
SCHEMAS = {one.get_name(): settings_schema(one) for one in CLASSES}

every_tentacle = pytest.mark.parametrize("tentacle", CLASSES, ids=[one.get_name() for one in CLASSES])


def problems_of(tentacle: type[AbstractTentacle], settings: dict[str, Any]) -> list[str]:
    setup = TentaclesSetupConfig(configs={tentacle.get_name(): copy.deepcopy(settings)})
    return [error.field or "" for error in declare_settings(tentacle, setup).problems]


def default_settings(tentacle: type[AbstractTentacle]) -> dict[str, Any]:
    return declare_settings(tentacle, TentaclesSetupConfig()).inputs.config


def test_there_are_some() -> None:
    assert len(CLASSES) >= 4


@every_tentacle
def test_schemas_are_schemas_that_the_defaults_fit(tentacle: type[AbstractTentacle]) -> None:
    schema = SCHEMAS[tentacle.get_name()]
    Draft202012Validator.check_schema(schema)
    settings = default_settings(tentacle)
    Draft202012Validator(schema).validate(settings)
    assert problems_of(tentacle, settings) == []
    assert {key: one["default"] for key, one in schema["properties"].items() if "default" in one} == settings


@pytest.mark.parametrize("profile", sorted(installed_profiles()))
def test_the_settings_of_installed_profiles_fit(profile: str) -> None:
    setup = load_profile(installed_profiles()[profile]).tentacles_setup
    for name in setup.activated_names():
        Draft202012Validator(settings_schema(REGISTRY.load(name), setup)).validate(setup.get_config(name))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[type[AbstractTentacle], dict[str, Any], str]:
    """A tentacle, its default settings with one of them changed, and its key."""
    tentacle = draw(st.sampled_from(CLASSES))
    settings = default_settings(tentacle)
    key = draw(st.sampled_from([*settings, "unknown setting"]))
    wrong = (
        st.none() | st.booleans() | st.text(max_size=3) | st.integers(-10, 10_000) | st.floats(-10, 10_000)
        | st.lists(st.sampled_from(["1h", "x", 5]), max_size=2) | st.just({}) | st.sampled_from(["1h", "4h", "1 d"])
    )  # fmt: skip
    return tentacle, {**settings, key: draw(wrong)}, key


@given(mutated())
def test_a_setting_that_the_schema_refuses_is_refused_and_one_that_it_takes_is_not(
    case: tuple[type[AbstractTentacle], dict[str, Any], str],
) -> None:
    """What a tentacle compares itself, as one setting with another, no schema knows: only the former is for all."""
    tentacle, settings, key = case
    validator = Draft202012Validator(SCHEMAS[tentacle.get_name()])
    problems = problems_of(tentacle, settings)
    if not validator.is_valid(settings):
        # In a list of objects the entry is named.
        assert any(problem == key or problem.startswith(f"{key}[") for problem in problems)
    elif problems:
        with pytest.raises(UserInputError):
            _declare_once(tentacle, settings)


def _declare_once(tentacle: type[AbstractTentacle], settings: dict[str, Any]) -> None:
    """Its own checks raise what the inputs report: none of the inputs may."""
    made = tentacle.make_for_settings(TentaclesSetupConfig(configs={tentacle.get_name(): copy.deepcopy(settings)}))

    def refuse(error: Exception) -> None:
        raise AssertionError(f"an input, not the tentacle, refuses what the schema takes: {error}")

    made.report_setting = refuse
    made.load_config()
