# SPDX-License-Identifier: Apache-2.0
"""FearAndGreedIndexEvaluator and MarketCapEvaluator: against the mood, with the market."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.averages_trend import AveragesTrend
from octobot_tentacles.evaluators.social.fear_and_greed_index import FearAndGreedIndexEvaluator
from octobot_tentacles.evaluators.social.market_cap import MarketCapEvaluator

BOTH = pytest.mark.parametrize(
    ("evaluator", "rising"), [(FearAndGreedIndexEvaluator, 1), (MarketCapEvaluator, -1)], ids=["mood", "market"]
)
RISING = [float(value) for value in range(30, 70)]
FLAT = [50.0] * 40


@BOTH
@pytest.mark.parametrize(
    ("values", "trend"),
    [
        pytest.param(RISING, 0.8, id="each average is above the longer one"),
        pytest.param(RISING[::-1], -0.8, id="each is below"),
        pytest.param(FLAT, 0.0, id="nothing moves"),
        # means of the last 40, 30, 20, 15, 10: 50.75, 51, 51.5, 52, 50
        pytest.param([50.0] * 25 + [56.0] * 5 + [50.0] * 10, 0.4, id="three steps up, one down"),
        # 51, 51.33, 52, 52.67, 54
        pytest.param([50.0] * 35 + [58.0] * 5, 0.8, id="the last five days jump"),
        pytest.param([1.0] * 5 + FLAT, 0.0, id="what lies further back than the longest average changes nothing"),
    ],
)
async def test_notes(
    listen: Any, evaluator: type[AveragesTrend], rising: int, values: list[float], trend: float
) -> None:
    listener = await listen(evaluator, [(1.0, {"values": values})])
    assert listener.notes == [(1.0, None, pytest.approx(rising * trend))]
    assert str(listener.notes[0][2]) != "-0.0"


@BOTH
async def test_averages_of_the_settings(listen: Any, evaluator: type[AveragesTrend], rising: int) -> None:
    events = [(1.0, {"values": [10.0, 10.0, 20.0]}), (2.0, {"values": [10.0, 20.0]}), (3.0, {"values": [3, 2, 1]})]
    listener = await listen(evaluator, events, trend_averages=[1, 3])
    assert listener.notes == [
        (1.0, None, 0.5 * rising),
        (2.0, None, START_PENDING_EVAL_NOTE),
        (3.0, None, -0.5 * rising),
    ]


@BOTH
async def test_a_note_counts_for_two_days(listen: Any, evaluator: type[AveragesTrend], rising: int) -> None:
    listener = await listen(evaluator, [(0.0, {"values": RISING})])
    assert listener.counts_at(47.9) == pytest.approx(0.8 * rising)
    assert listener.counts_at(48.0) is None


@BOTH
@pytest.mark.parametrize(
    "data", [None, 50, [1.0], {}, {"values": []}, {"values": "50"}, {"values": [None]}, {"values": [-1.0] * 40}]
)
async def test_an_event_of_another_shape_leaves_no_note(
    listen: Any, caplog: Any, evaluator: type[AveragesTrend], rising: int, data: Any
) -> None:
    listener = await listen(evaluator, [(0.0, {"values": RISING}), (1.0, data)])
    assert listener.failures == 1
    assert "failed on an evaluation: an event is no" in caplog.text
    assert listener.counts_at(1.0) is None
    assert len(listener.notes) == 1


async def test_the_index_ends_at_100_and_a_market_does_not(listen: Any) -> None:
    listener = await listen(FearAndGreedIndexEvaluator, [(0.0, {"values": [101.0] * 40})])
    assert listener.failures == 1


async def test_a_market_of_trillions(listen: Any) -> None:
    listener = await listen(MarketCapEvaluator, [(0.0, {"values": [value * 1e12 for value in RISING]})])
    assert listener.notes == [(0.0, None, pytest.approx(-0.8))]


@BOTH
@pytest.mark.parametrize(
    ("averages", "match"),
    [
        ([40, 0], r"trend_averages\[1\]: 0 is no number of days"),
        ([40, 2.5], r"trend_averages\[1\]: 2.5 is no number"),
        ([True, 2], r"trend_averages\[0\]: True is no number"),
        (["40", 2], r"trend_averages\[0\]: '40' is no number"),
        ([40, 1001], r"trend_averages\[1\]"),
        ([40, 40], r"trend_averages\[1\]: 40 stands there twice \(write whole numbers"),
        ([40], "trend_averages: a trend takes at least two"),
        ([], "trend_averages: a trend takes at least two"),
        (40, "trend_averages: expected a list"),
    ],
)
def test_unusable_averages_are_refused(
    make_evaluator: Any, evaluator: type[AveragesTrend], rising: int, averages: Any, match: str
) -> None:
    with pytest.raises(SettingError, match=match):
        make_evaluator(evaluator, trend_averages=averages)


@BOTH
def test_defaults_complete_the_settings(make_evaluator: Any, evaluator: type[AveragesTrend], rising: int) -> None:
    assert make_evaluator(evaluator).specific_config == {"trend_averages": [40, 30, 20, 15, 10]}
