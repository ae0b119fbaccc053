# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

from octobot.report import ratios
from octobot.report.ratios import MonthlyReturn

DAY = 86_400.0
START = 1_704_067_200.0  # 2024-01-01


def test_sharpe_by_hand():
    # Mean 0.01, deviations -0.02, 0, 0.02: standard deviation sqrt(0.0008 / 2) = 0.02.
    assert ratios.sharpe_ratio(np.array([-0.01, 0.01, 0.03])) == pytest.approx(0.5 * math.sqrt(365))


def test_sortino_by_hand():
    # Mean 0.01; downside sqrt(0.0003 / 3) = 0.01.
    returns = np.array([-math.sqrt(0.0003), 0.0, 0.03 + math.sqrt(0.0003)])
    assert ratios.sortino_ratio(returns) == pytest.approx(math.sqrt(365))


@pytest.mark.parametrize("returns", [None, np.array([]), np.array([0.1]), np.zeros(5), np.full(5, 0.01)])
def test_ratios_without_spread_are_not_defined(returns):
    assert ratios.sharpe_ratio(returns) is None
    assert ratios.sortino_ratio(returns) is None


def test_sortino_needs_a_losing_day():
    assert ratios.sortino_ratio(np.array([0.01, 0.02])) is None
    assert ratios.sharpe_ratio(np.array([0.01, 0.02])) is not None


def test_days_end_at_midnight_and_days_without_candle_carry_on():
    # Closes at noon and midnight of the first day, none on the second, one early on the third.
    times = START + DAY * np.array([0.5, 1.0, 2.25])
    daily, first_day = ratios.daily_values(START, 100.0, times, np.array([90.0, 110.0, 121.0]))
    assert daily.tolist() == [100, 110, 110, 121]
    assert first_day == START / DAY
    assert ratios.daily_returns(daily).tolist() == pytest.approx([0.1, 0, 0.1])


def test_long_candles_leave_their_days_at_the_start_value():
    daily, _ = ratios.daily_values(START, 100.0, np.array([START + 3 * DAY]), np.array([130.0]))
    assert daily.tolist() == [100, 100, 100, 130]


def test_no_candle_no_day():
    daily, _ = ratios.daily_values(START, 100.0, np.empty(0), np.empty(0))
    assert daily.tolist() == [100]
    assert ratios.daily_returns(daily) is None
    assert ratios.monthly_returns(daily, 0) == ()


@pytest.mark.parametrize("daily", [[100.0, 0.0, 10.0], [100.0, -5.0, 10.0], [0.0, 1.0]])
def test_returns_on_nothing_are_not_defined(daily):
    assert ratios.daily_returns(np.array(daily)) is None


def test_months_chain_to_the_whole():
    daily = np.concatenate(([100.0], np.linspace(100, 200, 31), np.linspace(200, 150, 29), [165.0]))
    assert ratios.monthly_returns(daily, int(START / DAY)) == (
        MonthlyReturn(2024, 1, 100.0),
        MonthlyReturn(2024, 2, -25.0),
        MonthlyReturn(2024, 3, pytest.approx(10.0)),
    )


def test_annual_return_by_hand():
    assert ratios.annual_return_percent(100, 121, 730 * DAY) == pytest.approx(10)
    assert ratios.annual_return_percent(100, 0, 365 * DAY) == -100
    assert ratios.annual_return_percent(100, 121, 29 * DAY) is None
    assert ratios.annual_return_percent(0, 121, 365 * DAY) is None
    assert ratios.annual_return_percent(100, -1, 365 * DAY) is None


def test_percent_change():
    assert ratios.percent_change(200, 150) == -25
    assert ratios.percent_change(0, 150) is None
