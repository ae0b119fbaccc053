# SPDX-License-Identifier: Apache-2.0
"""A ladder as it was before a restart, from the orders that are open and those that have ended. No input or output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from octobot_tentacles.trading_modes.ladder.levels import Levels, opposite
from octobot_tentacles.trading_modes.ladder.mirror import Filled
from octobot_tentacles.trading_modes.ladder.planning import extent_text, plan
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot
from octobot_tentacles.trading_modes.ladder.spec import LadderSpec, read_cause
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.orders.order import Order

#: The reasons of orders that their ladder itself cancels: they are to come back, here or elsewhere.
TAKEN_DOWN: Final = "beyond the operational depth"
MOVED: Final = "moved, as the ladder follows the price"
FOLLOWS: Final = "the ladder follows the price"
SPREADS: Final = "free funds are spread"
REMAKING_REASONS: Final = (FOLLOWS, SPREADS)
_COMING_BACK: Final = (TAKEN_DOWN, MOVED, *REMAKING_REASONS)

#: What a fill's mirror order trades: (what has filled, price) to a quantity.
MirrorOf = Callable[[Filled, Decimal], Decimal]


def newest_spec(orders: list[Order]) -> LadderSpec | None:
    """What the newest of a ladder's orders was made of, None where none tells."""
    for order in reversed(orders):
        known = read_cause(order.request.cause)
        if known is not None:
            return known[0]
    return None


def fits(spec: LadderSpec, settings: LadderSettings) -> bool:
    """Whether settings still ask for the levels of a spec; those that are scaled to a price always do."""
    if spec.is_geometric is not settings.is_geometric:
        return False
    asked = (spec.spread, spec.increment, spec.asked)
    wanted = (settings.spread, settings.increment, extent_text(settings))
    return settings.scaled_from is not None or asked == wanted


def restore(
    spec: LadderSpec,
    settings: LadderSettings,
    market: Market,
    fees: FeeModel,
    own: Iterable[Order],
    mirror_of: MirrorOf,
) -> Ladder:
    """The ladder of ``spec``, from all orders that it had; a fill without an answer leaves its mirror order due.

    A level that was planned and of which no order is known at all is due as well, but not certain: it may have filled.
    """
    ladder, _ = plan(spec, settings, market, fees)
    for slot in ladder:
        slot.is_certain = not slot.is_active
    planned = {slot.number for slot in ladder}
    for number, order in _by_level(spec, own).items():
        slot = ladder.make_slot(number, order.request.side, order.request.quantity)
        if order.is_open:
            slot.at_market = order.request.order_type is OrderType.MARKET
            slot.opened(order.order_id)
            ladder.put(slot)
        elif number in planned:
            _take_ended(slot, order, ladder, mirror_of, settings.mirror.delay_seconds)
    return ladder


def adopt_orders(settings: LadderSettings, market: Market, orders: Iterable[Order]) -> Ladder:
    """A ladder of limit orders that exist, whoever has made them: each is a level of its own."""
    limits = [order for order in orders if order.request.order_type is OrderType.LIMIT]
    limits.sort(key=lambda order: (order.request.price, len(order.order_id), order.order_id))
    levels = Levels(market, ZERO, settings.spread, settings.increment, settings.is_geometric)
    ladder = Ladder(levels, None)
    for number, order in enumerate(limits):
        request = order.request
        assert request.price is not None
        mirror = levels.mirror_price(request.side, request.price)
        prices = (request.price, mirror) if request.side is OrderSide.BUY else (mirror, request.price)
        slot = Slot(number, *prices, request.side, request.quantity)
        slot.opened(order.order_id)
        ladder.put(slot)
    return ladder


def settle_uncertain(ladder: Ladder, price: Decimal, quote: Decimal, base: Decimal) -> None:
    """Put levels of which nothing is known on the side that the price and these free funds allow."""
    market = ladder.levels.market
    for slot in [one for one in ladder if not one.is_certain]:
        slot.is_certain = True
        for side in (slot.side, opposite(slot.side)):
            slot.becomes_due(side, slot.quantity)
            cost = market.cost_of(slot.quantity, slot.price) if side is OrderSide.BUY else slot.quantity
            if cost <= (quote if side is OrderSide.BUY else base) and not slot.would_fill_at_once(price):
                break
        else:
            slot.rest("not enough funds")
            continue
        if slot.side is OrderSide.BUY:
            quote -= cost
        else:
            base -= cost


def _by_level(spec: LadderSpec, orders: Iterable[Order]) -> dict[int, Order]:
    """The newest order of each level, of orders that are told oldest first."""
    newest: dict[int, Order] = {}
    for order in orders:
        known = read_cause(order.request.cause)
        if known is not None and known[0].is_same_lattice(spec):
            newest[known[1]] = order
    return newest


def _take_ended(slot: Slot, order: Order, ladder: Ladder, mirror_of: MirrorOf, delay_seconds: float) -> None:
    if order.filled_quantity:
        filled = Filled.of_order(order)
        price = slot.sell_price if slot.side is OrderSide.BUY else slot.buy_price
        quantity = mirror_of(filled, price)
        if quantity:
            slot.flip(quantity, (order.closing_time or order.creation_time) + delay_seconds)
        else:
            slot.rest("below the market's minimum")
    elif order.reason not in _COMING_BACK:
        slot.rest(order.reason or "cancelled")
    ladder.put(slot)
