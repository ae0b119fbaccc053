# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from octobot_commons.errors import TentacleLoadError
from octobot_commons.tentacles_management import AbstractTentacle, TentacleInfo, TentacleKind, TentacleRegistry

SOURCE = "tentacle of tentacle-package-for-tests 1.2 cannot be imported"
OFF = "set it to false in tentacles_config.json"


@pytest.mark.parametrize(
    ("name", "file", "place", "message"),
    [
        (
            "Failing",
            "failing.py",
            "row 3, Failing",
            f"{SOURCE}: TypeError: must be real number, not str (repair it, or {OFF})",
        ),
        ("Deep", "helper.py", "row 2, Deep", f"{SOURCE}: RuntimeError: deep (repair it, or {OFF})"),
        (
            "Dependent",
            "dependent.py",
            "row 1, Dependent",
            f"{SOURCE}: ModuleNotFoundError: No module named 'package_nobody_installed' "
            f"(install package_nobody_installed, or repair it, or {OFF})",
        ),
        (
            "Goood",
            "plain.py",
            "Goood",
            "has no class Goood (did you mean Good?)",
        ),
        (
            "Number",
            "plain.py",
            "Number",
            "number is no tentacle class (derive it from an evaluator or a trading mode)",
        ),
        (
            "NoTentacle",
            "plain.py",
            "NoTentacle",
            "NoTentacle is no tentacle class (derive it from an evaluator or a trading mode)",
        ),
    ],
)
def test_a_tentacle_that_does_not_load_names_file_line_and_remedy(
    package: Path, name: str, file: str, place: str, message: str
) -> None:
    with pytest.raises(TentacleLoadError) as caught:
        TentacleRegistry.discover().load(name)
    assert str(caught.value) == f"{package / file}: {place}: {message}"


def test_a_syntax_error_names_its_line(package: Path) -> None:
    with pytest.raises(TentacleLoadError) as caught:
        TentacleRegistry.discover().load("Syntax")
    error = caught.value
    assert (error.file, error.row) == (str(package / "syntax.py"), 2)
    assert "SyntaxError: invalid syntax" in str(error)
    assert isinstance(error.__cause__, SyntaxError)


def test_a_stale_entry_point_is_not_blamed_on_a_missing_dependency(package: Path) -> None:
    with pytest.raises(TentacleLoadError) as caught:
        TentacleRegistry.discover().load("Stale")
    assert str(caught.value) == (
        f"Stale: {SOURCE}: ModuleNotFoundError: No module named 'tentacle_package_for_tests.gone' "
        "(reinstall the package that declares it)"
    )


def test_a_tentacle_without_distribution_is_named_by_its_module() -> None:
    with pytest.raises(TentacleLoadError, match=r"tentacle of not\.there cannot be imported"):
        TentacleInfo("X", "not.there", "X").load()


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        ("p.evaluators.ta.rsi", TentacleKind.TA),
        ("p.Evaluator.TA.rsi", TentacleKind.TA),
        ("p.evaluators.realtime.jump", TentacleKind.REAL_TIME),
        ("p.evaluators.social.news", TentacleKind.SOCIAL),
        ("p.evaluators.strategies.simple", TentacleKind.STRATEGY),
        ("p.trading_modes.daily.mode", TentacleKind.TRADING_MODE),
    ],
)
def test_the_folder_tells_the_kind_without_importing(module: str, kind: TentacleKind) -> None:
    assert TentacleInfo("X", module, "X").kind is kind


def test_the_base_class_tells_the_kind_of_a_loaded_class() -> None:
    bases = {
        "TAEvaluator": TentacleKind.TA,
        "RealTimeEvaluator": TentacleKind.REAL_TIME,
        "ScriptedEvaluator": TentacleKind.SCRIPTED,
        "Whatever": TentacleKind.OTHER,
    }
    for name, kind in bases.items():
        base = type(name, (AbstractTentacle,), {})
        tentacle = type("Mine", (base,), {})
        assert TentacleInfo.of_class(tentacle).kind is kind
