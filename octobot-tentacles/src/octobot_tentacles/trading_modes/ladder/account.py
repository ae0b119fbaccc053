# SPDX-License-Identifier: Apache-2.0
"""What one ladder may use of an account that other ladders trade on too; spot and contracts each say how."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from octobot_tentacles.trading_modes.ladder.mirror import Filled
from octobot_tentacles.trading_modes.ladder.restoring import MirrorOf
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot, SlotStatus
from octobot_tentacles.trading_modes.ladder.spec import LadderSpec
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE, Market

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

#: Free funds are worth cancelling orders for from this part of what the orders of their side need.
WORTH_SPREADING: Final = Decimal("0.01")
#: Slots whose orders are not on the exchange yet.
WAITING: Final = (SlotStatus.DUE, SlotStatus.ASKED)

#: Funds of a ladder: (quote, base) on spot, (margin, nothing) with contracts.
Funds = tuple[Decimal, Decimal]


class LadderOwner(Protocol):
    """Who keeps the ladder of a symbol."""

    symbol: str
    ladder: Ladder | None
    account: LadderAccount


class LadderAccount(ABC):
    """The funds of a ladder's symbol. What other ladders wait to use is nobody else's."""

    #: Whether single levels may move to where the price has gone; otherwise the ladder follows as a whole.
    MOVES_LEVELS: ClassVar[bool]

    def __init__(self, manager: ExchangeManager, owner: LadderOwner) -> None:
        self._manager = manager
        self.owner = owner

    @property
    def market(self) -> Market:
        return self._manager.get_market(self.owner.symbol)

    @property
    @abstractmethod
    def fees(self) -> FeeModel:
        """What orders pay out of the funds that their side is given."""

    @abstractmethod
    def own(self, ladder: Ladder) -> Funds:
        """What a ladder's orders use."""

    @abstractmethod
    def budgets(self, settings: LadderSettings, own: Funds | None, spec: LadderSpec) -> tuple[Decimal, Decimal]:
        """(quote that the buys, base that the sells of a ladder may trade), with what is its ``own`` already.

        Where the settings ask for all that is available, ladders that share an asset get equal parts of what is free.
        """

    @abstractmethod
    def plan(self, spec: LadderSpec, settings: LadderSettings, before: Ladder | None) -> tuple[Ladder, list[str]]:
        """The ladder of a spec, with the sides that the levels of the one ``before`` it had, and remarks."""

    @abstractmethod
    def has_free_funds(self, settings: LadderSettings, ladder: Ladder, price: Decimal) -> bool:
        """Whether there is enough to spread over a ladder that may use it."""

    @abstractmethod
    def mirror_quantity(self, settings: LadderSettings, filled: Filled, price: Decimal) -> Decimal:
        """The volume of the order that follows a fill."""

    @abstractmethod
    def fill_while_remade(self, own: Funds, slot: Slot | None, filled: Filled) -> Funds:
        """What a ladder has of its own after something has filled, of ``slot`` or converted, while it is made anew."""

    @abstractmethod
    def conversion(
        self, settings: LadderSettings, own: Funds, spec: LadderSpec, price: Decimal
    ) -> tuple[OrderSide, Decimal] | None:
        """What to trade at the market before a ladder that follows the price is made anew, None for nothing."""

    @abstractmethod
    def settle(self, ladder: Ladder, price: Decimal) -> None:
        """Put levels of which nothing is known on a side."""

    @abstractmethod
    def uses(self, asset: str) -> bool:
        """Whether the ladder draws on an asset."""

    @abstractmethod
    def waits_for(self, asset: str) -> Decimal:
        """What the ladder is still to use of an asset."""

    def mirror_of(self, settings: LadderSettings) -> MirrorOf:
        """``mirror_quantity`` with settings that are known."""
        return lambda filled, price: self.mirror_quantity(settings, filled, price)

    def _free(self, asset: str) -> Decimal:
        """What no order and no ladder waits for."""
        free = self._manager.portfolio.available(asset) - self.waits_for(asset)
        return max(ZERO, free - sum((one.account.waits_for(asset) for one in self._others()), ZERO))

    def _shared(self, asset: str, free: Decimal, own: Decimal | None) -> Decimal:
        """This ladder's part of what is free of an asset; ``own`` is None for one that is new."""
        sharing = [one for one in self._others() if own is not None or one.ladder is None]
        count = 1 + sum(one.account.uses(asset) for one in sharing)
        own = min(own or ZERO, free)
        return own + WIDE.divide(free - own, Decimal(count))

    def _others(self) -> Iterator[LadderOwner]:
        for mode in self._manager.trading_modes:
            for producer in mode.producers:
                account = getattr(producer, "account", None)
                if isinstance(account, LadderAccount) and account is not self:
                    yield account.owner
