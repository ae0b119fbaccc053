# SPDX-License-Identifier: Apache-2.0
"""TechnicalAnalysisStrategyEvaluator: what each time frame counts."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.strategies.technical_analysis import TechnicalAnalysisStrategyEvaluator

WEIGHTS = [{"time_frame": "1h", "weight": 30}, {"time_frame": "4h", "weight": 10}]
Lines = list[tuple[str, float]]


@pytest.mark.parametrize(
    ("lines", "note"),
    [
        # (30 * -0.75 + 10 * 0.25) / 40
        ([("TA A 1h", -1.0), ("TA B 1h", -0.5), ("TA A 4h", 0.25)], -0.5),
        ([("TA A 1h", 0.8)], 0.8),
        ([("TA A 4h", 0.8)], 0.8),
        ([("TA A 1h", -1.0), ("TA A 4h", 1.0)], -0.5),
        # 1d is none of its time frames
        ([("TA A 1h", -1.0), ("TA A 1d", 1.0)], -1.0),
        # real-time notes: of 4h with its weight, of 1m with that of 1h, without a time frame as well
        ([("TA A 1h", -1.0), ("REAL_TIME R 4h", 1.0)], (30 * -1 + 10 * 1) / 40),
        ([("TA A 1h", -1.0), ("REAL_TIME R 1m", 1.0)], 0.0),
        ([("TA A 1h", -1.0), ("REAL_TIME R", 0.5)], -0.25),
        ([("SOCIAL S", 1.0), ("TA A 1h", -0.5)], -0.5),
    ],
)
async def test_notes(make_any_strategy: Any, lines: Lines, note: float) -> None:
    strategy = make_any_strategy(
        TechnicalAnalysisStrategyEvaluator, required_time_frames=["4h", "1h"], time_frames_to_weight=WEIGHTS
    )
    for path, value in lines:
        kind, name, *frame = path.split()
        strategy.write(" ".join(["binance", kind, name, "Bitcoin", "BTC/USDT", *frame]), value)
    await strategy.call()
    assert strategy.note() == pytest.approx(note)


async def test_a_time_frame_without_a_weight_does_not_count(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(
        TechnicalAnalysisStrategyEvaluator, required_time_frames=["1h", "1d"], time_frames_to_weight=WEIGHTS
    )
    strategy.write("binance TA A Bitcoin BTC/USDT 1d", 1.0)
    await strategy.call()
    assert strategy.note() == START_PENDING_EVAL_NOTE


async def test_notes_that_are_over_or_no_numbers_do_not_count(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(TechnicalAnalysisStrategyEvaluator)
    strategy.write("binance TA A Bitcoin BTC/USDT 1h", 1.0, age=3600.0)
    strategy.write("binance TA B Bitcoin BTC/USDT 1h", {"price": 1}, note_type=dict)
    await strategy.call()
    assert strategy.note() == START_PENDING_EVAL_NOTE


async def test_real_time_notes_have_the_others_made_anew(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(TechnicalAnalysisStrategyEvaluator)
    strategy.write("binance REAL_TIME R Bitcoin BTC/USDT", 0.5)
    await strategy.call("REAL_TIME", "R")
    assert [one[1:3] for one in strategy.asked] == [("R", "REAL_TIME")]
    assert strategy.note() == 0.5
    await strategy.call("SOCIAL", "S")
    await strategy.call(symbol=None)
    assert len(strategy.asked) == 1


async def test_each_symbol_has_its_mean(make_any_strategy: Any, told: Any) -> None:
    strategy = make_any_strategy(TechnicalAnalysisStrategyEvaluator)
    strategy.write("binance TA A Bitcoin BTC/USDT 1h", 1.0)
    strategy.write("binance TA A Ethereum ETH/USDT 30m", -1.0)
    strategy.write("binance TA A Ethereum ETH/USDT 1d", 0.5)
    await strategy.call()
    await strategy.call(cryptocurrency="Ethereum", symbol="ETH/USDT")
    assert await told.notes() == [("BTC/USDT", 1.0), ("ETH/USDT", -0.25)]


async def test_with_no_time_frame_there_is_no_note(make_any_strategy: Any) -> None:
    strategy = make_any_strategy(TechnicalAnalysisStrategyEvaluator, required_time_frames=[])
    strategy.write("binance REAL_TIME R Bitcoin BTC/USDT", 0.5)
    await strategy.call("REAL_TIME", "R")
    assert strategy.note() == START_PENDING_EVAL_NOTE


def test_defaults(make_any_strategy: Any) -> None:
    evaluator = make_any_strategy(TechnicalAnalysisStrategyEvaluator).evaluator
    assert evaluator.weights == {"30m": 30, "1h": 50, "2h": 50, "4h": 50, "1d": 30}
    assert [frame.value for frame in evaluator.strategy_time_frames] == ["30m", "1h", "2h", "4h", "1d"]
    assert evaluator.specific_config == {
        "required_time_frames": ["30m", "1h", "2h", "4h", "1d"],
        "time_frames_to_weight": [
            {"time_frame": "30m", "weight": 30},
            {"time_frame": "1h", "weight": 50},
            {"time_frame": "2h", "weight": 50},
            {"time_frame": "4h", "weight": 50},
            {"time_frame": "1d", "weight": 30},
        ],
    }


@pytest.mark.parametrize(
    ("entries", "match"),
    [
        ([{"time_frame": "1h", "weight": 0}], "no time frame has a weight above 0"),
        ([], "no time frame has a weight above 0"),
        ([{"time_frame": "1h", "weight": 1}] * 2, "one stands there twice"),
        ([{"time_frame": "1x", "weight": 1}], r"time_frames_to_weight\[0\].time_frame"),
        ([{"time_frame": "1h", "weight": 101}], r"time_frames_to_weight\[0\].weight"),
    ],
)
def test_unusable_weights_are_refused(make_any_strategy: Any, entries: list[Any], match: str) -> None:
    with pytest.raises(SettingError, match=match):
        make_any_strategy(TechnicalAnalysisStrategyEvaluator, time_frames_to_weight=entries)
