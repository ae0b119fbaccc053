# SPDX-License-Identifier: Apache-2.0
"""The state of a ladder: which side each level is on, and what became of its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from octobot_tentacles.trading_modes.ladder.levels import Levels, opposite
from octobot_tentacles.trading_modes.ladder.spec import LadderSpec
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide


class SlotStatus(Enum):
    """DUE has an order to be created, ASKED one on its way, OPEN one that can fill, IDLE none."""

    DUE = auto()
    ASKED = auto()
    OPEN = auto()
    IDLE = auto()


@dataclass(slots=True, eq=False)
class Slot:
    """One level.

    Attributes:
        due_time: before which the order is not to be created.
        attempts: how often this order was refused.
        reason: why there is no order, where there is none.
        at_market: the order enters the level at once, and is no limit order.
        is_leaving: it was asked to be cancelled by its ladder.
        moves_to: the level that it becomes once its order is cancelled.
        is_certain: False for one whose last fill nobody knows of.
    """

    number: int
    buy_price: Decimal
    sell_price: Decimal
    side: OrderSide
    quantity: Decimal
    status: SlotStatus = SlotStatus.DUE
    order_id: str | None = None
    due_time: float = 0.0
    attempts: int = 0
    reason: str = ""
    at_market: bool = False
    is_leaving: bool = False
    moves_to: int | None = None
    is_certain: bool = True

    @property
    def price(self) -> Decimal:
        """Of its order."""
        return self.buy_price if self.side is OrderSide.BUY else self.sell_price

    @property
    def is_active(self) -> bool:
        return self.status is not SlotStatus.IDLE

    def opened(self, order_id: str) -> None:
        """Its order was accepted."""
        self.status, self.order_id, self.attempts, self.reason = SlotStatus.OPEN, order_id, 0, ""

    def rest(self, reason: str) -> None:
        """It has no order any more, and none is due."""
        self.status, self.order_id, self.reason = SlotStatus.IDLE, None, reason
        self.at_market = self.is_leaving = False
        self.moves_to = None

    def becomes_due(
        self, side: OrderSide, quantity: Decimal, due_time: float = 0.0, *, at_market: bool = False
    ) -> None:
        """It is to have this order."""
        self.status, self.order_id, self.side, self.quantity = SlotStatus.DUE, None, side, quantity
        self.due_time, self.attempts, self.reason, self.at_market = due_time, 0, "", at_market
        self.is_leaving, self.moves_to = False, None

    def flip(self, quantity: Decimal, due_time: float) -> None:
        """Its order has filled: the mirror order is due."""
        self.becomes_due(opposite(self.side), quantity, due_time)

    def would_fill_at_once(self, price: Decimal) -> bool:
        """Whether the market is beyond its order's price."""
        return self.price >= price if self.side is OrderSide.BUY else self.price <= price


class Ladder:
    """Slots by number. ``spec`` is None for a ladder of orders that somebody else has made."""

    def __init__(self, levels: Levels, spec: LadderSpec | None, slots: Iterable[Slot] = ()) -> None:
        self.levels = levels
        self.spec = spec
        self._slots: dict[int, Slot] = {}
        self._by_order: dict[str, Slot] = {}
        for slot in slots:
            self.put(slot)

    def __iter__(self) -> Iterator[Slot]:
        return iter(self._slots.values())

    def __len__(self) -> int:
        return len(self._slots)

    def get(self, number: int) -> Slot | None:
        """The slot of a level."""
        return self._slots.get(number)

    def put(self, slot: Slot) -> None:
        """Add a level, or replace it."""
        self._slots[slot.number] = slot
        if slot.order_id is not None:
            self._by_order[slot.order_id] = slot

    def make_slot(self, number: int, side: OrderSide, quantity: Decimal) -> Slot:
        """A slot at the prices of a level, not added."""
        buy_price, sell_price = (self.levels.price(number, each) for each in (OrderSide.BUY, OrderSide.SELL))
        return Slot(number, buy_price, sell_price, side, quantity)

    def opened(self, slot: Slot, order_id: str) -> None:
        """A slot's order was accepted."""
        slot.opened(order_id)
        self._by_order[order_id] = slot

    def take_closed(self, order_id: str) -> Slot | None:
        """The slot whose order has ended, which is then nobody's order any more."""
        slot = self._by_order.pop(order_id, None)
        if slot is not None:
            slot.order_id = None
        return slot

    def owns(self, order_id: str) -> bool:
        """Whether the order is one of its slots'."""
        return order_id in self._by_order

    def active(self, side: OrderSide | None = None) -> list[Slot]:
        """The slots that have an order or are to have one, by number."""
        found = [slot for slot in self if slot.is_active and (side is None or slot.side is side)]
        found.sort(key=lambda slot: slot.number)
        return found

    @property
    def has_due(self) -> bool:
        """Whether an order is to be created."""
        return any(slot.status is SlotStatus.DUE for slot in self)

    def remove(self, slot: Slot) -> None:
        """Forget a level."""
        del self._slots[slot.number]

    def needs(self, *statuses: SlotStatus) -> tuple[Decimal, Decimal]:
        """(quote, base) that the orders of the slots with these statuses need, without fees.

        A slot of which nobody knows whether it has filled counts nothing.
        """
        quote = base = ZERO
        market = self.levels.market
        for slot in self:
            if slot.status not in statuses or not slot.is_certain:
                continue
            if slot.side is OrderSide.BUY:
                quote += market.cost_of(slot.quantity, slot.buy_price)
            else:
                base += slot.quantity
        return quote, base
