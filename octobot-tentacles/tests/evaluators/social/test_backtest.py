# SPDX-License-Identifier: Apache-2.0
"""Every social evaluator in a whole backtest: what was recorded comes at its time, its note reaches the orders."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from octobot_commons.errors import DataError
from octobot_commons.services import FeedEvent

testing = pytest.importorskip("octobot.testing", reason="the octobot package is not installed")

START = datetime(2023, 3, 1, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86_400.0
PERIOD = {"start": "2023-03-01", "end": "2023-03-04"}
#: When the two events become known: between two candles.
FIRST, SECOND = START + 10.5 * HOUR, START + 40.25 * HOUR


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))


def searches(time: float, last: float) -> dict[str, Any]:
    values = [40.0, 60.0] * 10 + [last]
    interest = [{"time": time - (len(values) - i) * DAY, "value": value} for i, value in enumerate(values)]
    return {"topic": "Bitcoin", "interest": interest}


UP, DOWN = [float(value) for value in range(30, 70)], [float(value) for value in range(70, 30, -1)]
GOOD, BAD = "Bitcoin soars to a record high!", "Exchange hacked, users fear a collapse."
#: evaluator, feed, an event that says to buy, one that says to sell
CASES = [
    ("FearAndGreedIndexEvaluator", "FearAndGreedServiceFeed", {"values": DOWN}, {"values": UP}),
    ("MarketCapEvaluator", "MarketCapServiceFeed", {"values": UP}, {"values": DOWN}),
    ("GoogleTrendsEvaluator", "GoogleTrendsServiceFeed", searches(FIRST, 20.0), searches(SECOND, 80.0)),
    ("CryptoNewsEvaluator", "CryptoNewsServiceFeed", {"title": GOOD}, {"title": BAD}),
    (
        "RedditForumEvaluator",
        "RedditServiceFeed",
        {"subreddit": "Bitcoin", "title": GOOD},
        {"subreddit": "Bitcoin", "title": BAD},
    ),
    (
        "TelegramSignalEvaluator",
        "TelegramServiceFeed",
        {"chat": "test_telegram_signal_strat", "text": "BTC/USDT[BUY|0.9]"},
        {"chat": "test_telegram_signal_strat", "text": "BTC/USDT[SELL|0.9]"},
    ),
    (
        "TelegramChannelSignalEvaluator",
        "TelegramServiceFeed",
        {"chat": "Test-Channel", "text": "Pair: BTC/USDT\nSide: BUY"},
        {"chat": "Test-Channel", "text": "Pair: BTC/USDT\nSide: SELL"},
    ),
]


def run(evaluator: str, feeds: dict[str, list[FeedEvent]] | None) -> Any:
    wakes = {"SimpleStrategyEvaluator": {"background_social_evaluators": []}}
    return testing.run_tentacles(
        evaluator, "SimpleStrategyEvaluator", "DailyTradingMode", settings=wakes, feeds=feeds, **PERIOD
    )


@pytest.mark.parametrize(("evaluator", "feed", "buy", "sell"), CASES, ids=[case[0] for case in CASES])
def test_what_was_recorded_is_bought_and_sold_on(evaluator: str, feed: str, buy: Any, sell: Any) -> None:
    result = run(evaluator, {feed: [FeedEvent(FIRST, None, buy), FeedEvent(SECOND, None, sell)]})
    assert result.failures == {}
    notes = {(note["time"], note["note"] < 0) for note in result.notes["all"] if note["evaluator"] == evaluator}
    assert notes == {(FIRST, True), (SECOND, False)}
    concluded = {note["time"]: note["note"] for note in result.notes["all"] if note["type"] == "STRATEGIES"}
    assert concluded[FIRST] < 0 < concluded[SECOND]
    sides = [fill.side.value for fill in result.fills]
    assert sides[0] == "buy"
    assert "sell" in sides


def test_a_malformed_event_is_counted_and_the_run_goes_on() -> None:
    events = [FeedEvent(FIRST, None, {"values": "many"}), FeedEvent(SECOND, None, {"values": UP})]
    result = run("MarketCapEvaluator", {"MarketCapServiceFeed": events})
    assert result.failures == {"MarketCapEvaluator": 1}
    assert testing.notes_of(result, "MarketCapEvaluator") == [pytest.approx(-0.8)]


def test_without_recorded_events_it_says_what_to_give() -> None:
    with pytest.raises(DataError, match="MarketCapEvaluator listens to MarketCapServiceFeed, of which no events"):
        run("MarketCapEvaluator", None)
