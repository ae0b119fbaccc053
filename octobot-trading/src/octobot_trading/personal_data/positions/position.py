# SPDX-License-Identifier: Apache-2.0
"""One position of a contract."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import MarginType, PositionSide
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market
from octobot_trading.personal_data.positions import contracts


class Position:
    """How many contracts are held, at which price they were entered, and what came of it so far.

    Attributes:
        side: BOTH in one-way mode, else LONG or SHORT.
        quantity: of contracts, negative when short.
        entry_price: zero without contracts.
        isolated_margin: what this position alone can lose; zero with cross margin.
        realised_pnl, funding, fees: sums since the position was first opened, in the settlement asset; funding is
            positive when received.
        liquidation_price, margin_ratio: None where there is none. The account knows them: they are set on copies that
            it hands out, and there only.
    """

    __slots__ = ("entry_price", "fees", "funding", "isolated_margin", "leverage", "liquidation_price", "margin_ratio",
                 "margin_type", "mark_price", "market", "quantity", "realised_pnl", "side")  # fmt: skip

    def __init__(
        self,
        market: Market,
        side: PositionSide = PositionSide.BOTH,
        leverage: Decimal = ONE,
        margin_type: MarginType = MarginType.CROSS,
    ) -> None:
        self.market = market
        self.side = side
        self.leverage = leverage
        self.margin_type = margin_type
        self.quantity = ZERO
        self.entry_price = ZERO
        self.mark_price: Decimal | None = None
        self.isolated_margin = ZERO
        self.realised_pnl = ZERO
        self.funding = ZERO
        self.fees = ZERO
        self.liquidation_price: Decimal | None = None
        self.margin_ratio: Decimal | None = None

    @property
    def is_open(self) -> bool:
        """Whether there are any contracts."""
        return self.quantity != ZERO

    @property
    def is_isolated(self) -> bool:
        """Whether it has a margin of its own."""
        return self.margin_type is MarginType.ISOLATED

    @property
    def price(self) -> Decimal:
        """The mark price; where none is known, the entry price."""
        return self.entry_price if self.mark_price is None else self.mark_price

    @property
    def value(self) -> Decimal:
        """Notional value at the mark price, in the settlement asset."""
        return contracts.value(self.market, self.quantity, self.price) if self.quantity else ZERO

    @property
    def unrealised_pnl(self) -> Decimal:
        """The profit that closing at the mark price would make, rounded down to the asset's step."""
        return self.pnl_at(self.quantity, self.price) if self.quantity else ZERO

    @property
    def margin(self) -> Decimal:
        """What the account must keep for it: its isolated margin, or its entry's value over its leverage."""
        if self.is_isolated or not self.quantity:
            return self.isolated_margin
        return rounded_up(contracts.initial_margin(self.market, self.quantity, self.entry_price, self.leverage))

    def closing_part(self, quantity: Decimal) -> Decimal:
        """How many of ``quantity`` contracts, negative when sold, only reduce what is held; never negative."""
        if self.quantity * quantity >= ZERO:
            return ZERO
        return min(abs(self.quantity), abs(quantity))

    def pnl_at(self, quantity: Decimal, price: Decimal) -> Decimal:
        """The profit of ``quantity`` of its contracts at a price, rounded down to the asset's step."""
        return rounded_down(contracts.pnl(self.market, quantity, self.entry_price, price))

    def change(self, quantity: Decimal, price: Decimal) -> Decimal:
        """Trade ``quantity`` contracts, negative when sold; returns the profit realised by what that closes."""
        closed = self.closing_part(quantity)
        realised = ZERO
        if closed:
            leaving = closed if self.quantity > ZERO else -closed
            realised = self.pnl_at(leaving, price)
            self.quantity -= leaving
            self.realised_pnl += realised
            if not self.quantity:
                self.close()
        opened = abs(quantity) - closed
        if opened:
            added = opened if quantity > ZERO else -opened
            self.entry_price = contracts.average_entry_price(self.market, self.quantity, self.entry_price, added, price)
            self.quantity += added
        return realised

    def close(self) -> None:
        """Nothing is held any more; the next contracts wait for a mark price of their own time."""
        self.quantity = self.entry_price = self.isolated_margin = ZERO
        self.mark_price = None

    def to_dict(self) -> dict[str, Any]:
        """Everything known of it; amounts stay Decimal."""
        return {
            "symbol": self.market.symbol,
            "side": self.side.value,
            "quantity": self.quantity,
            "entry_price": self.entry_price,
            "mark_price": self.mark_price,
            "leverage": self.leverage,
            "margin_type": self.margin_type.value,
            "margin": self.margin,
            "value": self.value,
            "liquidation_price": self.liquidation_price,
            "margin_ratio": self.margin_ratio,
            "unrealised_pnl": self.unrealised_pnl,
            "realised_pnl": self.realised_pnl,
            "funding": self.funding,
            "fees": self.fees,
        }


def rounded_down(amount: Decimal) -> Decimal:
    """To the asset's step, towards less for the owner of the account."""
    return amount.quantize(ASSET_STEP, ROUND_FLOOR, WIDE)


def rounded_up(amount: Decimal) -> Decimal:
    """To the asset's step, for what must be kept or paid."""
    return -rounded_down(-amount)
