# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.configuration import load_profile
from octobot_commons.configuration.json_file import json_text
from octobot_commons.configuration.profile_file import profile_content as content_of
from octobot_commons.configuration.profile_file import unread_keys
from octobot_commons.configuration.protections import (
    CooldownAfter,
    CooldownConfig,
    DailyLossConfig,
    MaxDrawdownConfig,
    OrderRateConfig,
    ProtectionsConfig,
    StopLossGuardConfig,
)
from octobot_commons.configuration.validation import validate_profile
from octobot_commons.errors import ProfileError
from octobot_commons.tentacles_management import TentacleRegistry

ALL: dict[str, Any] = {
    "max-drawdown": {"percent": 20.5, "lookback-hours": 720, "pause-hours": 24},
    "daily-loss": {"percent": 5, "amount": 100},
    "stop-loss-guard": {"stops": 3, "window-hours": 24, "pause-hours": 12, "per-symbol": True},
    "cooldown": {"minutes": 90, "after": "loss"},
    "order-rate": {"orders": 30, "seconds": 60},
}


def _write(folder: Path, content: dict[str, Any], protections: Any) -> Path:
    content["config"]["trading"]["protections"] = protections
    (folder / "profile.json").write_text(json.dumps(content))
    return folder


def test_every_protection_is_read(profile_folder: Path, profile_content: dict[str, Any]) -> None:
    profile = load_profile(_write(profile_folder, profile_content, ALL))
    assert profile.protections == ProtectionsConfig(
        max_drawdown=MaxDrawdownConfig(
            percent=Decimal("20.5"), lookback_hours=Decimal(720), pause_hours=Decimal(24)
        ),
        daily_loss=DailyLossConfig(percent=Decimal(5), amount=Decimal(100)),
        stop_loss_guard=StopLossGuardConfig(
            stops=3, window_hours=Decimal(24), pause_hours=Decimal(12), per_symbol=True
        ),
        cooldown=CooldownConfig(minutes=Decimal(90), after=CooldownAfter.LOSS),
        order_rate=OrderRateConfig(orders=30, seconds=Decimal(60)),
    )  # fmt: skip
    assert profile.to_dict()["trading"]["protections"]["max-drawdown"]["percent"] == "20.5"


def test_none_is_the_default_and_leaves_no_trace(profile_folder: Path) -> None:
    profile = load_profile(profile_folder)
    assert profile.protections == ProtectionsConfig()
    assert "protections" not in profile.to_dict()["trading"]
    assert "protections" not in content_of(profile)["config"]["trading"]


def test_what_is_written_is_read_again(profile_folder: Path, profile_content: dict[str, Any], tmp_path: Path) -> None:
    profile = load_profile(_write(profile_folder, profile_content, {**ALL, "daily-loss": {"amount": 12.5}}))
    (profile_folder / "profile.json").write_bytes(json_text(content_of(profile)))
    assert load_profile(profile_folder).protections == profile.protections


def test_keys_that_nothing_reads_are_named(profile_folder: Path, profile_content: dict[str, Any]) -> None:
    _write(profile_folder, profile_content, {"cooldown": {"minutes": 1, "wait": 2}, "other": {}})
    found = [one for one in unread_keys(profile_content) if "protections" in one]
    assert found == ["config.trading.protections.other", "config.trading.protections.cooldown.wait"]


@pytest.mark.parametrize(
    ("protections", "message"),
    [
        ([], "protections: expected an object, got a list (correct its value)"),
        ({"cooldwn": {}}, "protections.cooldwn: unknown key (did you mean cooldown?)"),
        ({"cooldown": 5}, "protections.cooldown: expected an object or nothing, got a number (correct its value)"),
        ({"cooldown": {}}, "protections.cooldown.minutes: is missing (write minutes)"),
        ({"cooldown": {"minute": 5}}, "protections.cooldown.minute: unknown key (did you mean minutes?)"),
        ({"cooldown": {"minutes": 0}}, "minutes: 0 is not usable here (write minutes, above 0, at most 5256000)"),
        ({"cooldown": {"minutes": "5"}}, "cooldown.minutes: expected a number, got '5' (write it without quotes)"),
        ({"cooldown": {"minutes": 5, "after": "los"}}, "after: 'los' is not one of any loss (did you mean loss?)"),
        ({"max-drawdown": {"percent": 101}}, "drawdown.percent: 101 is not usable here (write how many percent"),
        ({"max-drawdown": {"percent": 5, "pause-hours": -1}}, "hours: -1 is not usable here (write hours, above 0"),
        ({"daily-loss": {}}, "protections.daily-loss: says no limit (give percent, amount or both)"),
        ({"order-rate": {"orders": 2.5, "seconds": 1}}, "order-rate.orders: 2.5 is no whole number (write how many"),
        ({"stop-loss-guard": {"stops": 3, "window-hours": 1}}, "stop-loss-guard.pause-hours: is missing (write hours)"),
    ],
)  # fmt: skip
def test_mistakes_name_the_field_and_what_to_write(
    profile_folder: Path, profile_content: dict[str, Any], protections: Any, message: str
) -> None:
    _write(profile_folder, profile_content, protections)
    with pytest.raises(ProfileError) as raised:
        load_profile(profile_folder)
    assert message in str(raised.value)
    found = [str(one) for one in validate_profile(profile_folder, TentacleRegistry())]
    assert any(message in one for one in found)


def test_validation_finds_all_mistakes(profile_folder: Path, profile_content: dict[str, Any]) -> None:
    wrong = {"max-drawdown": {"percent": 0, "pause-hours": "x"}, "order-rate": {}}
    _write(profile_folder, profile_content, wrong)
    fields = [
        one.field for one in validate_profile(profile_folder, TentacleRegistry()) if "protections" in str(one.field)
    ]
    assert [field.rpartition("protections.")[2] for field in fields if field is not None] == [
        "max-drawdown.percent", "max-drawdown.pause-hours", "order-rate.orders", "order-rate.seconds",
    ]  # fmt: skip
