# SPDX-License-Identifier: Apache-2.0
"""Social evaluators in backtests: what was recorded live comes at its time, and the same code hears the same."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from octobot.backtesting import BacktestRequest, run_backtest
from octobot.backtesting.feeds import feeds_path
from octobot.backtesting.plan import make_plan
from octobot.backtesting.run import run_plan
from octobot.pipeline import Pipeline
from octobot.tentacles import ActiveTentacles
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import find_profile, installed_profiles, load_profile
from octobot_commons.errors import DataError, LookAheadError, UnknownFeedError
from octobot_commons.services import FeedEvent, FeedEventStore, FeedRecorder, get_service_feeds
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets

HOUR = 3600.0
START = 1_609_459_200.0
END = START + 48 * HOUR
#: Hours after the start, and moods.
MOODS = [(-5.0, 0.5), (0.25, -1.0), (1.0, -0.5), (7.5, 0.0), (30.0, 1.0), (47.0, 0.25)]


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Daily trading with the social evaluator, which is installed as far as anybody can tell."""
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))
    monkeypatch.syspath_prepend(Path(__file__).parent)
    package = tmp_path / "site" / "social_tentacles-0.1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: social-tentacles\nVersion: 0.1\n")
    (package / "entry_points.txt").write_text("[octobot.tentacles]\nMoodEvaluator = social_tentacles:MoodEvaluator\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    folder = Path(shutil.copytree(installed_profiles()["daily_trading"], tmp_path / "mine"))
    file = folder / "tentacles_config.json"
    content = json.loads(file.read_text())
    content["tentacle_activation"]["Evaluator"]["MoodEvaluator"] = True
    file.write_text(json.dumps(content))
    return folder


@pytest.fixture
def tentacles() -> Any:
    import social_tentacles

    social_tentacles.MoodEvaluator.heard.clear()
    social_tentacles.MoodFeed.started.clear()
    return social_tentacles


def record(path: Path, moods: list[tuple[float, float]]) -> Path:
    with FeedEventStore(path) as store:
        for hours, mood in moods:
            store.append("MoodFeed", FeedEvent(START + hours * HOUR, "Bitcoin", {"mood": mood}))
    return path


def request(profile: Path, feeds: Path | None, end: float = END) -> BacktestRequest:
    return BacktestRequest(str(profile), start_time=START, end_time=end, all_notes=True, feeds=feeds)


async def test_events_come_at_their_time_and_the_run_starts_no_feed(
    profile: Path, tmp_path: Path, tentacles: Any
) -> None:
    result = await run_backtest(request(profile, record(tmp_path / "feeds.sqlite", [*MOODS, (49.0, 1.0)])))
    assert tentacles.MoodEvaluator.heard == [(START + hours * HOUR, {"mood": mood}) for hours, mood in MOODS[1:]]
    assert tentacles.MoodFeed.started == []
    notes = [(note["time"], note["note"]) for note in result.notes["all"] if note["evaluator"] == "MoodEvaluator"]
    assert notes[0] == (START + 0.25 * HOUR, -0.25), "the mood before the start counts and wakes nobody"
    assert [time for time, _ in notes] == [time for time, _ in tentacles.MoodEvaluator.heard]
    strategy = {note["time"] for note in result.notes["all"] if note["type"] == "STRATEGIES"}
    assert START + 7.5 * HOUR in strategy, "strategies hear of it at once, between two candles"
    assert result.settings["feeds"] == str(tmp_path / "feeds.sqlite")


async def test_two_runs_are_the_same_and_what_comes_later_changes_nothing(profile: Path, tmp_path: Path) -> None:
    whole = await run_backtest(request(profile, record(tmp_path / "whole.sqlite", MOODS)))
    again = await run_backtest(request(profile, tmp_path / "whole.sqlite"))
    assert (whole.orders, whole.notes, whole.fills) == (again.orders, again.notes, again.fills)
    part = await run_backtest(request(profile, record(tmp_path / "part.sqlite", MOODS[:4])))
    until = START + 30 * HOUR
    known = [note for note in whole.notes["all"] if note["time"] < until]
    assert known == [note for note in part.notes["all"] if note["time"] < until]
    assert whole.notes != part.notes


async def test_what_comes_later_cannot_be_reached_from_an_evaluator(
    profile: Path, tmp_path: Path, tentacles: Any
) -> None:
    reached: list[int] = []

    class Walking(tentacles.MoodEvaluator):  # type: ignore[misc, name-defined]
        async def _feed_callback(self, data: Any) -> None:
            found, seen = [self._feeds], {id(self._feeds)}
            for one in found:
                more = [*vars(one).values()] if hasattr(one, "__dict__") else []
                more += [getattr(one, name) for name in getattr(type(one), "__slots__", ()) if hasattr(one, name)]
                more += [*one.values()] if isinstance(one, dict) else []
                more += [*one] if isinstance(one, list | tuple | deque) else []
                new = [each for each in more if id(each) not in seen]
                seen.update(map(id, new))
                found += new
            now = self.get_current_exchange_time()
            reached.append(sum(isinstance(one, FeedEvent) for one in found))
            assert all(one.time <= now for one in found if isinstance(one, FeedEvent))

    plan = make_plan(request(profile, record(tmp_path / "feeds.sqlite", MOODS)))
    result = await run_plan(replace(plan, tentacles=replace(plan.tentacles, evaluators=(Walking,))))
    assert result.failures == {}
    assert reached == [2, 3, 4, 5, 6], "what was told is found, so the walk goes far enough"


async def test_what_was_recorded_live_is_heard_again(profile: Path, tmp_path: Path, tentacles: Any) -> None:
    """The same evaluator, live and replayed: it is woken with the same, at the same times, and notes the same."""
    recording = tmp_path / "live.sqlite"
    clock = SimulatedClock(START)
    plan = make_plan(request(profile, record(tmp_path / "any.sqlite", MOODS)))
    social = replace(plan.tentacles, evaluators=(tentacles.MoodEvaluator,))
    live_notes = await _live(clock, plan.profile, social, recording, tentacles)
    heard_live = list(tentacles.MoodEvaluator.heard)
    tentacles.MoodEvaluator.heard.clear()
    replayed = await run_plan(replace(plan, tentacles=social, feeds=recording))
    assert tentacles.MoodEvaluator.heard == heard_live
    notes = [note["note"] for note in replayed.notes["all"] if note["evaluator"] == "MoodEvaluator"]
    assert notes == live_notes
    assert len(notes) == 4


async def _live(
    clock: SimulatedClock, profile: Any, active: ActiveTentacles, recording: Path, tentacles: Any
) -> list[Any]:
    """A bot whose feed tells; its notes."""
    exchange = SimulatedExchange("binance", clock, simulated_markets(["BTC/USDT"]), {})
    manager = ExchangeManager("live", exchange, clock, {"Bitcoin": ["BTC/USDT"]})
    pipeline = Pipeline(profile, active, manager, "live matrix")
    told = asyncio.Event()
    notes: list[Any] = []

    async def hear(eval_note: Any, **_: Any) -> None:
        notes.append(eval_note)
        told.set()

    try:
        await pipeline.start({"Bitcoin": ["BTC/USDT"]}, [])
        await pipeline.matrix_channel.new_consumer(hear, evaluator_type="SOCIAL")
        with FeedEventStore(recording) as store:
            recorder = FeedRecorder(pipeline.service_feeds, store)
            await recorder.record(tentacles.MoodFeed)
            (feed,) = tentacles.MoodFeed.started
            for hours, mood in MOODS[1:5]:
                clock.advance_to(START + hours * HOUR)
                told.clear()
                await feed.tell({"mood": mood}, "Bitcoin")
                await asyncio.wait_for(told.wait(), 5)
            await recorder.stop()
            assert recorder.recorded == 4
    finally:
        await pipeline.stop()
    with pytest.raises(UnknownFeedError):
        get_service_feeds("live matrix")
    return notes


@pytest.mark.parametrize(
    ("way", "message"),
    [
        ("file", "which this backtest replays"),
        ("store", "reads an event of a feed known at 2021-01-01 01:00:00, and it is 2021-01-01 00:15:00"),
        ("replay", "reads an event of a feed known at 2021-01-01 01:00:00"),
    ],
)
async def test_nobody_reads_the_recording_himself(
    profile: Path, tmp_path: Path, tentacles: Any, way: str, message: str
) -> None:
    recording = record(tmp_path / "feeds.sqlite", MOODS)

    class Peeking(tentacles.MoodEvaluator):  # type: ignore[misc, name-defined]
        async def _feed_callback(self, data: Any) -> None:
            if way == "file":
                recording.read_bytes()
            elif way == "store":
                list(self._feeds._recorded.read("MoodFeed"))
            else:
                (replayed,) = self._feeds.recorded_feeds()
                replayed.begin(None)
                replayed.read_beyond(END)

    plan = make_plan(request(profile, recording))
    with pytest.raises(LookAheadError, match=message):
        await run_plan(replace(plan, tentacles=replace(plan.tentacles, evaluators=(Peeking,))))


def test_a_feed_that_was_not_recorded_is_named_before_anything_runs(profile: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"MoodEvaluator listens to MoodFeed, of which no events are recorded \(give"):
        make_plan(request(profile, None))
    with pytest.raises(DataError, match="no such file of recorded feeds"):
        make_plan(request(profile, tmp_path / "none.sqlite"))
    with FeedEventStore(tmp_path / "other.sqlite") as store:
        store.append("OtherFeed", FeedEvent(START, None, 1))
    with pytest.raises(DataError, match=r"no events of MoodFeed are recorded \(it holds OtherFeed\)"):
        make_plan(request(profile, tmp_path / "other.sqlite"))
    bad = tmp_path / "bad.sqlite"
    bad.write_text("time,data\n")
    with pytest.raises(DataError, match="the file of recorded feeds is damaged"):
        make_plan(request(profile, bad))


def test_the_users_recording_is_taken_by_default(profile: Path) -> None:
    record(feeds_path(), MOODS)
    assert make_plan(request(profile, None)).feeds == feeds_path()


def test_a_profile_that_listens_to_nothing_needs_no_recording() -> None:
    assert make_plan(BacktestRequest("daily_trading", start_time=START, end_time=END)).feeds is None
    assert load_profile(find_profile("daily_trading")).profile_id == "daily_trading"


async def test_history_need_not_be_as_long_as_asked_for(tmp_path: Path) -> None:
    """``required_candles_count`` is an upper bound, never a reason not to run."""
    folder = Path(shutil.copytree(installed_profiles()["daily_trading"], tmp_path / "mine"))
    file = folder / "specific_config" / "SimpleStrategyEvaluator.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"required_candles_count": 1_000_000}))
    result = await run_backtest(BacktestRequest(str(folder), start_time=START, end_time=END, all_notes=True))
    assert any(note["type"] == "STRATEGIES" for note in result.notes["all"])
