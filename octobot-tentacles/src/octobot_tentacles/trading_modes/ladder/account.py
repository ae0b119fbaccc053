# SPDX-License-Identifier: Apache-2.0
"""What one ladder may use of an account that other ladders trade on too."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Protocol

from octobot_tentacles.trading_modes.ladder.mirror import Filled, mirror_quantity
from octobot_tentacles.trading_modes.ladder.restoring import MirrorOf
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.ladder.slots import Ladder, SlotStatus
from octobot_trading.constants import ZERO
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.personal_data.orders.adapting import adapt_to_limits

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

#: Free funds are worth cancelling orders for from this part of what the orders of their side need.
_WORTH_SPREADING: Final = Decimal("0.01")
_WAITING: Final = (SlotStatus.DUE, SlotStatus.ASKED)


class LadderOwner(Protocol):
    """Who keeps the ladder of a symbol."""

    symbol: str
    ladder: Ladder | None
    account: LadderAccount


class LadderAccount:
    """Amounts of the two assets of a ladder's symbol. What other ladders wait to use is nobody else's."""

    def __init__(self, manager: ExchangeManager, owner: LadderOwner) -> None:
        self._manager = manager
        self.owner = owner

    @property
    def market(self) -> Market:
        return self._manager.get_market(self.owner.symbol)

    @property
    def fees(self) -> FeeModel:
        return self._manager.exchange.fee_model

    def free(self) -> tuple[Decimal, Decimal]:
        """(quote, base) that no order waits for."""
        return self._free(self.market.quote), self._free(self.market.base)

    def budgets(self, settings: LadderSettings, own: tuple[Decimal, Decimal] | None) -> tuple[Decimal, Decimal]:
        """(quote, base) that the ladder may use, with what is its ``own`` already.

        Where the settings ask for all that is available, ladders that share an asset get equal parts of what is free.
        """
        own_quote, own_base = own or (ZERO, ZERO)
        funds, market = settings.funds, self.market
        is_new = own is None
        return (
            self._budget(market.quote, funds.buy_funds, own_quote, is_new),
            self._budget(market.base, funds.sell_funds, own_base, is_new),
        )

    def has_free_funds(self, settings: LadderSettings, ladder: Ladder, price: Decimal) -> bool:
        """Whether there is enough to spread over a ladder that may use it."""
        needs, free, market = ladder.needs(SlotStatus.OPEN, *_WAITING), self.free(), self.market
        fixed = (settings.funds.buy_funds, settings.funds.sell_funds)
        in_base = (WIDE.divide(free[0], price), free[1])
        return any(
            not fixed[side]
            and free[side] > needs[side] * _WORTH_SPREADING
            and adapt_to_limits(market, in_base[side], price)
            for side in (0, 1)
        )

    def mirror_quantity(self, settings: LadderSettings, filled: Filled, price: Decimal) -> Decimal:
        """The volume of the order that follows a fill."""
        free = ZERO
        if settings.mirror.keeps_volume or settings.mirror.ignore_fees:
            # What this and other fills have brought in is available already, but for their own mirror orders.
            free = (
                self._free(filled.received_asset(self.market)) - filled.received(self.market) - self._unanswered(filled)
            )
        return mirror_quantity(self.market, self.fees, settings, filled, price, free)

    def mirror_of(self, settings: LadderSettings) -> MirrorOf:
        """``mirror_quantity`` with settings that are known."""
        return lambda filled, price: self.mirror_quantity(settings, filled, price)

    def _budget(self, asset: str, fixed: Decimal, own: Decimal, is_new: bool) -> Decimal:
        free = self._free(asset)
        if fixed:
            return min(free, fixed if is_new else own)
        sharing = [one for one in self._others() if not is_new or one.ladder is None]
        count = 1 + sum(asset in (one.account.market.quote, one.account.market.base) for one in sharing)
        own = min(own, free)
        return own + WIDE.divide(free - own, Decimal(count))

    def _free(self, asset: str) -> Decimal:
        free = self._manager.portfolio.available(asset)
        for owner in (self.owner, *self._others()):
            if owner.ladder is None:
                continue
            quote, base = owner.ladder.needs(*_WAITING)
            market = owner.ladder.levels.market
            free -= quote if market.quote == asset else base if market.base == asset else ZERO
        return max(ZERO, free)

    def _unanswered(self, filled: Filled) -> Decimal:
        """What orders of the same side have brought in that have ended, of which the ladder has not been told yet."""
        orders, brought_in = self._manager.orders_manager, ZERO
        for slot in self.owner.ladder or ():
            if slot.status is not SlotStatus.OPEN or slot.order_id is None or slot.side is not filled.side:
                continue
            if orders.get(slot.order_id) is None and (order := orders.find(slot.order_id)) is not None:
                brought_in += Filled.of_order(order).received(self.market)
        return brought_in

    def _others(self) -> Iterator[LadderOwner]:
        for mode in self._manager.trading_modes:
            for producer in mode.producers:
                account = getattr(producer, "account", None)
                if isinstance(account, LadderAccount) and account is not self:
                    yield account.owner
