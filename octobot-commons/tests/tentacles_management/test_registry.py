# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import sys
from pathlib import Path

import pytest

from octobot_commons.errors import UnknownTentacleError
from octobot_commons.tentacles_management import AbstractTentacle, TentacleInfo, TentacleKind, TentacleRegistry

PACKAGE = "tentacle_package_for_tests"


class Good(AbstractTentacle):
    pass


class StrategyEvaluator(AbstractTentacle):
    pass


class MyStrategy(StrategyEvaluator):
    pass


def test_discovering_imports_nothing(package: Path) -> None:
    registry = TentacleRegistry.discover()
    assert {"Good", "Mode", "Failing", "Syntax"} <= set(registry.names())
    info = registry.info("Good")
    assert (info.name, info.module, info.class_name) == ("Good", f"{PACKAGE}.evaluators.ta.good", "Good")
    assert (info.distribution, info.version) == ("tentacle-package-for-tests", "1.2")
    assert info.kind is TentacleKind.TA
    assert not [name for name in sys.modules if name.startswith(PACKAGE)]


def test_loading_imports_once(package: Path) -> None:
    registry = TentacleRegistry.discover()
    good = registry.load("Good")
    assert good.get_name() == "Good"
    assert issubclass(good, AbstractTentacle)
    assert registry.get("Good") is good is registry.info("Good").load()
    assert registry.load("Inner").__qualname__ == "Outer.Inner"


def test_an_unknown_name_gets_the_nearest() -> None:
    registry = TentacleRegistry([TentacleInfo("RSIMomentumEvaluator", "a.b", "RSIMomentumEvaluator")])
    for ask in (registry.get, registry.load, registry.info):
        with pytest.raises(UnknownTentacleError) as caught:
            ask("RsiMomentumEvaluatr")
        text = "unknown tentacle 'RsiMomentumEvaluatr' (did you mean RSIMomentumEvaluator?)"
        assert str(caught.value) == text
    with pytest.raises(UnknownTentacleError, match=r"unknown tentacle 'X' \(install the package that brings it\)"):
        registry.get("X")


def test_classes_added_by_hand_replace_installed_ones_with_a_notice(
    package: Path, caplog: pytest.LogCaptureFixture
) -> None:
    registry = TentacleRegistry.discover()
    registry.add(Good)
    assert registry.get("Good") is Good
    (record,) = caplog.records
    assert record.getMessage() == f"Good of {__name__} replaces the one of {PACKAGE}.evaluators.ta.good"


def test_container() -> None:
    registry = TentacleRegistry()
    assert len(registry) == 0
    registry.add(MyStrategy)
    registry.add(Good)
    assert len(registry) == 2
    assert "Good" in registry
    assert "Other" not in registry
    assert registry.names() == ["Good", "MyStrategy"]


def test_by_kind(package: Path) -> None:
    registry = TentacleRegistry([TentacleInfo("TA1", "x.evaluators.ta.one", "TA1")])
    registry.add(MyStrategy)
    registry.add(Good)
    registry.add(TentacleInfo("Mode", f"{PACKAGE}.plain", "Mode"))
    assert [info.name for info in registry.by_kind("TA")] == ["TA1"]
    assert [info.name for info in registry.by_kind(TentacleKind.STRATEGY)] == ["MyStrategy"]
    assert [info.name for info in registry.by_kind(TentacleKind.TRADING_MODE)] == ["Mode"]
    assert [info.name for info in registry.by_kind(TentacleKind.OTHER)] == ["Good"]
