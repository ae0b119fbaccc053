# SPDX-License-Identifier: Apache-2.0
"""A ladder that is being made anew: its orders are cancelled, then funds are converted, then it is made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from octobot_tentacles.trading_modes.ladder.account import Funds
from octobot_trading.constants import ZERO
from octobot_trading.personal_data.orders.order import Order

_KEY = "remaking"


@dataclass(slots=True)
class Remaking:
    """What is known while a ladder is made anew.

    Attributes:
        why: for explanations and orders' reasons.
        own: what the ladder may use of its own.
        begins_anew: whether the settings say what to use, and not what the ladder before had.
        converts: whether both assets are to be brought into balance first, or a position closed.
        is_asked: whether the order that converts is on its way or open.
        keeps_sides: whether levels keep the sides that they have; otherwise the price tells.
    """

    why: str
    own: Funds = (ZERO, ZERO)
    begins_anew: bool = False
    converts: bool = False
    is_asked: bool = False
    keeps_sides: bool = False

    def cause(self, mode_name: str) -> dict[str, Any]:
        """Of the order that converts."""
        own = {"why": self.why, "quote": str(self.own[0]), "base": str(self.own[1])}
        return {"trading_mode": mode_name, _KEY: own}

    @staticmethod
    def made(cause: Mapping[str, Any] | None) -> bool:
        """Whether this is the cause of an order that converts."""
        return _KEY in (cause or {})

    @classmethod
    def of_order(cls, order: Order) -> Self | None:
        """What an order that converts was made for; None for every other order."""
        own = (order.request.cause or {}).get(_KEY)
        try:
            return (
                None
                if own is None
                else cls(str(own["why"]), (Decimal(own["quote"]), Decimal(own["base"])), is_asked=True)
            )
        except (KeyError, TypeError, InvalidOperation):
            return None
