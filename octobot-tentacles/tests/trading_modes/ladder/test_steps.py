# SPDX-License-Identifier: Apache-2.0
"""What a ladder wants done."""

from __future__ import annotations

from decimal import Decimal

import pytest

from octobot_tentacles.trading_modes.ladder.levels import Levels
from octobot_tentacles.trading_modes.ladder.slots import Ladder, SlotStatus
from octobot_tentacles.trading_modes.ladder.steps import next_steps
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import Market

BUY, SELL = OrderSide
LEVELS = Levels(Market.default("BTC/USDT"), Decimal(100), Decimal(4), Decimal(2))
PRICE = Decimal(100)


def ladder(states: str) -> Ladder:
    """Levels from -3 on: b and s are due, B and S open, - is idle."""
    made = Ladder(LEVELS, None)
    for number, state in enumerate(states, -3):
        slot = made.make_slot(number, BUY if state in "bB" else SELL, Decimal(1))
        made.put(slot)
        if state in "BS":
            made.opened(slot, f"order {number}")
        elif state == "-":
            slot.rest("no funds")
    return made


@pytest.mark.parametrize(
    ("states", "depth", "to_cancel", "to_place"),
    [
        ("bbbsss", None, [], [-1, 0, -2, 1, -3, 2]),
        ("BBBSSS", None, [], []),
        ("BBbSSS", None, [], [-1]),
        ("bbb---", None, [], [-1, -2, -3]),
        ("bbbsss", 4, [], [-1, 0, -2, 1]),
        ("bbbsss", 3, [], [-1, 0, 1]),
        ("bbbsss", 1, [], [0]),
        ("bbb---", 2, [], [-1, -2]),
        # the sell of level 0 has filled: its buy takes its place, and the farthest buy makes room for the next sell
        ("bBBbSs", 4, [-2], [-1 + 1]),
        ("bBBBSs", 4, [-2], []),
        ("bbBBSs", 4, [], [2]),
        ("BBBBSS", 4, [], []),
    ],
)
def test_steps(states: str, depth: int | None, to_cancel: list[int], to_place: list[int]) -> None:
    steps = next_steps(ladder(states), 0.0, PRICE, depth)
    assert [slot.number for slot in steps.to_cancel] == to_cancel
    assert [slot.number for slot in steps.to_place] == to_place


def test_nothing_is_placed_before_its_time() -> None:
    waiting = ladder("bBBSSS")
    slot = waiting.get(-3)
    assert slot is not None
    slot.due_time = 10.0
    assert next_steps(waiting, 9.9, PRICE, None).to_place == []
    assert next_steps(waiting, 10.0, PRICE, None).to_place == [slot]


def test_what_would_fill_at_once_waits_where_it_must_not() -> None:
    waiting = ladder("BBsSSS")  # level -1 sells at 100
    assert next_steps(waiting, 0.0, Decimal(101), None).to_place == [waiting.get(-1)]
    steps = next_steps(waiting, 0.0, Decimal(101), None, allow_instant_fill=False)
    assert (steps.to_place, steps.waits_for_price) == ([], True)
    steps = next_steps(waiting, 0.0, Decimal(99), None, allow_instant_fill=False)
    assert (steps.to_place, steps.waits_for_price) == ([waiting.get(-1)], False)


def test_orders_on_their_way_count_as_open() -> None:
    asked = ladder("bbbsss")
    for slot in asked:
        if slot.number in (-1, 0):
            slot.status = SlotStatus.ASKED
    assert [slot.number for slot in next_steps(asked, 0.0, PRICE, 3).to_place] == [1]
