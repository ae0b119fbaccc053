# SPDX-License-Identifier: Apache-2.0
"""No mode is woken by, or finds, a conclusion whose inputs are stale: random streams against a model of the inputs."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from typing import Any

import pytest
from evaluator_world import (
    EXCHANGE_ID,
    HOUR,
    MATRIX_ID,
    CloseEvaluator,
    KlineEvaluator,
    OtherCloseEvaluator,
    RecordingStrategy,
    World,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_evaluators.api import get_value
from octobot_evaluators.evaluators import RealTimeEvaluator, StrategyEvaluator, TAEvaluator
from octobot_evaluators.evaluators.channel import get_chan as get_matrix_chan
from octobot_evaluators.evaluators.channel import (
    trigger_technical_evaluators_re_evaluation_with_updated_data as evaluate_again,
)
from octobot_evaluators.matrix import get_evaluations_by_evaluator, get_tentacle_node, matrix_notes_reader
from octobot_trading.exchange_channel import get_chan

PLACE = ("Bitcoin", "BTC/USDT")
FRAMES = {"1h": HOUR, "4h": 4 * HOUR}
TTL = 0.25 * HOUR
CONCLUSION = ["binance", "STRATEGIES", "RecordingStrategy", *PLACE]


@dataclass
class Model:
    """When each input ends, as told by who wrote it; nothing of the matrix is looked at."""

    now: float = 100 * HOUR
    #: Evaluator and time frame → end of its note; -inf where it has none.
    technical: dict[tuple[str, str], float] = field(default_factory=dict)
    real_time: float = -math.inf
    #: What the last conclusion was made from, while all of it is as it was then.
    concluded: list[float] | None = None

    def inputs(self) -> list[float]:
        cells = [self.technical.get((name, frame), -math.inf) for name in ("First", "Second") for frame in FRAMES]
        return [*cells, self.real_time] if self.real_time > self.now else cells

    def failed(self) -> None:
        self.concluded = None


class Acting(TAEvaluator):
    """Does what the stream says."""

    model: Model
    acts: dict[tuple[str, str], str]

    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc):
        key = (self.get_name(), time_frame)
        act = self.acts.get(key, "note")
        if act == "fail":
            if self.model.technical.get(key, -math.inf) > -math.inf:
                self.model.failed()
            self.model.technical[key] = -math.inf
            raise ValueError("as the stream says")
        if act == "silent":
            return
        self.eval_note = START_PENDING_EVAL_NOTE if act == "pending" else 0.5
        eval_time = candle[0] + FRAMES[time_frame]
        self.model.technical[key] = eval_time + FRAMES[time_frame]
        await self.evaluation_completed(cryptocurrency, symbol, time_frame, eval_time=eval_time)


class First(Acting):
    pass


class Second(Acting):
    pass


class Instant(RealTimeEvaluator):
    model: Model
    act: str

    async def start(self, bot_id):
        await get_chan("Kline", EXCHANGE_ID).new_consumer(self.kline_callback)

    async def kline_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, kline):
        if self.act == "fail":
            if self.model.real_time > -math.inf:
                self.model.failed()
            self.model.real_time = -math.inf
            raise ValueError("as the stream says")
        self.eval_note = 0.25
        ttl = TTL if self.act == "fading" else math.inf
        self.model.real_time = self.model.now + ttl
        self.save_evaluation_expiration_time(ttl)
        await self.evaluation_completed(cryptocurrency, symbol)


class Careless(StrategyEvaluator):
    """Concludes whenever it is called, from whatever is set, stale or not."""

    model: Model
    calls: int

    async def matrix_callback(self, *arguments):
        type(self).calls += 1
        matrix_id, exchange_name = arguments[0], arguments[7]
        notes = [
            get_value(node)
            for kind, frames in (("TA", FRAMES), ("REAL_TIME", (None,)))
            for frame in frames
            for node in get_evaluations_by_evaluator(matrix_id, exchange_name, kind, *PLACE, frame).values()
        ]
        self.eval_note = sum(notes) / len(notes) if notes else START_PENDING_EVAL_NOTE
        self.model.concluded = self.model.inputs()
        await self.strategy_completed(*PLACE)


acts = st.sampled_from(["note", "note", "note", "fail", "pending", "silent"])
cells = st.fixed_dictionaries({(name, frame): acts for name in ("First", "Second") for frame in FRAMES})
_step = st.one_of(
    st.tuples(st.just("candle"), cells),
    st.tuples(st.just("lost candle"), st.integers(1, 3)),
    st.tuples(st.just("kline"), st.sampled_from(["note", "fading", "fail"])),
    st.tuples(st.just("again"), cells),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.3])),
)
#: Four hours in which all goes well, so that there is a conclusion to begin with, or nothing.
_begin = st.sampled_from([4 * [("candle", {})], []])
steps = st.tuples(_begin, st.lists(_step, max_size=20)).map(lambda parts: [*parts[0], *parts[1]])


async def run(stream: list[tuple[str, Any]], allowed_delta: float) -> int:
    """How often the mode was woken."""
    model, woken = Model(), []
    for kind in (First, Second, Instant, Careless):
        kind.model = model
    Careless.calls = 0
    world = World({"Bitcoin": ["BTC/USDT"]}, list(FRAMES), allowed_delta)
    await world.open()
    configs = {"Careless": {"required_time_frames": list(FRAMES)}}
    await world.start(First, Second, Instant, Careless, configs=configs)
    reader = matrix_notes_reader(MATRIX_ID)

    async def wake(eval_note: Any, **_: Any) -> None:
        # Not asserted here: what a consumer raises is logged.
        woken.append(min(model.inputs()) + allowed_delta - model.now)

    await get_matrix_chan("Matrix", MATRIX_ID).new_consumer(wake, evaluator_type="STRATEGIES")
    hour = 100.0
    try:
        for what, detail in stream:
            Acting.acts, Instant.act = (detail, "") if isinstance(detail, dict) else ({}, str(detail))
            if what in ("candle", "lost candle"):
                hour = math.floor(hour) + (1 if what == "candle" else detail)
            elif what == "wait":
                hour = min(hour + detail, math.floor(hour) + 0.95)
            model.now = hour * HOUR
            world.at(hour)
            if what == "candle":
                world.queue_candle("1h")
                if hour % 4 == 0:
                    world.queue_candle("4h")
                await world.settle()
            elif what == "kline":
                await world.kline("1h", 1.0)
            elif what == "again":
                await evaluate_again(MATRIX_ID, None, None, "binance", *PLACE, EXCHANGE_ID, list(FRAMES))
                await world.settle()
            assert all(seconds > 0 for seconds in woken), "woken by what was made from something stale"
            if reader.get_strategy_notes(MATRIX_ID, "binance", *PLACE):
                assert model.concluded is not None, "found, though an input of it has failed since"
                assert min(model.concluded) + allowed_delta > model.now, "found, though an input of it is stale"
    finally:
        await world.close()
    return len(woken)


@settings(max_examples=300, deadline=None)
@given(steps, st.sampled_from([0.0, 10.0]))
def test_a_mode_is_never_woken_by_what_is_stale(stream, allowed_delta):
    asyncio.run(run(stream, allowed_delta))


@pytest.mark.long
@settings(max_examples=10_000, deadline=None)
@given(steps, st.sampled_from([0.0, 10.0]))
def test_a_mode_is_never_woken_by_what_is_stale_in_many_streams(stream, allowed_delta):
    asyncio.run(run(stream, allowed_delta))


async def test_it_is_woken_by_what_is_not_stale():
    """That the property holds must not be because nobody is ever woken."""
    candle = ("candle", {})
    assert await run([candle] * 4, 0.0) == 1, "the first 4h candle closes at 104"
    assert await run([*[candle] * 6, ("kline", "note")], 0.0) == 4
    assert await run([*[candle] * 5, ("lost candle", 1), ("kline", "note")], 0.0) == 2, "the hour's notes are over"
    fading = [*[candle] * 5, ("kline", "fading")]
    assert await run([*fading, ("again", {("First", "1h"): "fail"}), ("kline", "note")], 0.0) == 3


async def test_a_conclusion_with_an_unset_input_is_noted_and_told_to_nobody(world):
    *_, strategy = await world.start(CloseEvaluator, KlineEvaluator, RecordingStrategy)
    heard = await world.listen(evaluator_type="STRATEGIES")
    await world.at(100.5).kline("1h", 0.75)
    node = get_tentacle_node(MATRIX_ID, CONCLUSION)
    assert (len(strategy.calls), heard, strategy.withheld) == (1, [], 1)
    assert (node.node_value, node.is_set(world.clock.now()), node.is_valid(world.clock.now())) == (0.5, False, False)
    await world.at(101).candle("1h")
    assert (len(heard), node.is_valid(world.clock.now()), strategy.withheld) == (1, True, 1)


async def test_a_conclusion_ends_when_an_input_fails_later(world):
    class Again(OtherCloseEvaluator):
        async def ohlcv_callback(self, *arguments):
            if arguments[-1]:
                raise ValueError("not in between")
            await super().ohlcv_callback(*arguments)

    await world.start(CloseEvaluator, Again, RecordingStrategy)
    await world.at(101).candle("1h")
    node = get_tentacle_node(MATRIX_ID, CONCLUSION)
    assert node.is_valid(world.clock.now())
    await evaluate_again(MATRIX_ID, None, None, "binance", *PLACE, EXCHANGE_ID, ["1h"])
    assert not node.is_valid(world.clock.now())


async def test_a_conclusion_ends_when_who_it_came_from_is_stopped(world):
    _, instant, _ = await world.start(CloseEvaluator, KlineEvaluator, RecordingStrategy)
    await world.at(101).candle("1h")
    await world.kline("1h", 0.5)
    node = get_tentacle_node(MATRIX_ID, CONCLUSION)
    assert node.is_valid(world.clock.now())
    await instant.stop_evaluator()
    assert not node.is_valid(world.clock.now())


async def test_the_conclusions_about_other_symbols_stay(make_world):
    world = await make_world({"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT"]})

    class Picky(CloseEvaluator):
        async def ohlcv_callback(self, *arguments):
            if arguments[5][4] < 0:
                raise ValueError("no price")
            await super().ohlcv_callback(*arguments)

    await world.start(Picky, RecordingStrategy)
    for symbol in ("BTC/USDT", "ETH/USDT"):
        await world.at(101).candle("1h", symbol=symbol)
    await world.at(101.5).candle("1h", -1.0, symbol="ETH/USDT")
    found = [get_tentacle_node(MATRIX_ID, [*CONCLUSION[:3], *place]) for place in (PLACE, ("Ethereum", "ETH/USDT"))]
    assert [node.is_valid(world.clock.now()) for node in found] == [True, False]


async def test_a_conclusion_from_each_note_is_as_fresh_as_the_notes_there_are(world):
    class Eager(RecordingStrategy):
        def get_full_cycle_evaluator_types(self):
            return ()

    await world.start(CloseEvaluator, OtherCloseEvaluator, Eager)
    heard = await world.listen(evaluator_type="STRATEGIES")
    await world.at(101).candle("1h")
    assert len(heard) == 2
    node = get_tentacle_node(MATRIX_ID, ["binance", "STRATEGIES", "Eager", *PLACE])
    assert [node.is_valid(hour * HOUR) for hour in (101, 101.9, 102)] == [True, True, False]


async def test_history_is_evaluated_before_the_first_candle_and_wakes_nobody(make_world):
    world = await make_world(time_frames=["1h", "4h"])
    counting, strategy = await world.start(
        CloseEvaluator, RecordingStrategy, configs={"RecordingStrategy": {"required_time_frames": ["1h", "4h"]}}
    )
    rings = {frame: world.manager.get_symbol_data("BTC/USDT").candles(frame).ring for frame in FRAMES}
    rings["1h"].append(98 * HOUR, 1.0, 1.0, 1.0, 0.25, 1.0)
    rings["1h"].append(99 * HOUR, 1.0, 1.0, 1.0, 0.5, 1.0)
    rings["4h"].append(96 * HOUR, 1.0, 1.0, 1.0, 0.75, 1.0)
    heard = await world.listen()
    await counting.evaluate_history()
    await strategy.evaluate_history()
    await world.settle()
    assert [(call[4], call[5][0] / HOUR, call[6]) for call in counting.calls] == [("1h", 99, False), ("4h", 96, False)]
    assert (heard, strategy.calls) == ([], [])
    nodes = [get_tentacle_node(MATRIX_ID, ["binance", "TA", "CloseEvaluator", *PLACE, frame]) for frame in FRAMES]
    assert [(node.node_value, node.node_value_time / HOUR) for node in nodes] == [(0.5, 100), (0.75, 100)]
    await world.at(101).candle("1h", 0.1)
    assert [call[0] for call in strategy.calls] == ["CloseEvaluator"], "nobody waits for the end of the 4h candle"
    assert [note["evaluator_name"] for note in heard] == ["CloseEvaluator", "RecordingStrategy"]


async def test_history_that_ends_long_ago_tells_nothing_of_now(world):
    (counting,) = await world.start(CloseEvaluator)
    ring = world.manager.get_symbol_data("BTC/USDT").candles("1h").ring
    ring.append(98 * HOUR, 1.0, 1.0, 1.0, 0.25, 1.0)
    await counting.evaluate_history()
    assert counting.calls == [], "it closed at 99, and it is 100"
