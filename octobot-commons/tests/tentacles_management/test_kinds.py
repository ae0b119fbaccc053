# SPDX-License-Identifier: Apache-2.0
"""What tells a kind."""

from __future__ import annotations

import pytest

from octobot_commons.tentacles_management.kinds import (
    FOLDER_OF_KIND,
    TentacleKind,
    kind_of,
    kind_of_bases,
    kind_of_module,
    kind_of_place,
)


@pytest.mark.parametrize(("kind", "place"), FOLDER_OF_KIND.items())
def test_the_place_of_a_kind_tells_it(kind: TentacleKind, place: str) -> None:
    parts = place.split("/")
    assert kind_of_place(parts) is kind
    assert kind_of_place(["a", "Folder", *(part.upper() for part in parts), "below"]) is kind
    assert kind_of_place(parts[1:]) is None
    assert kind.category == parts[0]


def test_the_innermost_part_that_tells_counts() -> None:
    assert kind_of_place(["Evaluator", "TA", "Evaluator", "Strategies"]) is TentacleKind.STRATEGY
    assert kind_of_module("strategies.evaluators.ta.rsi") is TentacleKind.TA
    assert kind_of_module("my_package.rsi") is None
    assert kind_of_place([]) is None


def test_the_nearest_base_that_tells_counts() -> None:
    assert kind_of_bases(["Mine", "TAEvaluator", "StrategyEvaluator"]) is TentacleKind.TA
    assert kind_of_bases(["Mine"]) is None
    base = type("AbstractTradingMode", (), {})
    assert kind_of(type("Mine", (type("Between", (base,), {}),), {})) is TentacleKind.TRADING_MODE
    assert kind_of(type("Mine", (), {})) is TentacleKind.OTHER


def test_what_cannot_be_dropped_in_is_an_evaluator_to_a_profile() -> None:
    assert TentacleKind.COLLECTOR not in FOLDER_OF_KIND
    assert TentacleKind.COLLECTOR.category == "Evaluator"
