# SPDX-License-Identifier: Apache-2.0
"""SimpleStrategyEvaluator: whose notes count, and when."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.enums import TimeFrames
from octobot_tentacles.evaluators.strategies.simple import SimpleStrategyEvaluator

HOUR, DAY = 3600.0, 86400.0


@pytest.fixture
def make_strategy(make_any_strategy: Any) -> Any:
    return partial(make_any_strategy, SimpleStrategyEvaluator)


async def test_is_the_plain_mean_of_every_time_frame_and_evaluator(make_strategy: Any) -> None:
    strategy = make_strategy()
    strategy.write("binance TA RSI Bitcoin BTC/USDT 1h", -1.0)
    strategy.write("binance TA RSI Bitcoin BTC/USDT 4h", -0.5)
    strategy.write("binance TA RSI Bitcoin BTC/USDT 1d", 0.25)
    strategy.write("binance TA Average Bitcoin BTC/USDT 1h", 0.75)
    await strategy.call()
    assert strategy.note() == strategy.evaluator.eval_note == -0.125
    assert strategy.asked == []


async def test_other_time_frames_symbols_and_exchanges_do_not_count(make_strategy: Any) -> None:
    strategy = make_strategy(required_time_frames=["4h"])
    strategy.write("binance TA RSI Bitcoin BTC/USDT 4h", 0.5)
    for path in (
        "binance TA RSI Bitcoin BTC/USDT 1h",
        "binance TA RSI Bitcoin BTC/USDC 4h",
        "kraken TA RSI Bitcoin BTC/USDT 4h",
        "binance SCRIPTED Script Bitcoin BTC/USDT 4h",
    ):
        strategy.write(path, -1.0)
    await strategy.call()
    assert strategy.note() == 0.5


@pytest.mark.parametrize("unusable", [START_PENDING_EVAL_NOTE, None, float("nan"), True, {"price": 1}, "text"])
async def test_what_is_no_number_is_left_out(make_strategy: Any, unusable: Any) -> None:
    strategy = make_strategy()
    strategy.write("binance TA RSI Bitcoin BTC/USDT 1h", 1)
    strategy.write("binance TA Odd Bitcoin BTC/USDT 1h", unusable, note_type=type(unusable))
    await strategy.call()
    assert strategy.note() == 1.0


async def test_the_note_is_pending_when_nothing_is_valid(make_strategy: Any) -> None:
    strategy = make_strategy()
    strategy.write("binance TA RSI Bitcoin BTC/USDT 1h", 1.0)
    await strategy.call()
    strategy.write("binance TA RSI Bitcoin BTC/USDT 1h", START_PENDING_EVAL_NOTE)
    await strategy.call()
    assert strategy.note() == START_PENDING_EVAL_NOTE


async def test_a_note_counts_for_its_time_frame(make_strategy: Any) -> None:
    strategy = make_strategy()
    strategy.write("binance TA RSI Bitcoin BTC/USDT 1h", 1.0, age=HOUR)
    strategy.write("binance TA RSI Bitcoin BTC/USDT 1d", -0.5, age=DAY - 1)
    await strategy.call()
    assert strategy.note() == -0.5


async def test_real_time_notes_count_with_and_without_time_frame(make_strategy: Any) -> None:
    strategy = make_strategy()
    strategy.write("binance TA RSI Bitcoin BTC/USDT 1h", 0.0)
    strategy.write("binance REAL_TIME Instant Bitcoin BTC/USDT", 1.0, age=100 * DAY)
    strategy.write("binance REAL_TIME Moving Bitcoin BTC/USDT 1m", 0.5)
    await strategy.call("REAL_TIME", "Instant")
    assert strategy.note() == 0.5
    assert [arguments[1:7] for arguments in strategy.asked] == [
        ("Instant", "REAL_TIME", "binance", "Bitcoin", "BTC/USDT", "exchange")
    ]
    assert strategy.asked[0][7] == [TimeFrames.ONE_HOUR, TimeFrames.FOUR_HOURS, TimeFrames.ONE_DAY]


async def test_technical_notes_are_left_as_they_are_when_told_so(make_strategy: Any) -> None:
    strategy = make_strategy(re_evaluate_TA_when_social_or_realtime_notification=False)
    strategy.write("binance REAL_TIME Instant Bitcoin BTC/USDT", 1.0)
    await strategy.call("REAL_TIME", "Instant")
    assert strategy.note() == 1.0
    assert strategy.asked == []


async def test_social_notes_count_for_a_while(make_strategy: Any) -> None:
    strategy = make_strategy(social_evaluators_notification_timeout=60)
    strategy.write("SOCIAL News Bitcoin", 1.0, age=60)
    strategy.write("SOCIAL Greed", 0.5)
    strategy.write("SOCIAL Signals Bitcoin BTC/USDT", 0.0)
    strategy.write("binance SOCIAL Tape Bitcoin BTC/USDT", -0.5)
    strategy.write("SOCIAL Old Bitcoin", -1.0, age=61)
    strategy.write("SOCIAL Other Ethereum", -1.0)
    await strategy.call("SOCIAL", "News", exchange=None)
    assert strategy.note() == 0.25


async def test_background_evaluators_count_and_wake_nobody(make_strategy: Any) -> None:
    strategy = make_strategy()
    strategy.write("SOCIAL RedditForumEvaluator Bitcoin", 1.0)
    await strategy.call("SOCIAL", "RedditForumEvaluator")
    assert strategy.note() is None
    await strategy.call()
    assert strategy.note() == 1.0


async def test_a_note_about_a_currency_is_about_each_of_its_symbols(make_strategy: Any) -> None:
    strategy = make_strategy()
    strategy.write("SOCIAL News Bitcoin", -1.0)
    await strategy.call("SOCIAL", "News", symbol=None, exchange=None)
    assert (strategy.note(), strategy.note("Bitcoin", "BTC/USDC")) == (-1.0, -1.0)
    assert strategy.note("Ethereum", "ETH/USDT") is None
    await strategy.call("SOCIAL", "News", cryptocurrency=None, symbol=None)
    assert strategy.note("Ethereum", "ETH/USDT") == START_PENDING_EVAL_NOTE


def test_default_settings(make_strategy: Any) -> None:
    strategy = make_strategy()
    assert strategy.evaluator.specific_config == {
        "required_time_frames": ["1h", "4h", "1d"],
        "required_candles_count": 1000,
        "social_evaluators_notification_timeout": 3600,
        "re_evaluate_TA_when_social_or_realtime_notification": True,
        "background_social_evaluators": ["RedditForumEvaluator"],
    }
