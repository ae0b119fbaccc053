# SPDX-License-Identifier: Apache-2.0
"""SuperTrendEvaluator: a hand-computed case, mirrored prices, recorded candles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.ta.super_trend import SuperTrendEvaluator
from octobot_tentacles.indicators import FloatArray, supertrend

WINDOW = 10 * (20 + 2 * 3) + 1
#: Two candles long, one true range wide: the bands are worked out in the test of the indicator.
SMALL = {"length": 2, "factor": 1}
CLOSES = [10.0, 11.0, 13.0, 12.0, 8.0, 9.0, 12.0]


async def test_hand_computed_notes(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(SuperTrendEvaluator, **SMALL)).close(*CLOSES)
    # the close 8 is below the band 11.5, the close 12 above the band 10.625
    assert notes == [START_PENDING_EVAL_NOTE] * 3 + [-1.0, 1.0, 1.0, -1.0]


async def test_reversals_alone(make_evaluator: Any, make_feed: Any) -> None:
    evaluator = make_evaluator(SuperTrendEvaluator, **SMALL, reversals_only=True)
    assert (await make_feed(evaluator).close(*CLOSES))[3:] == [0.0, 1.0, 0.0, -1.0]


async def test_the_whole_candle_counts(make_evaluator: Any, make_feed: Any) -> None:
    """A long candle whose middle is low widens and lowers the band: the same close does not turn the trend."""
    feed = make_feed(make_evaluator(SuperTrendEvaluator, **SMALL))
    await feed.close(10.0, 11.0, 13.0)
    assert await feed.candle(13.0, 11.0, 12.0, 1.0) == -1.0
    # true ranges 1 2 2 9 (12 to 3): the average is (1.75 + 9) / 2 = 5.375; the edge stays at 11.5, the close is above
    assert await feed.candle(12.0, 3.0, 11.6, 1.0) == -1.0
    assert await feed.candle(11.6, 11.3, 11.4, 1.0) == 1.0


walks = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 3), st.floats(0.01, 3)), min_size=5, max_size=60)


@given(rows=walks, reversals_only=st.booleans())
def test_bounds_and_mirror(rows: list[tuple[float, float, float]], reversals_only: bool) -> None:
    evaluator = SuperTrendEvaluator(None)
    evaluator.length, evaluator.factor, evaluator.reversals_only = 3, 1.5, reversals_only
    steps, above, below = np.array(rows).T
    closes = 1000.0 + np.cumsum(steps)
    highs, lows = closes + above, closes - below
    note = evaluator.note_of(highs, lows, closes)
    assert note in (-1.0, 0.0, 1.0)
    middle = (highs[3] + lows[3]) / 2
    line = supertrend(highs, lows, closes, 3, 1.5).line
    # a close in the very middle of the first candle, or on a band, falls to either side by rounding
    if abs(closes[3] - middle) > 1e-9 and np.abs(line[3:] - closes[3:]).min() > 1e-9:
        assert evaluator.note_of(2000.0 - lows, 2000.0 - highs, 2000.0 - closes) == -note


async def test_too_little_data_leaves_the_note_pending(make_evaluator: Any, make_feed: Any) -> None:
    notes = await make_feed(make_evaluator(SuperTrendEvaluator)).close(*range(100, 112))
    assert notes == [START_PENDING_EVAL_NOTE] * 11 + [-1.0]


@pytest.mark.parametrize("reversals_only", [True, False])
@pytest.mark.parametrize("price", [0.1, 43_210.98])
async def test_a_constant_price_is_neutral(
    make_evaluator: Any, make_feed: Any, price: float, reversals_only: bool
) -> None:
    evaluator = make_evaluator(SuperTrendEvaluator, reversals_only=reversals_only)
    assert set((await make_feed(evaluator).close(*[price] * 40))[11:]) == {0.0}


@pytest.mark.parametrize("column", [0, 1, 2])
async def test_a_price_that_is_no_number_leaves_the_note_pending(
    make_evaluator: Any, make_feed: Any, column: int
) -> None:
    evaluator = make_evaluator(SuperTrendEvaluator, **SMALL)
    feed = make_feed(evaluator)
    assert (await feed.close(*range(100, 110)))[-1] == -1.0
    prices = [110.0] * 3
    prices[column] = float("nan")
    assert await feed.candle(*prices, 1.0) == START_PENDING_EVAL_NOTE
    assert await feed.close(*range(111, 155)) == [START_PENDING_EVAL_NOTE] * 44  # the window is 45
    assert await feed.close(155) == [-1.0]
    assert evaluator.failures == 0


@pytest.mark.parametrize(("length", "factor"), [(10, 3.0), (14, 6.0), (21, 10.0)])
def test_recorded_columns_give_the_trend_of_the_whole_history(
    make_evaluator: Any, recorded_columns: dict[str, FloatArray], length: int, factor: float
) -> None:
    """The window is long enough."""
    highs, lows, closes = (recorded_columns[name][:4000] for name in ("high", "low", "close"))
    evaluator = make_evaluator(SuperTrendEvaluator, length=length, factor=factor)
    whole = supertrend(highs, lows, closes, length, factor).trend
    assert {*whole[1000:]} == {-1.0, 1.0}
    for end in range(1000, 4001, 7):
        part = slice(end - evaluator.window, end)
        assert evaluator.note_of(highs[part], lows[part], closes[part]) == -whole[end - 1]


def test_known_notes_of_recorded_columns(make_evaluator: Any, recorded_columns: dict[str, FloatArray]) -> None:
    highs, lows, closes = (recorded_columns[name][:2000] for name in ("high", "low", "close"))
    known = {}
    for reversals_only in (False, True):
        evaluator = make_evaluator(SuperTrendEvaluator, reversals_only=reversals_only)
        parts = [slice(end - WINDOW, end) for end in range(WINDOW, 2001)]
        notes = [evaluator.note_of(highs[part], lows[part], closes[part]) for part in parts]
        known[reversals_only] = (notes.count(-1.0), notes.count(0.0), notes.count(1.0))
    assert known == KNOWN_COUNTS


async def test_the_channel_gives_the_documented_window(
    make_evaluator: Any, make_feed: Any, recorded_closes: FloatArray
) -> None:
    evaluator = make_evaluator(SuperTrendEvaluator)
    seen: list[FloatArray] = []
    rule = evaluator.note_of
    evaluator.note_of = lambda highs, lows, closes: seen.append(closes) or rule(highs, lows, closes)
    await make_feed(evaluator).close(*recorded_closes[:300])
    assert seen[-1].tolist() == recorded_closes[300 - WINDOW : 300].tolist()


async def test_the_candle_in_construction_counts_when_asked_for(make_evaluator: Any, make_feed: Any) -> None:
    feed = make_feed(make_evaluator(SuperTrendEvaluator, **SMALL))
    assert (await feed.close(*CLOSES[:4]))[-1] == -1.0
    assert await feed.under_construction(8.0) == 1.0


@pytest.mark.parametrize("settings", [{"factor": 0}, {"length": 0}, {"reversals_only": 1}])
def test_unusable_settings_are_refused(make_evaluator: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(settings))):
        make_evaluator(SuperTrendEvaluator, **settings)


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    config = make_evaluator(SuperTrendEvaluator).specific_config
    assert config == {"factor": 3, "length": 10, "reversals_only": False}


KNOWN_COUNTS = {False: (921, 0, 819), True: (16, 1707, 17)}
