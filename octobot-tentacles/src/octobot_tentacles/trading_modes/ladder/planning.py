# SPDX-License-Identifier: Apache-2.0
"""From settings, a price and funds to a ladder. No input or output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from octobot_tentacles.trading_modes.ladder.levels import Levels
from octobot_tentacles.trading_modes.ladder.settings import Bounds, LadderSettings
from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot
from octobot_tentacles.trading_modes.ladder.spec import LadderSpec
from octobot_tentacles.trading_modes.ladder.volumes import split_funds
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market

#: A ladder never has more levels than this on a side, whatever its bounds.
MAX_LEVELS: Final = 500


def outline(settings: LadderSettings, market: Market, price: Decimal) -> tuple[LadderSpec | None, list[str]]:
    """Which levels there are around ``price``, None where there can be none, and remarks. It has no funds yet."""
    center = settings.starting_price or price
    name = settings.pair
    spec = LadderSpec(
        center=center,
        spread=settings.spread,
        increment=settings.increment,
        is_geometric=settings.is_geometric,
        low=0,
        high=0,
        price=price,
        buy_funds=ZERO,
        sell_funds=ZERO,
        asked=extent_text(settings),
    )
    levels, extent = spec.levels(market), settings.extent
    remarks: list[str] = []
    if isinstance(extent, Bounds):
        if not extent.lower <= center <= extent.upper:
            # Without the price: this is said at each one, and told of once.
            bounds = f"{extent.lower.normalize():f} to {extent.upper.normalize():f}"
            return None, [f"{name}: no orders while the price is outside {bounds}"]
        low, high = _within(levels, extent)
    else:
        low, high = -extent.buys, extent.sells
        while low < high and levels.price(low, OrderSide.BUY) <= 0:
            low += 1
        if low > -extent.buys:
            # Levels are left out from the lowest one on, which may reach those that only sell.
            remarks.append(f"{name}: {low + extent.buys} levels are left out, as their price would be zero or below")
    if low >= high:
        return None, [*remarks, f"{name}: no orders, as no level is left"]
    if not levels.can_tell_apart(low, high):
        tick = f"the market's price step of {market.price_tick.normalize():f}"
        return None, [*remarks, f"{name}: no orders, as the increment is smaller than {tick}"]
    return replace(spec, low=low, high=high), remarks


def plan(
    spec: LadderSpec,
    settings: LadderSettings,
    market: Market,
    fees: FeeModel,
    sides: Mapping[int, OrderSide] | None = None,
) -> tuple[Ladder, list[str]]:
    """The ladder of a spec, the same one each time, and remarks: sentences without a final dot.

    ``sides`` of levels go before those that the price stands for.
    """
    ladder = Ladder(spec.levels(market), spec)
    remarks: list[str] = []
    empty = [
        ladder.make_slot(number, OrderSide.BUY if number < 0 else OrderSide.SELL, ZERO)
        for number in range(spec.low, spec.high)
    ]
    for slot in empty:
        slot.side = (sides or {}).get(slot.number) or own_side(slot, spec.price)
    for side, funds, volume in (
        (OrderSide.BUY, spec.buy_funds, settings.funds.buy_volume),
        (OrderSide.SELL, spec.sell_funds, settings.funds.sell_volume),
    ):
        slots = [slot for slot in empty if slot.side is side]
        if side is OrderSide.BUY:
            slots.reverse()
        prices = [slot.price for slot in slots]
        volumes = split_funds(market, fees, side, prices, funds, settings.funds.profile, volume) if prices else []
        for index, slot in enumerate(slots):
            if index < len(volumes):
                slot.becomes_due(side, volumes[index])
            else:
                slot.rest("not enough funds")
            ladder.put(slot)
        if len(volumes) < len(slots):
            asset = market.quote if side is OrderSide.BUY else market.base
            what = f"only {len(volumes)} of {len(slots)}" if volumes else f"none of {len(slots)}"
            funds_text = f"{funds.normalize():f} {asset}"
            remarks.append(f"{settings.pair}: {what} {side} orders, as more is needed than {funds_text}")
    return ladder, remarks


def with_funds(spec: LadderSpec, buy_funds: Decimal, sell_funds: Decimal) -> LadderSpec:
    """The spec with what its orders may spend."""
    return replace(spec, buy_funds=buy_funds, sell_funds=sell_funds)


def extent_text(settings: LadderSettings) -> str:
    """Which levels were asked for, as ladders remember it."""
    extent = settings.extent
    if isinstance(extent, Bounds):
        return f"from {extent.lower} to {extent.upper}"
    return f"{extent.buys} and {extent.sells}"


def own_side(slot: Slot, price: Decimal) -> OrderSide:
    """The side that a level begins on in a ladder made at ``price``: buys below it, sells above.

    Where the market is beyond that order's price, it is the other one.
    """
    if slot.number < 0:
        return OrderSide.BUY if slot.buy_price < price else OrderSide.SELL
    return OrderSide.SELL if slot.sell_price > price else OrderSide.BUY


def _within(levels: Levels, bounds: Bounds) -> tuple[int, int]:
    low = high = 0
    while high < MAX_LEVELS and levels.price(high, OrderSide.SELL) <= bounds.upper:
        high += 1
    while low > -MAX_LEVELS and bounds.lower <= (lower := levels.price(low - 1, OrderSide.BUY)) and lower > 0:
        low -= 1
    return low, high
