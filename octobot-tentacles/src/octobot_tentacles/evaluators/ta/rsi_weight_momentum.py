# SPDX-License-Identifier: Apache-2.0
"""RSIWeightMomentumEvaluator: how deep a dip is, as weights of price and volume.

``docs/RSIWeightMomentumEvaluator.md`` describes the rule for those who set it up; ``weights_of`` is this rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.ta.noting import Column, notes
from octobot_tentacles.indicators import FloatArray
from octobot_tentacles.indicators.momentum import known_rsi

#: Wilder's average forgets its start by (1 - 1 / period) a candle: after 20 periods 2e-9 of it are left.
WARM_UP_PERIODS = 20
PRICE, VOLUME = "price", "volume"
#: Light, medium and heavy.
WEIGHTS: Final = (1, 2, 3)


class Dip(NamedTuple):
    """What slow and fast averages of the RSI, both at or below their thresholds, weigh."""

    slow_threshold: float
    fast_threshold: float
    weights: dict[str, int]


def _default(slow: int, *fast: tuple[int, int, int]) -> dict[str, Any]:
    return {
        "slow_threshold": slow,
        "fast_thresholds": [
            {"fast_threshold": threshold, "weights": {PRICE: price, VOLUME: volume}}
            for threshold, price, volume in fast
        ],
    }


DEFAULT_WEIGHTS: Final = [
    _default(30, (20, 2, 2), (30, 1, 1)),
    _default(35, (20, 3, 3), (35, 1, 1)),
    _default(45, (20, 3, 3), (40, 2, 1)),
    _default(55, (45, 1, 1)),
    _default(65, (45, 1, 1), (55, 3, 2), (60, 2, 1)),
    _default(70, (55, 3, 2), (70, 2, 2)),
]


def weights_of(slow: float, fast: float, dips: Sequence[Dip]) -> dict[str, int]:
    """The weights of the first of ``dips`` whose thresholds both averages are at or below; zeros where there is none.

    ``dips`` are in order of slow, then of fast threshold, so that the deepest one counts.
    """
    for dip in dips:
        if slow <= dip.slow_threshold and fast <= dip.fast_threshold:
            return dict(dip.weights)
    return {PRICE: 0, VOLUME: 0}


class RSIWeightMomentumEvaluator(TAEvaluator):
    """Weighs dips: its note is ``{"price": 0 to 3, "volume": 0 to 3}``, both 0 where there is no dip."""

    ohlcv_callback = notes(Column.CLOSE)

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.period = 14
        self.slow_eval_count = 16
        self.fast_eval_count = 4
        self.dips: list[Dip] = []

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        self.period = self._count("period", 14, "Period: length of the RSI in candles.", inputs)
        self.slow_eval_count = self._count("slow_eval_count", 16, "RSI values in the slow average.", inputs)
        self.fast_eval_count = self._count("fast_eval_count", 4, "RSI values in the fast average.", inputs)
        self.dips = sorted(self._dips(inputs), key=lambda dip: dip[:2])

    @staticmethod
    def get_eval_type() -> type:
        """Its notes are no numbers."""
        return dict

    @property
    def window(self) -> int:
        """How many closes it reads."""
        return WARM_UP_PERIODS * self.period + self._needed

    def note_of(self, closes: FloatArray) -> dict[str, int] | None:
        """The weights of these closes, None when they are too few.

        Raises:
            IndicatorInputError: a close is no number.
        """
        if len(closes) < self.period + self._needed or closes[0] != closes[0]:
            return None
        if closes.max() == closes.min():
            return {PRICE: 0, VOLUME: 0}  # an RSI of 50 by convention, which default thresholds would take for a dip
        strengths = known_rsi(closes, self.period)
        slow, fast = (float(strengths[-count:].mean()) for count in (self.slow_eval_count, self.fast_eval_count))
        return weights_of(slow, fast, self.dips)

    @property
    def _needed(self) -> int:
        return max(self.slow_eval_count, self.fast_eval_count)

    def _count(self, name: str, default: int, title: str, inputs: dict[str, Any]) -> int:
        return int(self.UI.user_input(name, UserInputTypes.INT, default, inputs, min_val=1, title=title))

    def _dips(self, inputs: dict[str, Any]) -> list[Dip]:
        dips = []
        entries = self.UI.user_input(
            "RSI_to_weight", UserInputTypes.OBJECT_ARRAY, DEFAULT_WEIGHTS, inputs,
            title="Dips: what a slow and a fast average of the RSI at or below these thresholds weigh.",
            item_title="Slow average",
        )  # fmt: skip
        for index, entry in enumerate(entries):
            at: dict[str, Any] = {"parent_input_name": "RSI_to_weight", "array_indexes": [index]}
            slow = self._threshold("slow_threshold", 30, at, inputs)
            fasts = self.UI.user_input(
                "fast_thresholds", UserInputTypes.OBJECT_ARRAY, entry.get("fast_thresholds", []), inputs,
                title="Fast averages", item_title="Fast average", **at,
            )  # fmt: skip
            for fast_index in range(len(fasts)):
                inner: dict[str, Any] = {"parent_input_name": "fast_thresholds", "array_indexes": [index, fast_index]}
                fast = self._threshold("fast_threshold", 20, inner, inputs)
                self.UI.user_input("weights", UserInputTypes.OBJECT, None, inputs, title="Weights", **inner)
                of_weights: dict[str, Any] = {"parent_input_name": "weights", "array_indexes": [index, fast_index]}
                weights = {
                    name: self.UI.user_input(
                        name, UserInputTypes.OPTIONS, 1, inputs, options=list(WEIGHTS),
                        title=f"Weight of the {name}: 1 light, 2 medium, 3 heavy.", **of_weights,
                    )
                    for name in (PRICE, VOLUME)
                }  # fmt: skip
                dips.append(Dip(slow, fast, weights))
        return dips

    def _threshold(self, name: str, default: int, at: dict[str, Any], inputs: dict[str, Any]) -> float:
        title = "Threshold: counts when the average is at or below it."
        return float(
            self.UI.user_input(name, UserInputTypes.INT, default, inputs, min_val=0, max_val=100, title=title, **at)
        )
