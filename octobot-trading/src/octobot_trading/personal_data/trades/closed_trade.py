# SPDX-License-Identifier: Apache-2.0
"""An entry and the exit that closed it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from octobot_trading.constants import ONE_HUNDRED
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import WIDE

_PERCENT_STEP = Decimal("1E-10")


class Direction(StrEnum):
    """Which way the price has to move for a profit."""

    LONG = "long"
    SHORT = "short"

    @property
    def entry_side(self) -> OrderSide:
        """What opens it."""
        return OrderSide.BUY if self is Direction.LONG else OrderSide.SELL


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """What came of ``quantity`` between entry and exit.

    Prices, costs, fees and results are in ``pnl_asset``: quote, or base for inverse contracts, where prices stay in
    quote. The costs of both ends are what was exchanged without fees; with them

        gross PnL = exit cost - entry cost      (long; short the other way round, inverse once more)
        net PnL   = gross PnL - entry fees - exit fees
        ROI       = net PnL / (entry cost + entry fees)

    Attributes:
        quantity: of base, or contracts. Of a purchase whose fee was taken in base only what came in can be sold.
        entry_time: of an average, the amount-weighted mean of its entries' times.
        entry_order_ids: the orders that opened it, first one first; none where the account held it before.
        unmatched_quantity: the part of ``quantity`` that was sold without having been bought here. It counts as bought
            at the price it was sold for, fees included: no profit is claimed for it.
        unvalued_fees: fees, by asset, of which no price was known; they count nothing in the results.
        owner: whose trade it was, None where nobody said.
    """

    symbol: str
    direction: Direction
    quantity: Decimal
    entry_price: Decimal
    exit_price: Decimal
    entry_cost: Decimal
    exit_cost: Decimal
    entry_fees: Decimal
    exit_fees: Decimal
    gross_pnl: Decimal
    entry_time: float
    exit_time: float
    entry_order_ids: tuple[str, ...]
    exit_order_id: str
    exit_fill_id: str
    pnl_asset: str
    unmatched_quantity: Decimal
    unvalued_fees: tuple[tuple[str, Decimal], ...] = ()
    owner: str | None = None

    @property
    def fees(self) -> Decimal:
        """Of both ends."""
        return WIDE.add(self.entry_fees, self.exit_fees)

    @property
    def net_pnl(self) -> Decimal:
        """What is left of the gross result."""
        return WIDE.subtract(self.gross_pnl, self.fees)

    @property
    def roi_percent(self) -> Decimal | None:
        """Net result in percent of what was put in, with ten decimals, None where that was nothing."""
        invested = WIDE.add(self.entry_cost, self.entry_fees)
        if invested <= 0:
            return None
        return WIDE.divide(WIDE.multiply(self.net_pnl, ONE_HUNDRED), invested).quantize(_PERCENT_STEP, context=WIDE)

    @property
    def duration_seconds(self) -> float:
        """From entry to exit."""
        return self.exit_time - self.entry_time

    def to_dict(self) -> dict[str, Any]:
        """The fields and results by name; amounts stay Decimal."""
        return {
            "symbol": self.symbol,
            "direction": self.direction.value,
            "quantity": self.quantity,
            "entry_price": self.entry_price,
            "exit_price": self.exit_price,
            "entry_time": self.entry_time,
            "exit_time": self.exit_time,
            "duration_seconds": self.duration_seconds,
            "gross_pnl": self.gross_pnl,
            "net_pnl": self.net_pnl,
            "pnl_asset": self.pnl_asset,
            "roi_percent": self.roi_percent,
            "entry_fees": self.entry_fees,
            "exit_fees": self.exit_fees,
            "unvalued_fees": dict(self.unvalued_fees),
            "unmatched_quantity": self.unmatched_quantity,
            "entry_order_ids": list(self.entry_order_ids),
            "exit_order_id": self.exit_order_id,
            "exit_fill_id": self.exit_fill_id,
            "owner": self.owner,
        }
