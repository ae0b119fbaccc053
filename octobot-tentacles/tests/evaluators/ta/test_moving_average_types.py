# SPDX-License-Identifier: Apache-2.0
"""The window of each kind of moving average gives the value of the whole history."""

from __future__ import annotations

import numpy as np
import pytest

from octobot_tentacles.evaluators.ta.moving_average_types import MOVING_AVERAGES
from octobot_tentacles.indicators import FloatArray

every_kind = pytest.mark.parametrize("kind", MOVING_AVERAGES)


@every_kind
@pytest.mark.parametrize("length", [1, 2, 9, 20])
def test_the_window_is_long_enough(kind: str, length: int, recorded_columns: dict[str, FloatArray]) -> None:
    average = MOVING_AVERAGES[kind]
    closes, volumes = recorded_columns["close"][:2000], recorded_columns["volume"][:2000]
    window = average.window(length)
    whole = average.compute(closes, volumes, length)
    for end in range(500, 2001, 50):
        last = average.compute(closes[end - window : end], volumes[end - window : end], length)[-1]
        assert last == pytest.approx(whole[end - 1], rel=1e-8)


@every_kind
def test_the_window_is_no_longer_than_it_has_to_be_for_one_value(kind: str) -> None:
    average = MOVING_AVERAGES[kind]
    closes = np.arange(1.0, 20.0)
    assert np.isnan(average.compute(closes[:8], closes[:8], 9)).all()
    assert np.isfinite(average.compute(closes[:12], closes[:12], 9)[-1])
    assert average.window(9) >= 9
