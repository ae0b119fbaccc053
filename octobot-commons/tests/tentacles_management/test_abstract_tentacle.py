# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError, UnknownSettingError
from octobot_commons.tentacles_management import AbstractTentacle


class RSI(AbstractTentacle):
    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        self.period = self.UI.user_input("period length", UserInputTypes.INT, 14, inputs, min_val=1)
        self.levels = self.UI.user_input("levels", UserInputTypes.OBJECT, None, inputs)
        self.UI.user_input("low", UserInputTypes.FLOAT, 30, inputs, parent_input_name="levels")


class RSIWithFileSettings(RSI):
    ALLOW_SUPER_CLASS_CONFIG = True

    @classmethod
    def get_file_settings(cls) -> tuple[str, ...]:
        return (*super().get_file_settings(), "short")


def setup_with(**configs: dict[str, Any]) -> TentaclesSetupConfig:
    return TentaclesSetupConfig(configs=configs)


@pytest.mark.parametrize("setup_config", [None, TentaclesSetupConfig()])
def test_a_tentacle_needs_no_settings(setup_config: TentaclesSetupConfig | None) -> None:
    tentacle = AbstractTentacle(setup_config)
    tentacle.load_config()
    assert tentacle.specific_config == {}
    assert tentacle.UI.keys() == ()
    assert tentacle.logger is logging.getLogger("AbstractTentacle")
    assert AbstractTentacle.ALLOW_SUPER_CLASS_CONFIG is False


def test_names_and_place_in_the_class_chain() -> None:
    assert RSI.get_name() == "RSI"
    assert AbstractTentacle.__mro__ == (AbstractTentacle, object)


def test_loading_completes_the_live_settings() -> None:
    setup_config = setup_with(RSI={"period_length": 20, "required_candles_count": 200, "default_config": []})
    tentacle = RSI(setup_config)
    assert tentacle.specific_config is setup_config.get_config("RSI")
    assert not hasattr(tentacle, "period")
    tentacle.load_config()
    assert (tentacle.period, tentacle.levels) == (20, {"low": 30})
    assert setup_config.get_config(RSI)["levels"] is tentacle.levels
    assert tentacle.UI.registered["levels"].children["low"].value == 30.0
    again = RSI(setup_config)
    again.load_config()
    assert again.period == 20


def test_a_setting_that_nothing_reads_is_refused() -> None:
    with pytest.raises(UnknownSettingError) as caught:
        RSI(setup_with(RSI={"period_lenght": 20})).load_config()
    place = Path("specific_config", "RSI.json")
    assert str(caught.value) == f"{place}: period_lenght: RSI has no such setting (did you mean period_length?)"
    with pytest.raises(UnknownSettingError, match=r"levels\.loww: RSI has no such setting \(did you mean low\?\)"):
        RSI(setup_with(RSI={"levels": {"loww": 20}})).load_config()


def test_file_settings_are_accepted() -> None:
    tentacle = RSIWithFileSettings(setup_with(RSIWithFileSettings={"short": -2, "required_evaluators": ["*"]}))
    tentacle.load_config()
    assert tentacle.specific_config["short"] == -2
    with pytest.raises(UnknownSettingError, match=r"short: RSI has no such setting"):
        RSI(setup_with(RSI={"short": -2})).load_config()


def test_a_wrong_value_is_refused() -> None:
    with pytest.raises(SettingError, match=r"RSI\.json: period_length: 0 is below the minimum 1 \(at least 1\)$"):
        RSI(setup_with(RSI={"period_length": 0})).load_config()


def test_reloading_reads_the_file_again(tmp_path: Path) -> None:
    file = tmp_path / "specific_config" / "RSI.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"period_length": 20}))
    tentacle = RSI(TentaclesSetupConfig({"RSI": True}, folder=tmp_path))
    tentacle.load_config()
    live = tentacle.specific_config
    file.write_text(json.dumps({"period_length": 30}))
    tentacle.reload_config()
    assert tentacle.period == 30
    assert tentacle.specific_config is live
    assert live == {"period_length": 30, "levels": {"low": 30}}
    child = RSIWithFileSettings(TentaclesSetupConfig(folder=tmp_path))
    child.load_config()
    assert child.period == 30
