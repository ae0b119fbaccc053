# SPDX-License-Identifier: Apache-2.0
"""The protections of one account: asked before each order, told of what happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from octobot_commons.channels_name import OctoBotTradingChannelsName as Names
from octobot_commons.errors import DataError, EnvironmentFault
from octobot_commons.logging import get_logger
from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderType
from octobot_trading.errors import ProtectionRefused
from octobot_trading.exchanges.market import WIDE
from octobot_trading.modes.wakes import Wakes
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.protections.exposure import only_reduces
from octobot_trading.protections.protection import Exit, Protection
from octobot_trading.protections.state_store import State, StateStore
from octobot_trading.protections.trading_stop import TradingStop

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

_STOPS = frozenset(
    {OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT, OrderType.TRAILING_STOP, OrderType.TRAILING_STOP_LIMIT}
)
#: New highs come with every price; so often are they saved.
_SAVE_SECONDS = 30.0


class Protections:
    """Does nothing, and costs nothing but a look at an empty list for each order and fill, while there are none.

    Attributes:
        all: the protections, in the order in which they are asked.
        refused: how many orders each has refused, by its name.
    """

    def __init__(self, exchange_manager: ExchangeManager) -> None:
        self.all: list[Protection] = []
        self.refused: Counter[str] = Counter()
        self._manager = exchange_manager
        self._logger = get_logger(f"{type(self).__name__}[{exchange_manager.exchange_name}]")
        self._wakes = Wakes(exchange_manager)
        self._store: StateStore | None = None
        self._saved_time = 0.0
        self._unsaved = False

    def use(self, protections: Iterable[Protection], store: StateStore | None = None) -> None:
        """Add these, which go on from what the store has of them. Before the exchange's manager is initialized.

        Raises:
            DataError: what the store has cannot be used.
        """
        added = list(protections)
        if store is not None:
            self._store = store
            for protection in added:
                _restore(protection, store.load())
        self.all += added

    def add(self, protection: Protection) -> None:
        """Ask this one as well, from now on; one that follows the account's value must be given to ``use``."""
        self.all.append(protection)

    def stop_trading(self, reason: str) -> None:
        """Refuse entries until the next start."""
        stop = next((one for one in self.all if isinstance(one, TradingStop)), None)
        if stop is None:
            stop = TradingStop()
            self.add(stop)
        stop.stop(reason, self._manager.clock.now())

    def remove(self, protection: Protection) -> None:
        """Ask it no more."""
        self.all.remove(protection)

    async def start(self) -> None:
        """Follow prices, where somebody needs the account's value."""
        if any(one.follows_value for one in self.all):
            await self._wakes.on(Names.TICKER_CHANNEL.value, self._on_ticker)

    async def stop(self) -> None:
        """Follow prices no more, and save what is not saved."""
        await self._wakes.stop()
        if self._unsaved:
            self._save()

    def ask(self, request: OrderRequest, parent: Order | None = None) -> None:
        """Let an order pass, or not. ``parent`` is the order whose fill has brought it up.

        Raises:
            ProtectionRefused: ``rule`` is the name of the protection.
        """
        now = self._manager.clock.now()
        is_exit = only_reduces(self._manager, request, parent)
        unknown = () if is_exit else self._look_at_value(now)
        for protection in self.all:
            if is_exit and not protection.refuses_exits:
                continue
            reason = protection.reason_to_refuse(request, now)
            if reason is None and unknown and protection.compares_values:
                reason = f"the account's value is not known, as no price of {', '.join(unknown)} is"
            if reason is not None:
                self.refused[protection.name] += 1
                raise ProtectionRefused(f"{request.symbol}: {reason}", rule=protection.name)

    def is_exit(self, request: OrderRequest, parent: Order | None = None) -> bool:
        """Whether an order only reduces risk, now."""
        return only_reduces(self._manager, request, parent)

    def on_order(self) -> None:
        """An order is being handed in."""
        now = self._manager.clock.now()
        for protection in self.all:
            protection.on_order(now)
        self._save_soon(is_urgent=True)

    def on_fill(self, fill: Fill, order: Order) -> None:
        """An order of the bot has filled, and the trades manager knows."""
        following = [one for one in self.all if one.follows_exits]
        closed = self._manager.trades_manager.closed_by(fill) if following else []
        if not closed:
            return
        net_pnl = ZERO
        for trade in closed:
            net_pnl = WIDE.add(net_pnl, trade.net_pnl)
        told = Exit(fill.time, fill.symbol, order.order_id, order.request.order_type in _STOPS, net_pnl)
        for protection in following:
            protection.on_exit(told)
        self._save_soon(is_urgent=True)

    def on_flow(self, before: Decimal, after: Decimal) -> None:
        """A deposit or withdrawal has changed the account's value."""
        for protection in self.all:
            protection.on_flow(before, after)
        self._save_soon(is_urgent=True)

    async def _on_ticker(self, **_: Any) -> None:
        self._look_at_value(self._manager.clock.now())

    def _look_at_value(self, now: float) -> tuple[str, ...]:
        """Tell who follows it what the account is worth; returns the assets whose missing prices make it unknown."""
        following = [one for one in self.all if one.follows_value]
        if not following:
            return ()
        value, unpriced = self._manager.performance.known_value()
        if not unpriced:
            is_urgent = [one.on_value(value, now) for one in following]
            self._save_soon(any(is_urgent))
        return unpriced

    def _save_soon(self, is_urgent: bool) -> None:
        if self._store is None:
            return
        self._unsaved = True
        now = self._manager.clock.now()
        if is_urgent or now - self._saved_time >= _SAVE_SECONDS:
            self._save()
            self._saved_time = now

    def _save(self) -> None:
        assert self._store is not None
        state: State = {one.name: own for one in self.all if (own := one.to_state())}
        try:
            self._store.save(state)
        except EnvironmentFault as error:
            # A fill must be counted whatever the disk does. It is tried again with what happens next.
            self._logger.exception(error, True, f"protections do not survive a restart: {error}")
            return
        self._unsaved = False


def _restore(protection: Protection, state: State) -> None:
    own = state.get(protection.name)
    if own is None:
        return
    try:
        protection.from_state(own)
    except msgspec.ValidationError as error:
        remedy = "restore it, or remove it to let every protection begin anew"
        raise DataError(f"the saved state of {protection.name} cannot be used: {error}", remedy=remedy) from error
