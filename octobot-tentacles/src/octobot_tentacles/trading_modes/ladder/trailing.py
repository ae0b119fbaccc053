# SPDX-License-Identifier: Apache-2.0
"""When a ladder follows the price, and how. No input or output.

A ladder follows upwards when it has no sell any more and the price reaches the selling price of the level above its
highest one: where its next sell would have filled. Downwards is the same with buys and the level below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot, SlotStatus
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.personal_data.orders.adapting import adapt_to_limits, max_affordable


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which prices on a ladder follows; None: it does not."""

    above: Decimal | None = None
    below: Decimal | None = None

    def side_left(self, price: Decimal) -> OrderSide | None:
        """The side that the price has left the ladder on: SELL upwards."""
        if self.above is not None and price >= self.above:
            return OrderSide.SELL
        return OrderSide.BUY if self.below is not None and price <= self.below else None


def thresholds(ladder: Ladder, settings: LadderSettings) -> Thresholds:
    """From which prices on the ladder follows as it is now."""
    trailing = settings.trailing
    if ladder.spec is None or not (trailing.up or trailing.down):
        return Thresholds()
    active = ladder.active()
    if not active or any(slot.at_market or slot.is_leaving for slot in active):
        return Thresholds()
    sides = {slot.side for slot in active}
    above = below = None
    if trailing.up and OrderSide.SELL not in sides:
        above = ladder.levels.price(active[-1].number + 1, OrderSide.SELL)
    if trailing.down and OrderSide.BUY not in sides:
        lower = ladder.levels.price(active[0].number - 1, OrderSide.BUY)
        below = lower if lower > 0 else None
    return Thresholds(above, below)


def levels_to_move(ladder: Ladder, side: OrderSide, price: Decimal) -> list[tuple[Slot, int]]:
    """(slot, level that it becomes): the farthest orders move beyond the price, the last of them just beyond it."""
    active = ladder.active()
    if side is OrderSide.SELL:
        farthest, edge, step = active, active[-1].number, 1
    else:
        farthest, edge, step = active[::-1], active[0].number, -1
    moves: list[tuple[Slot, int]] = []
    for slot in farthest:
        if slot.status is not SlotStatus.OPEN:
            break
        edge += step
        target = ladder.levels.price(edge, side)
        if target <= 0:
            break
        moves.append((slot, edge))
        if target > price if side is OrderSide.SELL else target < price:
            break
    return moves


def move(ladder: Ladder, slot: Slot, price: Decimal, fees: FeeModel) -> Slot:
    """Let a level whose order was cancelled become the one that it moves to; returns the new slot.

    The level that is beyond the price first gets the other asset by a market order, which its mirror order follows.
    """
    assert slot.moves_to is not None
    market, side = ladder.levels.market, slot.side
    ladder.remove(slot)
    new = ladder.make_slot(slot.moves_to, side, ZERO)
    is_beyond = new.sell_price > price if side is OrderSide.BUY else new.buy_price < price
    at = price if is_beyond else new.price
    funds = market.cost_of(slot.quantity, slot.price) if side is OrderSide.BUY else slot.quantity
    volume = max_affordable(market, side, at, funds, fees, is_own_price=not is_beyond)
    quantity = adapt_to_limits(market, volume, at, is_own_price=not is_beyond)
    if quantity:
        new.becomes_due(side, quantity, at_market=is_beyond)
    else:
        new.rest("below the market's minimum")
    ladder.put(new)
    numbers = [each.number for each in ladder]
    if ladder.spec is not None:
        ladder.spec = replace(ladder.spec, low=min(numbers), high=max(numbers) + 1)
    return new


def conversion(
    market: Market, fees: FeeModel, price: Decimal, sells: int, levels: int, quote: Decimal, base: Decimal
) -> tuple[OrderSide, Decimal] | None:
    """What to trade at the market so that each of ``levels``, ``sells`` of which sell, gets the same worth.

    None where that is too small.
    """
    value = quote + WIDE.multiply(base, price)
    wanted = WIDE.divide(WIDE.multiply(value, Decimal(sells)), WIDE.multiply(Decimal(levels), price))
    side, quantity = OrderSide.SELL, base - wanted
    if wanted > base:
        side = OrderSide.BUY
        quantity = min(wanted - base, max_affordable(market, side, price, quote, fees, is_own_price=False))
    quantity = adapt_to_limits(market, quantity, price, is_own_price=False)
    return (side, quantity) if quantity else None
