# SPDX-License-Identifier: Apache-2.0
"""Thresholds and interpolation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_tentacles.trading_modes.daily import rules
from octobot_trading.enums import EvaluatorStates

VERY_LONG, LONG, NEUTRAL, SHORT, VERY_SHORT = (
    EvaluatorStates.VERY_LONG,
    EvaluatorStates.LONG,
    EvaluatorStates.NEUTRAL,
    EvaluatorStates.SHORT,
    EvaluatorStates.VERY_SHORT,
)


@pytest.mark.parametrize(
    ("risk", "note", "state"),
    [
        ("0.5", "-1", VERY_LONG),
        ("0.5", "-0.7501", VERY_LONG),
        ("0.5", "-0.75", LONG),
        ("0.5", "-0.1501", LONG),
        ("0.5", "-0.15", NEUTRAL),
        ("0.5", "0", NEUTRAL),
        ("0.5", "0.1499", NEUTRAL),
        ("0.5", "0.15", SHORT),
        ("0.5", "0.7499", SHORT),
        ("0.5", "0.75", VERY_SHORT),
        ("0.5", "1", VERY_SHORT),
        ("1", "-0.66", VERY_LONG),
        ("1", "-0.65", LONG),
        ("1", "-0.06", LONG),
        ("1", "0.05", SHORT),
        ("0.01", "-0.86", VERY_LONG),
        ("0.01", "-0.84", LONG),
        ("0.01", "0.24", NEUTRAL),
    ],
)
def test_states_begin_where_the_documented_thresholds_say(risk: str, note: str, state: EvaluatorStates) -> None:
    assert rules.state_of(Decimal(note), Decimal(risk)) is state


@pytest.mark.parametrize(("note", "risk", "boldness"), [("0", "1", "0.5"), ("-1", "1", "1"), ("0.4", "0.2", "0.3")])
def test_boldness_is_the_mean_of_strength_and_risk(note: str, risk: str, boldness: str) -> None:
    assert rules.boldness_of(Decimal(note), Decimal(risk)) == Decimal(boldness)


@pytest.mark.parametrize(
    ("values", "timid", "middle", "bold"),
    [
        (rules.DAILY.market_size, "0.3", "0.65", "1"),
        (rules.DAILY.limit_size, "0.1", "0.5", "0.9"),
        (rules.DAILY.buy_limit_price, "0.98", "0.9875", "0.995"),
        (rules.DAILY.sell_limit_price, "1.02", "1.0125", "1.005"),
        (rules.DAILY.stop_price, "0.95", "0.97", "0.99"),
    ],
)
def test_ranges_go_from_timid_to_bold(values: rules.Range, timid: str, middle: str, bold: str) -> None:
    assert values.at(Decimal(0)) == Decimal(timid)
    assert values.at(Decimal("0.5")) == Decimal(middle)
    assert values.at(Decimal(1)) == Decimal(bold)


unit = st.decimals(min_value=0, max_value=1, places=3)
notes = st.decimals(min_value=-1, max_value=1, places=3)
ORDER = [VERY_LONG, LONG, NEUTRAL, SHORT, VERY_SHORT]


@given(one=notes, other=notes, risk=unit)
def test_states_follow_the_order_of_notes(one: Decimal, other: Decimal, risk: Decimal) -> None:
    low, high = sorted((one, other))
    assert ORDER.index(rules.state_of(low, risk)) <= ORDER.index(rules.state_of(high, risk))


@given(note=notes, risk=unit)
def test_boldness_stays_within_its_bounds(note: Decimal, risk: Decimal) -> None:
    assert 0 <= rules.boldness_of(note, risk) <= 1
