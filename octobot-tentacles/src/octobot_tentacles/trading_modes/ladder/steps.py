# SPDX-License-Identifier: Apache-2.0
"""What a ladder wants done now. No input or output."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot, SlotStatus
from octobot_trading.enums import OrderSide

#: A refused order is tried again, with the next fill, until it was refused this often.
MAX_ATTEMPTS: Final = 3


class Steps(NamedTuple):
    """``waits_for_price``: whether an order is held back until it would not fill at once."""

    to_cancel: list[Slot]
    to_place: list[Slot]
    waits_for_price: bool = False


def next_steps(
    ladder: Ladder, now: float, price: Decimal | None, depth: int | None, *, allow_instant_fill: bool = True
) -> Steps:
    """Place what is due, nearest to the price first, and keep no more than ``depth`` orders open."""
    due = [slot for slot in ladder if slot.status is SlotStatus.DUE and slot.due_time <= now]
    if not due:
        return Steps([], [])
    due = _nearest(ladder, due)
    waits = False
    if not allow_instant_fill and price is not None:
        ready = [slot for slot in due if slot.at_market or not slot.would_fill_at_once(price)]
        waits, due = len(ready) < len(due), ready
    if depth is None:
        return Steps([], due, waits)
    window = _window(ladder, depth)
    out = [slot for slot in ladder if slot.status is SlotStatus.OPEN and slot.number not in window]
    leaving = sum(slot.is_leaving for slot in out)
    taken = sum(slot.status in (SlotStatus.OPEN, SlotStatus.ASKED) for slot in ladder)
    inside = [slot for slot in due if slot.number in window]
    room = max(0, depth - taken)
    # Nothing is taken down for an order that there is room for.
    to_cancel = [slot for slot in out if not slot.is_leaving][: max(0, len(inside) - room - leaving)]
    return Steps(to_cancel, inside[:room], waits)


def _window(ladder: Ladder, depth: int) -> set[int]:
    """The numbers of the ``depth`` active levels around the place where buys end and sells begin."""
    active = ladder.active()
    buys = sum(slot.side is OrderSide.BUY for slot in active)
    first = min(max(0, buys - depth // 2), max(0, len(active) - depth))
    return {slot.number for slot in active[first : first + depth]}


def _nearest(ladder: Ladder, slots: list[Slot]) -> list[Slot]:
    """From both sides in turn: by how many levels of its side are nearer to the price."""
    if len(slots) == 1:
        return slots
    ranks = {slot.number: rank for side in OrderSide for rank, slot in enumerate(_from_price(ladder, side))}
    return sorted(slots, key=lambda slot: (ranks[slot.number], slot.number))


def _from_price(ladder: Ladder, side: OrderSide) -> list[Slot]:
    slots = ladder.active(side)
    return slots[::-1] if side is OrderSide.BUY else slots
