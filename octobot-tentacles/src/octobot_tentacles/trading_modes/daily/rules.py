# SPDX-License-Identifier: Apache-2.0
"""DailyTradingMode's numbers: thresholds, order sizes and prices, as functions of the note and the profile's risk."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from octobot_trading.constants import ONE
from octobot_trading.enums import EvaluatorStates


class Range(NamedTuple):
    """The two ends of what note and risk can bring about: the timid one and the bold one."""

    timid: Decimal
    bold: Decimal

    def at(self, boldness: Decimal) -> Decimal:
        """The value at ``boldness`` in [0, 1]."""
        return self.timid + (self.bold - self.timid) * boldness


#: A note below the threshold, moved by the risk, is in the state; each state begins where the one before it ends.
_VERY_LONG_BELOW: Final = Decimal("-0.85")
_LONG_BELOW: Final = Decimal("-0.25")
_NEUTRAL_BELOW: Final = Decimal("0.25")
_SHORT_BELOW: Final = Decimal("0.85")
_IN_ORDER: Final = (
    EvaluatorStates.VERY_LONG, EvaluatorStates.LONG, EvaluatorStates.NEUTRAL, EvaluatorStates.SHORT,
    EvaluatorStates.VERY_SHORT,
)  # fmt: skip
_RISK_WEIGHT: Final = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class OrderRules:
    """How large orders are, in parts of what is available, and where they stand, in parts of the current price."""

    market_size: Range
    limit_size: Range
    buy_limit_price: Range
    sell_limit_price: Range
    stop_price: Range


#: DailyTradingMode's.
DAILY: Final = OrderRules(
    market_size=Range(Decimal("0.3"), ONE),
    limit_size=Range(Decimal("0.1"), Decimal("0.9")),
    buy_limit_price=Range(Decimal("0.98"), Decimal("0.995")),
    sell_limit_price=Range(Decimal("1.02"), Decimal("1.005")),
    stop_price=Range(Decimal("0.95"), Decimal("0.99")),
)


def state_of(note: Decimal, risk: Decimal) -> EvaluatorStates:
    """The state that a note in [-1, 1] stands for; a higher risk makes every state but neutral wider."""
    very_long_below, long_below, neutral_below, short_below = _thresholds(risk)
    if note < very_long_below:
        return EvaluatorStates.VERY_LONG
    if note < long_below:
        return EvaluatorStates.LONG
    if note < neutral_below:
        return EvaluatorStates.NEUTRAL
    return EvaluatorStates.SHORT if note < short_below else EvaluatorStates.VERY_SHORT


@lru_cache(maxsize=64)
def rule_of(state: EvaluatorStates, risk: Decimal) -> str:
    """Which notes stand for a state, in words."""
    bounds = (None, *_thresholds(risk), None)
    low, high = bounds[_IN_ORDER.index(state) :][:2]
    within = [f"from {low:f} on"] if low is not None else []
    within += [f"below {high:f}"] if high is not None else []
    return f"{state.name} is a final note {', '.join(within)}, with a risk of {risk:f}"


@lru_cache(maxsize=16)
def _thresholds(risk: Decimal) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    shift = _RISK_WEIGHT * risk
    return _VERY_LONG_BELOW + shift, _LONG_BELOW + shift, _NEUTRAL_BELOW - shift, _SHORT_BELOW - shift


def boldness_of(note: Decimal, risk: Decimal) -> Decimal:
    """In [0, 1]: the mean of the note's strength and the risk."""
    return (min(abs(note), ONE) + risk) / 2
