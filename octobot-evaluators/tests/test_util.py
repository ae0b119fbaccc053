# SPDX-License-Identifier: Apache-2.0
"""Evaluation times."""

from __future__ import annotations

import pytest

from octobot_commons.enums import TimeFrames
from octobot_evaluators.util import get_eval_time

CANDLE = [7200.0, 1.0, 2.0, 0.5, 1.5, 3.0]


def test_a_full_candle_stands_for_its_close_time():
    assert get_eval_time(full_candle=CANDLE, time_frame="1h") == 10800.0
    assert get_eval_time(CANDLE, TimeFrames.FOUR_HOURS) == 21600.0
    assert get_eval_time([1706745600.0, *CANDLE[1:]], "1M") == 1709251200.0, "February 2024 has 29 days"


def test_a_candle_in_construction_stands_for_its_open_time():
    assert get_eval_time(partial_candle=CANDLE) == 7200.0
    assert get_eval_time(kline=CANDLE) == 7200.0


def test_what_is_missing_is_named():
    with pytest.raises(ValueError, match="needs its time frame"):
        get_eval_time(full_candle=CANDLE)
    with pytest.raises(ValueError, match="a full candle, a partial candle or a kline"):
        get_eval_time(time_frame="1h")
    with pytest.raises(ValueError, match="'7h' is no time frame"):
        get_eval_time(CANDLE, "7h")
