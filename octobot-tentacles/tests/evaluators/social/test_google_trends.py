# SPDX-License-Identifier: Apache-2.0
"""GoogleTrendsEvaluator: more searches than usual sell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.google_trends import GoogleTrendsEvaluator, interest_note

START_TIME, DAY = 1_700_006_400.0, 86_400.0
#: Mean 50, standard deviation 10.
USUAL = [40.0, 60.0] * 10


@pytest.mark.parametrize(
    ("values", "note"),
    [
        pytest.param([*USUAL, 70.0], 1.0, id="a clear sell: two deviations more"),
        pytest.param([*USUAL, 30.0], -1.0, id="a clear buy: two deviations less"),
        pytest.param([*USUAL, 50.0], 0.0, id="as always"),
        pytest.param([*USUAL, 55.0], 0.25, id="half a deviation more"),
        pytest.param([*USUAL, 100.0], 1.0, id="no more than 1"),
        pytest.param([5.0] * 10, 0.0, id="nothing moves"),
        pytest.param([5.0] * 10 + [6.0], 0.5, id="google rounds to 1"),
    ],
)
def test_notes(values: list[float], note: float) -> None:
    assert interest_note(values) == pytest.approx(note)


@given(values=st.lists(st.floats(0, 100), min_size=8, max_size=40))
def test_notes_stay_within_their_bounds_and_mirror(values: list[float]) -> None:
    note = interest_note(values)
    assert -1 <= note <= 1
    assert interest_note([100 - value for value in values]) == pytest.approx(-note, abs=1e-9)


def told(values: list[float], topic: str = "Bitcoin", now: float = 0.0, step: float = DAY) -> dict[str, Any]:
    """As seen at ``now`` (hours): the newest day has just ended."""
    first = START_TIME + now * 3600.0 - len(values) * step
    interest = [{"time": first + index * step, "value": value} for index, value in enumerate(values)]
    return {"topic": topic, "interest": interest}


async def test_each_crypto_currency_has_a_topic(listen: Any) -> None:
    events = [
        (0.0, told([*USUAL, 70.0], "bitcoin")),
        (1.0, told([*USUAL, 45.0], "Ethereum", now=1.0)),
        (2.0, told([*USUAL, 45.0], "Dogecoin", now=2.0)),
    ]
    listener = await listen(GoogleTrendsEvaluator, events)
    assert listener.notes == [(0.0, "Bitcoin", 1.0), (1.0, "Ethereum", -0.25)]
    assert [each.feed_config["topics"] for each in listener.evaluators] == [["Bitcoin"], ["Ethereum"]]
    assert listener.evaluators[0].feed_config | {"topics": []} == {
        "topics": [], "relevant_history_months": 3, "refresh_rate_seconds": 86_400
    }  # fmt: skip


async def test_only_the_relevant_months_count(listen: Any) -> None:
    # 31 values of the last month, the newest of them as always; all before were 0
    values = [0.0] * 60 + (USUAL * 2)[:30] + [50.0]
    listener = await listen(GoogleTrendsEvaluator, [(0.0, told(values))], relevant_history_months=1)
    assert listener.notes == [(0.0, "Bitcoin", 0.0)]
    assert interest_note(values) > 0.5, "the whole history would say something else"


async def test_too_little_data(listen: Any) -> None:
    events = [(0.0, told([1.0] * 7)), (1.0, told([1.0] * 8, now=1.0))]
    listener = await listen(GoogleTrendsEvaluator, events)
    assert listener.notes == [(0.0, "Bitcoin", START_PENDING_EVAL_NOTE), (1.0, "Bitcoin", 0.0)]


async def test_a_note_outlives_one_refresh_that_fails(listen: Any) -> None:
    listener = await listen(GoogleTrendsEvaluator, [(0.0, told([*USUAL, 70.0]))], refresh_rate_seconds=7200)
    assert listener.counts_at(3.9, "Bitcoin") == 1.0
    assert listener.counts_at(4.0, "Bitcoin") is None


UNORDERED = {
    "topic": "Bitcoin",
    "interest": [{"time": START_TIME - 5, "value": 1}, {"time": START_TIME - 9, "value": 1}],
}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"topic": "Bitcoin"}, id="without interest"),
        pytest.param({"topic": "Bitcoin", "interest": []}, id="none"),
        pytest.param({"topic": "Bitcoin", "interest": [{"time": 1.0}]}, id="without a value"),
        pytest.param({"topic": "Bitcoin", "interest": [{"time": 1.0, "value": 101}]}, id="beyond 100"),
        pytest.param({"topic": "", "interest": [{"time": 1.0, "value": 1}]}, id="without a topic"),
        pytest.param(UNORDERED, id="not in order"),
        pytest.param(told([*USUAL, 1.0], now=48.0), id="of tomorrow"),
    ],
)
async def test_an_event_of_another_shape_leaves_no_note(listen: Any, caplog: Any, data: Any) -> None:
    listener = await listen(GoogleTrendsEvaluator, [(0.0, told([*USUAL, 70.0])), (1.0, data)])
    assert "GoogleTrendsEvaluator failed on Bitcoin" in caplog.text
    assert listener.counts_at(1.0, "Bitcoin") is None


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"relevant_history_months": 0}, "relevant_history_months"),
        ({"relevant_history_months": 61}, "relevant_history_months"),
        ({"refresh_rate_seconds": 59}, "refresh_rate_seconds"),
        ({"refresh_rate_seconds": "often"}, "refresh_rate_seconds"),
    ],
)
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any], match: str) -> None:
    with pytest.raises(SettingError, match=match):
        make_evaluator(GoogleTrendsEvaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    settings = make_evaluator(GoogleTrendsEvaluator).specific_config
    assert settings == {"refresh_rate_seconds": 86_400, "relevant_history_months": 3}
