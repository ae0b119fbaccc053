# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.errors import ConfigurationError, ProfileError, UnknownSettingError, UnknownTentacleError


@pytest.fixture
def setup_config(profile_folder: Path) -> TentaclesSetupConfig:
    return TentaclesSetupConfig.load(profile_folder / "tentacles_config.json")


def test_activation_is_flat_by_class_name(setup_config: TentaclesSetupConfig) -> None:
    activation = {"RSIMomentumEvaluator": True, "ADXMomentumEvaluator": False, "DailyTradingMode": True}
    assert setup_config.activation == activation
    assert setup_config.is_activated("DailyTradingMode")
    assert not setup_config.is_activated("ADXMomentumEvaluator")
    assert not setup_config.is_activated("Unknown")
    assert setup_config.activated_names() == ["RSIMomentumEvaluator", "DailyTradingMode"]


def test_deeper_and_flat_activation(tmp_path: Path) -> None:
    file = tmp_path / "tentacles_config.json"
    file.write_text('{"tentacle_activation": {"Evaluator": {"TA": {"A": true}, "B": false}, "C": true}}')
    assert TentaclesSetupConfig.load(file).activation == {"A": True, "B": False, "C": True}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, 'tentacle_activation: is missing (write {"Evaluator": {"ClassName": true}})'),
        ({"tentacles_activation": {}}, "tentacle_activation: is missing (rename 'tentacles_activation')"),
        (
            {"tentacle_activation": []},
            'tentacle_activation: must be an object (write {"Evaluator": {"ClassName": true}})',
        ),
        (
            {"tentacle_activation": {"Evaluator": {"A": "yes"}}},
            "tentacle_activation.Evaluator.A: expected true or false, got 'yes' (write true or false)",
        ),
        (
            {"tentacle_activation": {"Evaluator": {"A": True}, "Trading": {"A": False}}},
            "tentacle_activation: A is both activated and not (keep one of them)",
        ),
    ],
)
def test_malformed_activation(tmp_path: Path, content: dict[str, Any], message: str) -> None:
    file = tmp_path / "tentacles_config.json"
    file.write_text(json.dumps(content))
    with pytest.raises(ProfileError) as caught:
        TentaclesSetupConfig.load(file)
    assert str(caught.value) == f"{file}: {message}"


def test_activated_tentacles_must_be_known(setup_config: TentaclesSetupConfig, profile_folder: Path) -> None:
    names = setup_config.check_activated(["DailyTradingMode", "RSIMomentumEvaluator"])
    assert names == setup_config.activated_names()
    file = profile_folder / "tentacles_config.json"
    with pytest.raises(UnknownTentacleError) as caught:
        setup_config.check_activated(["DailyTradingMode", "RSIMomentumEvaluatr"])
    expected = f"{file}: RSIMomentumEvaluator: unknown tentacle (did you mean RSIMomentumEvaluatr?)"
    assert str(caught.value) == expected
    with pytest.raises(UnknownTentacleError, match=r"^A: unknown tentacle \(install it or set it to false\)$"):
        TentaclesSetupConfig({"A": True}).check_activated([])


def test_services_that_are_not_installed_stay_off(
    profile_folder: Path, tentacles_content: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    tentacles_content["tentacle_activation"]["Services"] = {"WebInterface": True, "Known": True, "Off": False}
    file = profile_folder / "tentacles_config.json"
    file.write_text(json.dumps(tentacles_content))
    setup_config = TentaclesSetupConfig.load(file)
    assert setup_config.categories["WebInterface"] == "Services"
    assert setup_config.categories["DailyTradingMode"] == "Trading"
    names = setup_config.check_activated(["DailyTradingMode", "RSIMomentumEvaluator", "Known"])
    assert names == ["RSIMomentumEvaluator", "DailyTradingMode", "Known"]
    assert [record.getMessage() for record in caplog.records] == ["service WebInterface is not installed and stays off"]


class RSIMomentumEvaluator:
    @classmethod
    def get_name(cls) -> str:
        return cls.__name__


class OwnFileOnly(RSIMomentumEvaluator):
    ALLOW_SUPER_CLASS_CONFIG: ClassVar[bool] = False


class ParentsFileToo(RSIMomentumEvaluator):
    ALLOW_SUPER_CLASS_CONFIG: ClassVar[bool] = True


class NoParentWithAFile:
    ALLOW_SUPER_CLASS_CONFIG: ClassVar[bool] = True


def test_settings_are_one_live_dict(setup_config: TentaclesSetupConfig) -> None:
    config = setup_config.get_config(RSIMomentumEvaluator)
    assert config == {"period_length": 20}
    config["trend"] = True
    assert setup_config.get_config("RSIMomentumEvaluator") is config
    assert setup_config.get_config("NoFile") == {}
    assert setup_config.get_config("NoFile") is setup_config.get_config("NoFile")


def test_settings_of_parent_classes(setup_config: TentaclesSetupConfig) -> None:
    assert setup_config.get_config(OwnFileOnly) == {}
    assert setup_config.get_config(ParentsFileToo) == {"period_length": 20}
    assert setup_config.get_config(ParentsFileToo) is not setup_config.get_config(RSIMomentumEvaluator)
    assert setup_config.get_config(NoParentWithAFile) == {}


def test_reloading_reads_the_file_into_the_same_dict(setup_config: TentaclesSetupConfig) -> None:
    config = setup_config.get_config("RSIMomentumEvaluator")
    config["trend"] = True
    setup_config.config_file("RSIMomentumEvaluator").write_text('{"period_length": 30}')
    assert setup_config.reload_config("RSIMomentumEvaluator") is config
    assert config == {"period_length": 30}


def test_settings_without_files() -> None:
    given = {"A": {"x": 1}}
    setup_config = TentaclesSetupConfig({"A": True}, given)
    assert setup_config.get_config("A") is given["A"]
    assert setup_config.reload_config("A") == {"x": 1}
    assert setup_config.config_file("A") == Path("specific_config/A.json")
    assert setup_config.to_dict() == {"A": {"x": 1}}
    assert setup_config.to_dict()["A"] is not given["A"]


def test_a_settings_file_that_cannot_be_read_is_named(setup_config: TentaclesSetupConfig) -> None:
    file = setup_config.config_file("DailyTradingMode")
    file.write_text("[1]")
    with pytest.raises(ConfigurationError) as caught:
        setup_config.get_config("DailyTradingMode")
    assert str(caught.value) == f"{file}: must hold a JSON object (start it with {{ and end it with }})"


def test_settings_that_nothing_reads(setup_config: TentaclesSetupConfig) -> None:
    setup_config.check_settings("RSIMomentumEvaluator", ["period_length"])
    file = setup_config.config_file("RSIMomentumEvaluator")
    for accepted, remedy in (
        (["period_lenght", "x"], "did you mean period_lenght?"),
        (["zzz", "aaa"], "it knows aaa, zzz"),
        ([], "it has no settings"),
    ):
        with pytest.raises(UnknownSettingError) as caught:
            setup_config.check_settings(RSIMomentumEvaluator, accepted)
        expected = f"{file}: period_length: RSIMomentumEvaluator has no such setting ({remedy})"
        assert str(caught.value) == expected
