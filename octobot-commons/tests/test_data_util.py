# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.data_util import drop_nan, mean, normalize_data, shift_value_array

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(st.one_of(NUMBERS, st.just(math.nan))))
def test_drop_nan_keeps_numbers_in_order_and_leaves_its_argument_alone(values: list[float]) -> None:
    given_array = np.array(values, dtype=np.float64)
    before = given_array.copy()
    result = drop_nan(given_array)
    assert result.tolist() == [value for value in values if not math.isnan(value)]
    np.testing.assert_array_equal(given_array, before)
    if len(result):
        result[0] = 7.0
        np.testing.assert_array_equal(given_array, before)


def test_mean() -> None:
    assert mean([]) == 0
    assert mean([1, 2, 6]) == 3.0
    assert mean(np.array([1.0, 2.0])) == 1.5


@pytest.mark.parametrize("values", [[], [5.0]])
def test_fewer_than_two_values_are_not_normalized(values: list[float]) -> None:
    assert normalize_data(values).tolist() == values


@given(st.lists(NUMBERS, min_size=2, max_size=30))
def test_normalized_data_is_centred_and_spans_one(values: list[float]) -> None:
    result = normalize_data(values)
    if max(values) == min(values):
        assert result.tolist() == [0.0] * len(values)
    elif max(values) - min(values) > 1e-3:
        assert result.max() - result.min() == pytest.approx(1.0)
        assert result.mean() == pytest.approx(0.0, abs=1e-6)


def test_normalize_data_example() -> None:
    assert normalize_data([1, 1, 4]).tolist() == pytest.approx([-1 / 3, -1 / 3, 2 / 3])


@given(st.lists(NUMBERS, max_size=10), st.integers(-12, 12))
def test_shifting(values: list[float], shift_count: int) -> None:
    shifted = shift_value_array(np.array(values, dtype=np.float64), shift_count, fill_value=9.5)
    expected = [
        values[index - shift_count] if 0 <= index - shift_count < len(values) else 9.5 for index in range(len(values))
    ]
    assert shifted.tolist() == expected


def test_shifting_goes_left_by_one_and_fills_with_nan() -> None:
    shifted = shift_value_array(np.array([1, 2, 3]))
    assert shifted.tolist()[:2] == [2.0, 3.0]
    assert math.isnan(shifted[2])
    assert shift_value_array(np.array([1, 2, 3]), 1, 0, np.int64).dtype == np.int64
