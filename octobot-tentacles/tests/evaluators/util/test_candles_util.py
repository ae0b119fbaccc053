# SPDX-License-Identifier: Apache-2.0
"""CandlesUtil: hand-computed prices, and what holds for all candles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.evaluators.util.candles_util import CandlesUtil

OPEN, HIGH, LOW, CLOSE = [10.0, 12.0, 11.0], [13.0, 14.0, 12.0], [9.0, 11.0, 6.0], [12.0, 11.0, 7.0]


def test_one_price_a_candle() -> None:
    assert CandlesUtil.HL2(HIGH, LOW).tolist() == [11.0, 12.5, 9.0]
    assert CandlesUtil.HLC3(HIGH, LOW, CLOSE).tolist() == pytest.approx([34 / 3, 12.0, 25 / 3])
    assert CandlesUtil.OHLC4(OPEN, HIGH, LOW, CLOSE).tolist() == [11.0, 12.0, 9.0]


def test_heikin_ashi_candles() -> None:
    candles = CandlesUtil.HeikinAshi(OPEN, HIGH, LOW, CLOSE)
    # bodies: (10 + 12) / 2 = 11 to 11; (11 + 11) / 2 = 11 to 12; (11 + 12) / 2 = 11.5 to 9
    assert candles.open.tolist() == [11.0, 11.0, 11.5]
    assert candles.close.tolist() == [11.0, 12.0, 9.0]
    assert candles.high.tolist() == [13.0, 14.0, 12.0]
    assert candles.low.tolist() == [9.0, 11.0, 6.0]
    assert [len(array) for array in CandlesUtil.HeikinAshi([], [], [], [])] == [0, 0, 0, 0]


def test_a_gap_is_within_the_heikin_ashi_candle() -> None:
    candles = CandlesUtil.HeikinAshi([10.0, 20.0], [10.0, 20.0], [10.0, 20.0], [10.0, 20.0])
    assert (candles.open[1], candles.low[1], candles.high[1]) == (10.0, 10.0, 20.0)


prices = st.lists(st.tuples(*[st.floats(1, 1e6)] * 4), min_size=1, max_size=50)


@given(prices)
def test_prices_lie_within_their_candles(rows: list[tuple[float, float, float, float]]) -> None:
    table = np.array(rows)
    high, low, open, close = table.max(axis=1), table.min(axis=1), table[:, 0], table[:, 1]
    margin = 1e-9 * high
    for price in (
        CandlesUtil.HL2(high, low),
        CandlesUtil.HLC3(high, low, close),
        CandlesUtil.OHLC4(open, high, low, close),
    ):
        assert ((price >= low - margin) & (price <= high + margin)).all()
    candles = CandlesUtil.HeikinAshi(open, high, low, close)
    assert (candles.high >= np.maximum(candles.open, candles.close)).all()
    assert (candles.low <= np.minimum(candles.open, candles.close)).all()


def test_inputs_are_left_as_they_are_and_have_to_be_of_one_length() -> None:
    high = np.array(HIGH)
    CandlesUtil.HL2(high, LOW)[:] = 0.0
    assert high.tolist() == HIGH
    with pytest.raises(ValueError, match="same length, not 3, 2"):
        CandlesUtil.HL2(HIGH, LOW[:2])
