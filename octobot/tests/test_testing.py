# SPDX-License-Identifier: Apache-2.0
"""What tests of tentacles are given."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from octobot.testing import load_tentacle, notes_of, run_tentacles
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import ProfileError, SettingError, UnknownTentacleError

_NAMES = ("RSIMomentumEvaluator", "SimpleStrategyEvaluator", "DailyTradingMode")
_WEEK = {"start": "2023-03-01", "end": "2023-03-08"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))


def test_tentacles_run_on_recorded_candles() -> None:
    result = run_tentacles(*_NAMES, **_WEEK, time_frames=(TimeFrames.FOUR_HOURS,))
    assert len(notes_of(result, "RSIMomentumEvaluator")) == 7 * 6
    assert notes_of(result, "Nobody") == []
    assert result.settings["time_frames"] == ["4h"]
    again = run_tentacles(*_NAMES, **_WEEK, time_frames=(TimeFrames.FOUR_HOURS,))
    assert (again.notes, again.orders, again.fills) == (result.notes, result.orders, result.fills)


def test_settings_take_the_place_of_the_tentacle_s_own() -> None:
    settings = {"RSIMomentumEvaluator": {"period_length": 5}}
    result = run_tentacles(*_NAMES, **_WEEK, settings=settings)
    assert result.settings["configuration"]["tentacles"]["RSIMomentumEvaluator"]["period_length"] == 5
    assert settings == {"RSIMomentumEvaluator": {"period_length": 5}}
    with pytest.raises(SettingError, match="period_length"):
        run_tentacles(*_NAMES, **_WEEK, settings={"RSIMomentumEvaluator": {"period_length": "long"}})


def test_what_cannot_run_is_refused() -> None:
    with pytest.raises(UnknownTentacleError, match="did you mean RSIMomentumEvaluator"):
        run_tentacles("RSIMomentumEvaluatr", *_NAMES)
    with pytest.raises(ProfileError, match="activates no strategy"):
        run_tentacles("RSIMomentumEvaluator", "DailyTradingMode")
    with pytest.raises(UnknownTentacleError):
        load_tentacle("Nobody")
    assert load_tentacle("DailyTradingMode").get_name() == "DailyTradingMode"


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run_tentacles(*_NAMES, **_WEEK)
    assert os.listdir(tmp_path) == []
