# SPDX-License-Identifier: Apache-2.0
"""EMADivergenceTrendEvaluator: hand-computed notes, both names of the thresholds, recorded candles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_commons.settings_schema import settings_schema
from octobot_tentacles.evaluators.ta.ema_divergence_trend import EMADivergenceTrendEvaluator
from octobot_tentacles.indicators import FloatArray, ema

WINDOW = 50 * 11


@pytest.mark.parametrize(
    ("last", "settings", "note"),
    [
        # an EMA(3) at 100 that gets a last close c comes to (100 + c) / 2, so c is 100 (c - 100) / (c + 100) % above
        pytest.param(104.1, {}, -1.0, id="2.01 % above"),
        pytest.param(104.0, {}, 0.0, id="1.96 %"),
        pytest.param(96.1, {}, 0.0, id="-1.99 %"),
        pytest.param(96.0, {}, 1.0, id="-2.04 %"),
        pytest.param(106.0, {"long_value": 3}, 0.0, id="2.9 % of 3"),
        pytest.param(106.3, {"long_value": 3}, -1.0, id="3.05 % of 3"),
        pytest.param(97.5, {"short_value": -1}, 1.0, id="-1.3 % of -1"),
    ],
)
async def test_hand_computed_notes(
    make_evaluator: Any, make_feed: Any, last: float, settings: dict[str, int], note: float
) -> None:
    evaluator = make_evaluator(EMADivergenceTrendEvaluator, size=3, **settings)
    assert (await make_feed(evaluator).close(*[100.0] * 30, last))[-1] == note


@pytest.mark.parametrize(
    ("settings", "thresholds"),
    [
        ({}, (-2, 2)),
        ({"long": 5, "short": -4}, (-4, 5)),
        ({"long_value": 5, "short_value": -4}, (-4, 5)),
        ({"long": 9, "short": -9, "long_value": 5, "short_value": -4}, (-4, 5)),
        ({"long": 5}, (-2, 5)),
        ({"long": 5, "short_value": -3}, (-3, 5)),
    ],
)
def test_both_names_of_the_thresholds_are_read(
    make_evaluator: Any, settings: dict[str, int], thresholds: tuple[int, int]
) -> None:
    evaluator = make_evaluator(EMADivergenceTrendEvaluator, **settings)
    assert (evaluator.short_value, evaluator.long_value) == thresholds
    assert {key: evaluator.specific_config[key] for key in settings} == settings
    evaluator.load_config()
    assert (evaluator.short_value, evaluator.long_value) == thresholds


def test_the_schema_of_a_file_with_the_old_names_has_their_rules() -> None:
    setup = TentaclesSetupConfig(configs={"EMADivergenceTrendEvaluator": {"size": 50, "short": -2, "long": 2}})
    properties = settings_schema(EMADivergenceTrendEvaluator, setup)["properties"]
    assert properties["long"]["type"] == properties["short"]["type"] == properties["size"]["type"]
    assert "long_value" not in properties


@given(
    steps=st.lists(st.floats(-5, 5), min_size=50, max_size=90),
    short=st.integers(-3, 3),
    width=st.integers(0, 3),
)
def test_bounds_and_mirror(steps: list[float], short: int, width: int) -> None:
    evaluator, mirror = EMADivergenceTrendEvaluator(None), EMADivergenceTrendEvaluator(None)
    evaluator.short_value, evaluator.long_value = short, short + width
    mirror.short_value, mirror.long_value = -short - width, -short
    closes = 100.0 + np.cumsum(steps) / 10.0
    divergence = 100.0 * (closes[-1] / ema(closes, 50)[-1] - 1.0)
    note = evaluator.note_of(closes)
    assert note in (-1.0, 0.0, 1.0)
    if min(abs(divergence - short), abs(divergence - short - width)) > 1e-7:
        assert note == float(divergence < short) - float(divergence > short + width)
    # 2 EMA - price is as far below the EMA as the price is above it, once the last close alone is moved there
    last = float(ema(closes, 50)[-1])
    moved = closes.copy()
    moved[-1] = last - (closes[-1] - last) * (1.0 + 2.0 / 51.0) / (1.0 - 2.0 / 51.0)
    mirrored = 100.0 * (moved[-1] / ema(moved, 50)[-1] - 1.0)
    if min(abs(mirrored + short), abs(mirrored + short + width)) > 1e-7:
        assert mirror.note_of(moved) == float(-mirrored > short + width) - float(-mirrored < short)


async def test_too_little_data_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(EMADivergenceTrendEvaluator)).close(*[100.0] * 49, 120.0)
    assert notes == [START_PENDING_EVAL_NOTE] * 49 + [-1.0]


@pytest.mark.parametrize("price", [0.1, 43_210.98])
async def test_a_constant_price_is_neutral(make_evaluator: Any, make_feed: Any, price: float) -> None:
    evaluator = make_evaluator(EMADivergenceTrendEvaluator, long_value=0, short_value=0)
    assert (await make_feed(evaluator).close(*[price] * 70))[-1] == 0.0


async def test_a_close_that_is_no_number_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    evaluator = make_evaluator(EMADivergenceTrendEvaluator, size=3)
    notes = await make_feed(evaluator).close(*[100.0] * 10, float("nan"), *[100.0] * 33)
    assert (notes[9], notes[10:43], notes[43]) == (0.0, [START_PENDING_EVAL_NOTE] * 33, 0.0)
    assert evaluator.failures == 0


def test_recorded_columns_give_the_notes_of_the_whole_history(make_evaluator: Any, recorded_closes: FloatArray) -> None:
    evaluator = make_evaluator(EMADivergenceTrendEvaluator)
    closes = recorded_closes[:3000]
    divergences = 100.0 * (closes / ema(closes, 50) - 1.0)
    expected = np.where(divergences > 2.0, -1.0, np.where(divergences < -2.0, 1.0, 0.0))
    notes = [evaluator.note_of(closes[max(0, end - WINDOW) : end]) for end in range(50, 3001)]
    assert notes == expected[49:].tolist()
    assert (notes.count(-1.0), notes.count(0.0), notes.count(1.0)) == KNOWN_COUNTS


async def test_the_channel_gives_the_documented_window(
    make_evaluator: Any, make_feed: Any, recorded_closes: FloatArray
) -> None:
    evaluator = make_evaluator(EMADivergenceTrendEvaluator)
    seen: list[FloatArray] = []
    rule = evaluator.note_of
    evaluator.note_of = lambda closes: seen.append(closes) or rule(closes)
    await make_feed(evaluator).close(*recorded_closes[:600])
    assert seen[-1].tolist() == recorded_closes[600 - WINDOW : 600].tolist()


async def test_the_candle_in_construction_counts_when_asked_for(make_evaluator: Any, make_feed: Any) -> None:
    feed = make_feed(make_evaluator(EMADivergenceTrendEvaluator))
    assert (await feed.close(*[100.0] * 60))[-1] == 0.0
    assert await feed.under_construction(110.0) == -1.0


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"size": 0}, "size"),
        ({"long_value": 1.5}, "long_value"),
        ({"long": "high"}, "long: expected"),
        ({"long_value": 1, "short_value": 2}, "short_value: 2 is above the threshold for buying, 1"),
        ({"long": -3}, "short_value: -2 is above"),
        ({"short": 3}, "short: 3 is above"),
    ],
)
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any], match: str) -> None:
    with pytest.raises(SettingError, match=match):
        make_evaluator(EMADivergenceTrendEvaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    config = make_evaluator(EMADivergenceTrendEvaluator).specific_config
    assert config == {"size": 50, "long_value": 2, "short_value": -2}
    promised = {"size": 50, "short": -2, "long": 2}
    assert make_evaluator(EMADivergenceTrendEvaluator, **promised).specific_config == promised


KNOWN_COUNTS = (425, 2321, 205)
