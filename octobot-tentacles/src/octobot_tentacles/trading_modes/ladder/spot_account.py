# SPDX-License-Identifier: Apache-2.0
"""The two assets of a spot symbol: buys spend quote, sells spend base."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from octobot_tentacles.trading_modes.ladder.account import WAITING, WORTH_SPREADING, Funds, LadderAccount
from octobot_tentacles.trading_modes.ladder.mirror import Filled, mirror_quantity
from octobot_tentacles.trading_modes.ladder.planning import plan
from octobot_tentacles.trading_modes.ladder.restoring import settle_uncertain
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot, SlotStatus
from octobot_tentacles.trading_modes.ladder.spec import LadderSpec
from octobot_tentacles.trading_modes.ladder.trailing import conversion
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.orders.adapting import adapt_to_limits


class SpotLadderAccount(LadderAccount):
    """Amounts of quote and base."""

    MOVES_LEVELS: ClassVar[bool] = True

    @property
    def fees(self) -> FeeModel:
        """Those of the exchange: spot fees come out of what is traded."""
        return self._manager.exchange.fee_model

    def own(self, ladder: Ladder) -> Funds:
        """(quote, base)."""
        return ladder.needs(SlotStatus.OPEN, *WAITING)

    def budgets(self, settings: LadderSettings, own: Funds | None, spec: LadderSpec) -> tuple[Decimal, Decimal]:
        funds, market = settings.funds, self.market
        own_quote, own_base = own or (None, None)
        return (
            self._budget(market.quote, funds.buy_funds, own_quote),
            self._budget(market.base, funds.sell_funds, own_base),
        )

    def plan(self, spec: LadderSpec, settings: LadderSettings, before: Ladder | None) -> tuple[Ladder, list[str]]:
        sides = {slot.number: slot.side for slot in before or ()}
        return plan(spec, settings, self.market, self.fees, sides)

    def has_free_funds(self, settings: LadderSettings, ladder: Ladder, price: Decimal) -> bool:
        needs, free, market = self.own(ladder), self._free_funds(), self.market
        fixed = (settings.funds.buy_funds, settings.funds.sell_funds)
        in_base = (WIDE.divide(free[0], price), free[1])
        return any(
            not fixed[side]
            and free[side] > needs[side] * WORTH_SPREADING
            and adapt_to_limits(market, in_base[side], price)
            for side in (0, 1)
        )

    def mirror_quantity(self, settings: LadderSettings, filled: Filled, price: Decimal) -> Decimal:
        free = ZERO
        if settings.mirror.keeps_volume or settings.mirror.ignore_fees:
            # What this and other fills have brought in is available already, but for their own mirror orders.
            free = (
                self._free(filled.received_asset(self.market)) - filled.received(self.market) - self._unanswered(filled)
            )
        return mirror_quantity(self.market, self.fees, settings, filled, price, free)

    def fill_while_remade(self, own: Funds, slot: Slot | None, filled: Filled) -> Funds:
        quote, base = own
        market = self.market
        if filled.side is OrderSide.BUY:
            return quote - filled.cost - filled.fees.get(market.quote, ZERO), base + filled.received(market)
        return quote + filled.received(market), base - filled.quantity - filled.fees.get(market.base, ZERO)

    def conversion(
        self, settings: LadderSettings, own: Funds, spec: LadderSpec, price: Decimal
    ) -> tuple[OrderSide, Decimal] | None:
        """What gives each level of the ladder to come the same worth."""
        funds = self.budgets(settings, own, spec)
        return conversion(self.market, self.fees, price, spec.high, spec.high - spec.low, *funds)

    def settle(self, ladder: Ladder, price: Decimal) -> None:
        """On the side that the price and the free funds allow."""
        settle_uncertain(ladder, price, *self._free_funds())

    def uses(self, asset: str) -> bool:
        return asset in (self.market.quote, self.market.base)

    def waits_for(self, asset: str) -> Decimal:
        if self.owner.ladder is None or not self.uses(asset):
            return ZERO
        quote, base = self.owner.ladder.needs(*WAITING)
        return quote if asset == self.market.quote else base

    def _free_funds(self) -> Funds:
        return self._free(self.market.quote), self._free(self.market.base)

    def _budget(self, asset: str, fixed: Decimal, own: Decimal | None) -> Decimal:
        free = self._free(asset)
        return min(free, fixed if own is None else own) if fixed else self._shared(asset, free, own)

    def _unanswered(self, filled: Filled) -> Decimal:
        """What orders of the same side have brought in that have ended, of which the ladder has not been told yet."""
        orders, brought_in = self._manager.orders_manager, ZERO
        for slot in self.owner.ladder or ():
            if slot.status is not SlotStatus.OPEN or slot.order_id is None or slot.side is not filled.side:
                continue
            if orders.get(slot.order_id) is None and (order := orders.find(slot.order_id)) is not None:
                brought_in += Filled.of_order(order).received(self.market)
        return brought_in
