# SPDX-License-Identifier: Apache-2.0
"""What a ladder was made of: enough to find its levels again from any one of its orders."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from octobot_tentacles.trading_modes.ladder.levels import Levels
from octobot_trading.exchanges.market import Market

_KEY = "ladder"
_LEVEL_KEY = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderSpec:
    """The levels from ``low`` up to ``high``, excluded, made at ``price`` with these funds.

    ``asked`` are the levels that the settings asked for, in words.
    """

    center: Decimal
    spread: Decimal
    increment: Decimal
    is_geometric: bool
    low: int
    high: int
    price: Decimal
    buy_funds: Decimal
    sell_funds: Decimal
    asked: str = ""

    def levels(self, market: Market) -> Levels:
        """Their prices."""
        return Levels(market, self.center, self.spread, self.increment, self.is_geometric)

    def is_same_lattice(self, other: LadderSpec) -> bool:
        """Whether a level has the same prices in both."""
        return self._lattice() == other._lattice()

    def encode(self) -> dict[str, str]:
        """As texts, which orders keep."""
        return {
            "center": str(self.center),
            "spread": str(self.spread),
            "increment": str(self.increment),
            "kind": "geometric" if self.is_geometric else "flat",
            "levels": f"{self.low}:{self.high}",
            "price": str(self.price),
            "buy_funds": str(self.buy_funds),
            "sell_funds": str(self.sell_funds),
            "asked": self.asked,
        }

    @classmethod
    def decode(cls, texts: dict[str, str]) -> Self | None:
        """The spec that ``encode`` has made these texts of; None where they are something else."""
        try:
            low, high = texts["levels"].split(":")
            return cls(
                is_geometric=texts["kind"] == "geometric",
                low=int(low),
                high=int(high),
                asked=texts["asked"],
                **{
                    name: Decimal(texts[name])
                    for name in ("center", "spread", "increment", "price", "buy_funds", "sell_funds")
                },
            )
        except (KeyError, ValueError, InvalidOperation, TypeError, AttributeError):
            return None

    def _lattice(self) -> tuple[Decimal, Decimal, Decimal, bool]:
        return self.center, self.spread, self.increment, self.is_geometric


def cause_of(mode_name: str, ladder: dict[str, str] | None, number: int) -> dict[str, Any]:
    """What made the order of a level, kept with it."""
    cause: dict[str, Any] = {"trading_mode": mode_name, _LEVEL_KEY: number}
    if ladder is not None:
        cause[_KEY] = ladder
    return cause


def read_cause(cause: dict[str, Any] | None) -> tuple[LadderSpec, int] | None:
    """(spec, level number) of an order, None where its cause does not tell."""
    if not cause or not isinstance(cause.get(_KEY), dict) or not isinstance(cause.get(_LEVEL_KEY), int):
        return None
    spec = LadderSpec.decode(cause[_KEY])
    return None if spec is None else (spec, cause[_LEVEL_KEY])
