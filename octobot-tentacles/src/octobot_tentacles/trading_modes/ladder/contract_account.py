# SPDX-License-Identifier: Apache-2.0
"""The margin of a contract: both sides draw on it, and what has filled is a position, long or short.

The position of the symbol is the ladder's. A level's own side is the one that it was made on: an order of that side
enters, and its mirror order on the other side leaves what has filled.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from octobot_tentacles.trading_modes.ladder.account import WORTH_SPREADING, Funds, LadderAccount
from octobot_tentacles.trading_modes.ladder.levels import opposite
from octobot_tentacles.trading_modes.ladder.margin import Entry, Need, Terms, largest, needed
from octobot_tentacles.trading_modes.ladder.mirror import Filled
from octobot_tentacles.trading_modes.ladder.planning import own_side, plan
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot, SlotStatus
from octobot_tentacles.trading_modes.ladder.spec import LadderSpec
from octobot_tentacles.trading_modes.ladder.volumes import weights_of
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, WIDE
from octobot_trading.personal_data.orders.adapting import adapt_to_limits


class ContractLadderAccount(LadderAccount):
    """Amounts of margin."""

    MOVES_LEVELS: ClassVar[bool] = False

    @property
    def fees(self) -> FeeModel:
        """None: fees come from the margin that budgets leave for them."""
        return FeeModel()

    def own(self, ladder: Ladder) -> Funds:
        """(margin that all its levels may need, zero)."""
        return self._needed_by(ladder), ZERO

    def budgets(self, settings: LadderSettings, own: Funds | None, spec: LadderSpec) -> tuple[Decimal, Decimal]:
        """Funds in the settings are what the orders are worth, whatever the leverage.

        Where both are zero, each level is worth the same at the price that the ladder is made at; where one is, that
        side gets what the other one leaves. What exceeds the margin is made smaller.
        """
        margin = self._shared(self.market.settlement, self._usable(), None if own is None else own[0])
        # Margin and fee of each order are rounded up.
        steps = (ASSET_STEP + self._manager.exchange.fee_model.step) * (spec.high - spec.low)
        margin = max(ZERO, margin - steps)
        empty = Ladder(spec.levels(self.market), spec)
        slots = [empty.make_slot(number, OrderSide.BUY, ZERO) for number in range(spec.low, spec.high)]
        for slot in slots:
            slot.side = own_side(slot, spec.price)
        prices = {side: [slot.price for slot in slots if slot.side is side] for side in OrderSide}
        prices[OrderSide.BUY].reverse()
        unit = {side: self._unit(settings, side, prices[side]) for side in OrderSide}
        wished = {side: _wished(settings, side, prices[side]) for side in OrderSide}
        buy, sell = (unit[side] for side in (OrderSide.BUY, OrderSide.SELL))
        quote, base = (wished[side] for side in (OrderSide.BUY, OrderSide.SELL))
        if quote is None and base is None:
            # One of quote for each buy, and as much for each sell: all is made larger or smaller together.
            quote = Decimal(len(prices[OrderSide.BUY]))
            base = WIDE.divide(Decimal(len(prices[OrderSide.SELL])), spec.price)
            factor = WIDE.divide(margin, needed(buy.times(quote), sell.times(base)))
            return WIDE.multiply(quote, factor), WIDE.multiply(base, factor)
        whole = needed(buy.times(quote or ZERO), sell.times(base or ZERO))
        if whole > margin:
            factor = WIDE.divide(margin, whole)
            quote, base = (None if one is None else WIDE.multiply(one, factor) for one in (quote, base))
        if quote is None:
            quote = largest(margin, buy, sell.times(base or ZERO))
        return quote, largest(margin, sell, buy.times(quote)) if base is None else base

    def plan(self, spec: LadderSpec, settings: LadderSettings, before: Ladder | None) -> tuple[Ladder, list[str]]:
        """Levels that hold a part of the position leave it as they would have."""
        ladder, remarks = plan(spec, settings, self.market, self.fees)
        for slot in before or ():
            level = ladder.get(slot.number)
            if level is not None and slot.is_active and self._is_held(slot, spec):
                level.becomes_due(slot.side, slot.quantity)
        return ladder, remarks

    def has_free_funds(self, settings: LadderSettings, ladder: Ladder, price: Decimal) -> bool:
        if settings.funds.buy_funds and settings.funds.sell_funds:
            return False
        return self._free(self.market.settlement) > self._needed_by(ladder) * WORTH_SPREADING

    def mirror_quantity(self, settings: LadderSettings, filled: Filled, price: Decimal) -> Decimal:
        """What has filled, so that a round trip ends where it began."""
        return adapt_to_limits(self.market, filled.quantity, price)

    def fill_while_remade(self, own: Funds, slot: Slot | None, filled: Filled) -> Funds:
        """Margin changes by little; the level holds what has filled, or no longer does."""
        ladder = self.owner.ladder
        if slot is not None and ladder is not None and ladder.spec is not None and filled.quantity:
            if not self._is_held(slot, ladder.spec):
                slot.side, slot.quantity = opposite(slot.side), filled.quantity
            elif filled.quantity < slot.quantity:
                slot.quantity -= filled.quantity
            else:
                slot.side = opposite(slot.side)
        return own

    def conversion(
        self, settings: LadderSettings, own: Funds, spec: LadderSpec, price: Decimal
    ) -> tuple[OrderSide, Decimal] | None:
        """What closes the position: the ladder to come begins without one."""
        held = self._position()
        quantity = adapt_to_limits(self.market, abs(held), price, is_own_price=False)
        return (OrderSide.SELL if held > 0 else OrderSide.BUY, quantity) if quantity else None

    def settle(self, ladder: Ladder, price: Decimal) -> None:
        """On the side that leaves, where the price is beyond the entry and the position holds what it would be."""
        spec = ladder.spec
        assert spec is not None  # nothing is planned without one
        held = self._position()
        for slot in ladder:
            if slot.is_certain and slot.is_active and self._is_held(slot, spec):
                held += _signed(slot.side, slot.quantity)  # leaving it is of the other sign
        for slot in [one for one in ladder if not one.is_certain]:
            slot.is_certain = True
            entered = _signed(slot.side, slot.quantity)
            if slot.would_fill_at_once(price) and held * entered > 0 and abs(held) >= slot.quantity:
                held -= entered
                slot.becomes_due(opposite(slot.side), slot.quantity)
            else:
                slot.becomes_due(slot.side, slot.quantity)

    def uses(self, asset: str) -> bool:
        return asset == self.market.settlement

    def waits_for(self, asset: str) -> Decimal:
        """What the levels may still need: of orders that are not open yet, and of losses that have not come."""
        ladder = self.owner.ladder
        if ladder is None or not self.uses(asset):
            return ZERO
        return max(ZERO, self._needed_by(ladder) - self._in_use(ladder))

    def _usable(self) -> Decimal:
        """The margin of a ladder that has no orders: what is free, and what its position keeps."""
        position = self._manager.positions_manager.get_position(self.owner.symbol)
        kept = ZERO if position is None else position.margin + max(ZERO, -position.unrealised_pnl)
        asset = self.market.settlement
        others = sum((one.account.waits_for(asset) for one in self._others()), ZERO)
        return max(ZERO, self._manager.portfolio.available(asset) + kept - others)

    def _terms(self) -> Terms:
        market, exchange = self.market, self._manager.exchange
        return Terms(
            market, exchange.leverage_of(market.symbol), max(ZERO, exchange.fee_model.rates(market.symbol).taker)
        )

    def _needed_by(self, ladder: Ladder) -> Decimal:
        terms, entries = self._terms(), self._entries(ladder, (slot for slot in ladder if slot.is_active))
        return needed(
            *(terms.need([one for one in entries if one.side is side]) for side in (OrderSide.BUY, OrderSide.SELL))
        )

    def _in_use(self, ladder: Ladder) -> Decimal:
        """What open orders and the position keep of that already."""
        kept = (
            slot
            for slot in ladder
            if slot.status is SlotStatus.OPEN or (slot.is_active and self._is_held(slot, ladder.spec))
        )
        terms, entries = self._terms(), self._entries(ladder, kept)
        position = self._manager.positions_manager.get_position(self.owner.symbol)
        loss = ZERO if position is None else max(ZERO, -position.unrealised_pnl)
        return sum((terms.entry(one.price, one.quantity) for one in entries), loss)

    def _entries(self, ladder: Ladder, slots: Iterable[Slot]) -> list[Entry]:
        entries = []
        for slot in slots:
            side = opposite(slot.side) if self._is_held(slot, ladder.spec) else slot.side
            entries.append(Entry(side, slot.buy_price if side is OrderSide.BUY else slot.sell_price, slot.quantity))
        return entries

    def _unit(self, settings: LadderSettings, side: OrderSide, prices: list[Decimal]) -> Need:
        """The need of entries that are worth one of quote together, or trade one of base, in the shape of a side."""
        if not prices:
            return Need(ZERO, ZERO)
        is_buy = side is OrderSide.BUY
        if settings.funds.buy_volume if is_buy else settings.funds.sell_volume:
            weights = prices if is_buy else [ONE] * len(prices)
        else:
            weights = weights_of(settings.funds.profile, side, prices)
        whole = sum(weights, ZERO)
        entries = []
        for price, weight in zip(prices, weights, strict=True):
            part = WIDE.divide(weight, whole)
            base = WIDE.divide(part, price) if is_buy else part
            entries.append(Entry(side, price, self.market.amount_of(base, price)))
        return self._terms().need(entries)

    def _position(self) -> Decimal:
        position = self._manager.positions_manager.get_position(self.owner.symbol)
        return ZERO if position is None else position.quantity

    @staticmethod
    def _is_held(slot: Slot, spec: LadderSpec | None) -> bool:
        """Whether a level's order leaves a part of the position."""
        return spec is not None and slot.side is not own_side(slot, spec.price)


def _signed(side: OrderSide, quantity: Decimal) -> Decimal:
    return quantity if side is OrderSide.BUY else -quantity


def _wished(settings: LadderSettings, side: OrderSide, prices: list[Decimal]) -> Decimal | None:
    """What a side is to trade: quote of buys, base of sells; None where it is all that is available."""
    funds = settings.funds
    fixed, volume = (
        (funds.buy_funds, funds.buy_volume) if side is OrderSide.BUY else (funds.sell_funds, funds.sell_volume)
    )
    if fixed or not volume:
        return fixed or None
    return WIDE.multiply(volume, sum(prices, ZERO) if side is OrderSide.BUY else Decimal(len(prices)))
