# SPDX-License-Identifier: Apache-2.0
"""A tentacle folder of OctoBot 2 imports each utility from this package by its old name."""

from __future__ import annotations

import importlib
import json
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

from octobot_commons.tentacles_management import TentacleRegistry
from octobot_commons.tentacles_management.registry import UTILS_GROUP

NAMES = [
    "CandlesUtil",
    "OverallStateAnalyser",
    "PatternAnalyser",
    "StatisticAnalysis",
    "TextAnalysis",
    "TrendAnalysis",
]
SOURCE = """\
{source}
from octobot_evaluators.evaluators import TAEvaluator


class Dropped(TAEvaluator):
    pass
"""


def drop(root: Path, source: str) -> ModuleType:
    """The module of a folder with this source, once it is loaded."""
    folder = root / "Evaluator" / "TA" / "dropped"
    folder.mkdir(parents=True)
    (folder / "metadata.json").write_text(json.dumps({"version": "1.2.0", "tentacles": ["Dropped"]}))
    (folder / "dropped.py").write_text(SOURCE.format(source=source))
    return sys.modules[TentacleRegistry.discover(root).load("Dropped").__module__]


@pytest.mark.parametrize("name", NAMES)
def test_a_dropped_in_folder_imports_it(tmp_path: Path, name: str) -> None:
    module = drop(tmp_path, f"from tentacles.Evaluator.Util import {name}")
    found = getattr(module, name)
    assert found.__name__ == name
    assert found is getattr(importlib.import_module(found.__module__), name)
    assert found.__module__.startswith("octobot_tentacles.evaluators.util.")


def test_all_of_them_at_once_and_no_others(tmp_path: Path) -> None:
    module = drop(tmp_path, "import tentacles.Evaluator.Util as Util\nnames = Util.__all__")
    assert set(NAMES) <= set(module.names)
    declared = [point for point in metadata.entry_points(group=UTILS_GROUP)
                if point.dist is not None and point.dist.name == "octobot-tentacles"]  # fmt: skip
    assert sorted(point.name for point in declared) == NAMES


def test_a_folder_s_own_utility_goes_first(tmp_path: Path) -> None:
    own = tmp_path / "Evaluator" / "Util" / "mine"
    own.mkdir(parents=True)
    (own / "metadata.json").write_text(json.dumps({"version": "1.2.0", "tentacles": ["TrendAnalysis"]}))
    (own / "mine.py").write_text("class TrendAnalysis:\n    is_mine = True\n")
    module = drop(tmp_path, "from tentacles.Evaluator.Util import PatternAnalyser, TrendAnalysis")
    assert module.TrendAnalysis.is_mine
    assert module.PatternAnalyser.get_pattern([1, 0, 1]) == "V"
