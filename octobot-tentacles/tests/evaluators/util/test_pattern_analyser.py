# SPDX-License-Identifier: Apache-2.0
"""PatternAnalyser: drawn letters, their mirror images, and noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.evaluators.util.pattern_analyser import PatternAnalyser

MIRRORED = {"V": "N", "N": "V", "W": "M", "M": "W", "?": "?"}


@pytest.mark.parametrize(
    ("data", "pattern"),
    [
        ([4, 2, 0, 2, 4], "V"),
        ([0, 2, 4, 2, 0], "N"),
        ([4, 0, 3, 0, 4], "W"),
        ([0, 4, 1, 4, 0], "M"),
        pytest.param([8, 0, 1, 0, 8], "V", id="a move of 1 in a range of 8 is noise"),
        pytest.param([8, 0, 2, 0, 8], "W", id="a quarter of the range is not"),
        pytest.param([0, 1, 2, 3], "?", id="only rises"),
        pytest.param([0, 4, 0, 4], "?", id="rises, falls, rises"),
        pytest.param([4, 0, 4, 0, 4, 0, 4], "?", id="three lows"),
        pytest.param([3, 3, 3, 3], "?", id="nothing moves"),
        pytest.param([4, 0], "?", id="too few"),
        pytest.param([4, float("nan"), 0, 4], "?", id="no number"),
    ],
)
def test_letters(data: list[float], pattern: str) -> None:
    assert PatternAnalyser.get_pattern(data) == pattern
    assert PatternAnalyser.get_pattern([-value for value in data]) == MIRRORED[pattern]
    assert PatternAnalyser.get_pattern(np.array(data[::-1])) == pattern


@given(st.lists(st.integers(-20, 20), max_size=30), st.integers(1, 9), st.integers(-9, 9))
def test_letters_depend_on_neither_scale_nor_level(data: list[int], scale: int, level: int) -> None:
    pattern = PatternAnalyser.get_pattern(data)
    assert PatternAnalyser.get_pattern([scale * value + level for value in data]) == pattern
    assert PatternAnalyser.get_pattern([-value for value in data]) == MIRRORED[pattern]


def test_the_pattern_since_the_last_crossing() -> None:
    data = np.array([5.0, 3.0, 1.0, -1.0, -4.0, -1.0, 2.0, 5.0, 2.0, 5.0, 1.0])
    assert PatternAnalyser.find_pattern(data, [3, 6], 10) == ("M", 6, 10)
    assert PatternAnalyser.find_pattern(data, [3, 6], 8) == ("N", 6, 8)
    assert PatternAnalyser.find_pattern(data, [3, 6], 5) == ("V", 3, 5)
    assert PatternAnalyser.find_pattern(data, [], 5) == ("V", 0, 5)
    assert PatternAnalyser.find_pattern(data, [3, 6], 7) == (PatternAnalyser.UNKNOWN_PATTERN, 6, 7)


def test_strengths() -> None:
    assert [PatternAnalyser.get_pattern_strength(letter) for letter in "WMVN?"] == [1, 1, 0.75, 0.75, 0]
    assert PatternAnalyser.UNKNOWN_PATTERN == "?"
