# SPDX-License-Identifier: Apache-2.0
"""DeathAndGoldenCrossEvaluator: hand-computed crosses, every kind of average, recorded candles."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.ta.death_and_golden_cross import DeathAndGoldenCrossEvaluator
from octobot_tentacles.evaluators.ta.moving_average_types import MOVING_AVERAGES
from octobot_tentacles.indicators import FloatArray, sma

SHORT = {"fast_length": 2, "slow_length": 4}


async def test_hand_computed_crosses(make_evaluator: Any, make_feed: Any) -> None:
    closes = [10, 9, 8, 7, 6, 8, 10, 11, 9, 6, 5]
    # means of two from the fourth on:  7.5 6.5 7   9    10.5 10   7.5 5.5
    # means of four:                    8.5 7.5 7.25 7.75 8.75 9.5 9   7.75
    notes = await make_feed(make_evaluator(DeathAndGoldenCrossEvaluator, **SHORT)).close(*closes)
    assert notes[:4] == [START_PENDING_EVAL_NOTE] * 4
    assert notes[4:] == [0.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0]
    mirrored = await make_feed(make_evaluator(DeathAndGoldenCrossEvaluator, **SHORT)).close(*(20 - c for c in closes))
    assert mirrored[4:] == [-note for note in notes[4:]]


async def test_equal_averages_have_not_crossed_yet(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(DeathAndGoldenCrossEvaluator, **SHORT)).close(5, 5, 5, 5, 5, 6, 7, 1, 1)
    assert notes[4:] == [0.0, -1.0, 0.0, 1.0, 0.0]


def slow_notes(closes: FloatArray, fast: int, slow: int) -> list[float]:
    """The documented rule once more."""
    above = np.sign(sma(closes, fast) - sma(closes, slow))[slow - 1 :].tolist()
    return [-1.0 if now > 0 >= before else 1.0 if now < 0 <= before else 0.0 for before, now in pairwise(above)]


@given(steps=st.lists(st.integers(-5, 5), min_size=6, max_size=40))
def test_bounds_mirror_and_turns(steps: list[int]) -> None:
    evaluator = DeathAndGoldenCrossEvaluator(None)
    evaluator.fast_length, evaluator.slow_length = 2, 4
    # whole numbers: means of two and four are exact
    closes = 1000.0 + np.cumsum(steps)
    volumes = np.ones(len(closes))
    notes = [evaluator.note_of(closes[end - 5 : end], volumes[end - 5 : end]) for end in range(5, len(closes) + 1)]
    assert notes == slow_notes(closes, 2, 4)
    mirrored = [evaluator.note_of(2000.0 - closes[end - 5 : end], volumes[:5]) for end in range(5, len(closes) + 1)]
    assert mirrored == [-note for note in notes]


@pytest.mark.parametrize("kind", MOVING_AVERAGES)
async def test_every_kind_crosses_up_and_down_once_a_wave(make_evaluator: Any, make_feed: Any, kind: str) -> None:
    settings = {"fast_length": 5, "slow_length": 12, "fast_ma_type": kind, "slow_ma_type": kind}
    closes = 100 + 20 * np.sin(2 * np.pi * np.arange(600) / 60)
    notes = await make_feed(make_evaluator(DeathAndGoldenCrossEvaluator, **settings)).close(*closes)
    last_waves = notes[300:]
    assert [note for note in last_waves if note] in ([-1.0, 1.0] * 5, [1.0, -1.0] * 5)


@pytest.mark.parametrize("kind", MOVING_AVERAGES)
@pytest.mark.parametrize("price", [0.1, 43_210.98])
def test_a_constant_price_is_neutral(make_evaluator: Any, kind: str, price: float) -> None:
    settings = {"fast_length": 5, "slow_length": 12, "fast_ma_type": kind, "slow_ma_type": "SMA"}
    evaluator = make_evaluator(DeathAndGoldenCrossEvaluator, **settings)
    flat = np.full(300, price)
    assert {evaluator.note_of(flat[:end], np.zeros(end)) for end in range(200, 300)} == {0.0}


def test_kinds_may_differ(make_evaluator: Any) -> None:
    evaluator = make_evaluator(DeathAndGoldenCrossEvaluator, fast_ma_type="EMA", fast_length=50, slow_length=200)
    assert evaluator.window == 13 * 50 + 1
    assert make_evaluator(DeathAndGoldenCrossEvaluator).window == 201
    closes = np.concatenate([np.linspace(200, 100, 700), [500.0]])
    assert evaluator.note_of(closes, np.ones(701)) == -1.0


async def test_too_little_data_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(DeathAndGoldenCrossEvaluator)).close(*range(1000, 1201))
    assert notes == [START_PENDING_EVAL_NOTE] * 200 + [0.0]
    assert make_evaluator(DeathAndGoldenCrossEvaluator).note_of(np.array([]), np.array([])) is None


async def test_a_close_that_is_no_number_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    evaluator = make_evaluator(DeathAndGoldenCrossEvaluator, **SHORT)
    notes = await make_feed(evaluator).close(*range(1, 10), float("nan"), *range(10, 16))
    assert notes[8] == 0.0
    assert notes[9:14] == [START_PENDING_EVAL_NOTE] * 5
    assert notes[14] == 0.0
    assert evaluator.failures == 0


async def test_a_volume_matters_where_averages_are_weighted_by_it_only(make_evaluator: Any, make_feed: Any) -> None:
    nan = float("nan")
    for kind, note in (("SMA", 0.0), ("VWMA", START_PENDING_EVAL_NOTE)):
        feed = make_feed(make_evaluator(DeathAndGoldenCrossEvaluator, **SHORT, slow_ma_type=kind))
        await feed.close(*range(1, 8))
        assert await feed.candle(8.0, 8.0, 8.0, nan) == note
        assert feed.evaluator.failures == 0


def test_recorded_columns_give_the_crosses_of_the_whole_history(
    make_evaluator: Any, recorded_columns: dict[str, FloatArray]
) -> None:
    evaluator = make_evaluator(DeathAndGoldenCrossEvaluator)
    closes, volumes = recorded_columns["close"][:3000], recorded_columns["volume"][:3000]
    notes = [evaluator.note_of(closes[end - 201 : end], volumes[end - 201 : end]) for end in range(201, 3001)]
    assert notes == slow_notes(closes, 50, 200)
    assert [index for index, note in enumerate(notes) if note] == KNOWN_CROSSES


async def test_the_channel_gives_the_documented_window(
    make_evaluator: Any, make_feed: Any, recorded_closes: FloatArray
) -> None:
    evaluator = make_evaluator(DeathAndGoldenCrossEvaluator)
    seen: list[FloatArray] = []
    rule = evaluator.note_of
    evaluator.note_of = lambda closes, volumes: seen.append(closes) or rule(closes, volumes)
    await make_feed(evaluator).close(*recorded_closes[:250])
    assert seen[-1].tolist() == recorded_closes[49:250].tolist()


async def test_the_candle_in_construction_counts_when_asked_for(make_evaluator: Any, make_feed: Any) -> None:
    feed = make_feed(make_evaluator(DeathAndGoldenCrossEvaluator, **SHORT))
    assert (await feed.close(10, 9, 8, 7, 6))[-1] == 0.0
    assert await feed.under_construction(20.0) == -1.0


@pytest.mark.parametrize(
    "settings", [{"fast_length": 0}, {"slow_length": 2.5}, {"fast_ma_type": "sma"}, {"slow_ma_type": "KAMA"}]
)
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        make_evaluator(DeathAndGoldenCrossEvaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    assert make_evaluator(DeathAndGoldenCrossEvaluator).specific_config == {
        "fast_length": 50,
        "slow_length": 200,
        "slow_ma_type": "SMA",
        "fast_ma_type": "SMA",
    }


KNOWN_CROSSES = [551, 568, 659, 901, 1081, 1264, 1265, 1524, 1818, 1916, 2089, 2189, 2370, 2584, 2712, 2788]
