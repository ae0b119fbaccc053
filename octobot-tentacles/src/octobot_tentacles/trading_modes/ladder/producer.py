# SPDX-License-Identifier: Apache-2.0
"""Wakes a ladder: by its first price, by what becomes of its orders, and by time."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.trading_modes.ladder.account import Funds, LadderAccount
from octobot_tentacles.trading_modes.ladder.contract_account import ContractLadderAccount
from octobot_tentacles.trading_modes.ladder.desk import LadderDesk
from octobot_tentacles.trading_modes.ladder.mirror import Filled
from octobot_tentacles.trading_modes.ladder.planning import outline, with_funds
from octobot_tentacles.trading_modes.ladder.remaking import Remaking
from octobot_tentacles.trading_modes.ladder.restoring import (
    FOLLOWS,
    MOVED,
    REMAKING_REASONS,
    SPREADS,
    TAKEN_DOWN,
    adopt_orders,
    fits,
    newest_spec,
    restore,
)
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings
from octobot_tentacles.trading_modes.ladder.slots import Ladder, Slot, SlotStatus
from octobot_tentacles.trading_modes.ladder.spec import LadderSpec
from octobot_tentacles.trading_modes.ladder.spot_account import SpotLadderAccount
from octobot_tentacles.trading_modes.ladder.steps import next_steps
from octobot_tentacles.trading_modes.ladder.trailing import (
    Thresholds,
    levels_to_move,
    move,
    thresholds,
)
from octobot_trading.constants import ZERO
from octobot_trading.enums import EvaluatorStates, OrderSide, OrderStatus, OrderType, OrderUpdateType
from octobot_trading.modes import AbstractTradingModeProducer
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.staggered.mode import StaggeredOrdersTradingMode


class LadderProducer(AbstractTradingModeProducer):
    """Keeps the ladder of one symbol; it looks at prices only while it needs one."""

    trading_mode: StaggeredOrdersTradingMode

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.symbol = self.trading_mode.symbol or ""
        self.ladder: Ladder | None = None
        self.desk = LadderDesk(self.exchange_manager, self.symbol, self.trading_mode.get_name())
        is_spot = self.exchange_manager.get_market(self.symbol).contract is None
        account = SpotLadderAccount if is_spot else ContractLadderAccount
        self.account: LadderAccount = account(self.exchange_manager, self)
        self._known_settings: LadderSettings | None = None
        self._remaking: Remaking | None = None
        self._is_restored = False
        self._thresholds = Thresholds()
        #: Whether something is due that could not be created as no price was known, or as it would fill at once.
        self._waits_for_price = False

    async def subscribe(self) -> None:
        """Go on from the orders that are open; where there are none, the first price makes a ladder."""
        await self.wakes.on("Orders", self._on_order, symbol=self.symbol)
        await self._go_on_from_orders()
        seconds = self.trading_mode.redispatch_seconds(self.symbol)
        if seconds is not None:
            await self.wakes.every(seconds, self._spread_free_funds)
        await self._follow_prices()

    async def stop(self) -> None:
        """Follow nothing any more. Open orders stay open."""
        await self.desk.ignore_prices()
        await super().stop()

    # What wakes it

    async def _on_price(self, **_: Any) -> None:
        price = self.desk.price
        if price is None:
            return
        if self._remaking is not None:
            await self._go_on_remaking()
        elif self.ladder is None:
            await self._make(price)
        elif (side := self._thresholds.side_left(price)) is not None:
            await self._trail(self.ladder, side, price)
        elif self._waits_for_price:
            await self._act("the price is known, or where it has to be")

    async def _on_order(self, order: dict[str, Any], update_type: str, **_: Any) -> None:
        if update_type != OrderUpdateType.CLOSED.value:
            return
        filled = Filled(OrderSide(order["side"]), order["filled_quantity"], order["cost"], order["fees"])
        slot = None if self.ladder is None else self.ladder.take_closed(order["order_id"])
        if self._remaking is not None:
            if slot is not None or order["tag"] == self.trading_mode.get_name():
                self._remaking.own = self.account.fill_while_remade(self._remaking.own, slot, filled)
                # Those that were cancelled are told of one by one, also when the converting order is on its way.
                self._remaking.is_asked &= not Remaking.made(order["cause"])
                await self._go_on_remaking()
        elif slot is not None and filled.quantity:
            await self._answer_fill(slot, filled)
        elif slot is not None:
            await self._answer_end(slot, order["reason"])

    async def _on_due(self) -> None:
        if self._remaking is None:
            await self._act("a mirror order's delay is over")

    # Fills and ends

    async def _answer_fill(self, slot: Slot, filled: Filled) -> None:
        mode, settings = self.trading_mode, self._settings()
        price = slot.sell_price if slot.side is OrderSide.BUY else slot.buy_price
        quantity = self.account.mirror_quantity(settings, filled, price)
        what = f"level {slot.number}: {filled.quantity.normalize():f} of its {slot.side} have filled"
        if quantity:
            slot.flip(quantity, self.exchange_manager.clock.now() + settings.mirror.delay_seconds)
            mode.explain(self.symbol, "%s, its mirror order is due", what)
            if slot.due_time > self.exchange_manager.clock.now():
                await self.wakes.at(slot.due_time, self._on_due)
        else:
            slot.rest("its mirror order would be below the market's minimum")
            mode.explain(self.symbol, "%s: %s", what, slot.reason)
        await self._act(what)

    async def _answer_end(self, slot: Slot, reason: str | None) -> None:
        price = self.desk.price
        if slot.moves_to is not None and self.ladder is not None and price is not None:
            slot = move(self.ladder, slot, price, self.account.fees)
        elif reason in (TAKEN_DOWN, MOVED):
            slot.becomes_due(slot.side, slot.quantity)
        else:
            slot.rest(reason or "cancelled")
            self.trading_mode.explain(self.symbol, "level %d has no order: %s", slot.number, slot.reason)
        await self._act(f"level {slot.number}: its order was cancelled")

    async def _act(self, rule: str) -> None:
        """Cancel and create what the ladder asks for."""
        ladder, price = self.ladder, self.desk.price
        if ladder is None:
            return
        settings, now = self._settings(), self.exchange_manager.clock.now()
        if price is None:
            self._waits_for_price = True
        else:
            if self._is_restored:
                self._is_restored = False
                self.account.settle(ladder, price)
            instant = settings.mirror.allow_instant_fill
            steps = next_steps(ladder, now, price, settings.depth, allow_instant_fill=instant)
            self._waits_for_price = steps.waits_for_price
            # Before anything is waited for: what else wakes meanwhile must not place them too.
            for slot in steps.to_place:
                slot.status = SlotStatus.ASKED
            await self.desk.cancel(steps.to_cancel, TAKEN_DOWN)
            if steps.to_place:
                await self._submit(rule, {"ladder": ladder, "slots": steps.to_place})
        self._thresholds = thresholds(ladder, settings)
        await self._follow_prices()

    # Making a ladder

    async def _make(self, price: Decimal, own: Funds | None = None, why: str = "first price") -> None:
        """Make the ladder around ``price``, or where it has been; ``own`` is what one before it had."""
        settings = self._known_settings = self._settings_at(price)
        remaking, self._remaking = self._remaking, None
        if settings.existing_orders_only:
            await self._adopt_all(settings)
            return
        if settings.trailing.order_by_order and not self.account.MOVES_LEVELS:
            self._remark(f"{self.symbol}: the ladder follows the price as a whole, as contracts are traded")
        before = self.ladder if remaking is not None and remaking.keeps_sides else None
        if own is not None:
            settings = self.trading_mode.unanchored(settings)
        if before is not None and before.spec is not None:
            spec = before.spec
        else:
            found, said = outline(settings, self.account.market, price)
            self._remark(*said)
            if found is None:
                self.ladder = None
                await self._follow_prices()
                return
            spec = found
        spec = with_funds(spec, *self.account.budgets(settings, own, spec))
        ladder, remarks = self.account.plan(spec, settings, before)
        if own is None:
            self._remark(*remarks)
        self.ladder = ladder
        await self._act(f"{why}: {len(ladder.active())} levels around {spec.center.normalize():f}")

    async def _adopt_all(self, settings: LadderSettings) -> None:
        orders = self.exchange_manager.orders_manager.get_open_orders(self.symbol)
        self.ladder = adopt_orders(settings, self.account.market, orders)
        if not len(self.ladder):
            self._remark(f"{self.symbol}: no orders, as only existing ones are to be used and there are none")
        await self._act("existing orders")

    async def _go_on_from_orders(self) -> None:
        orders, mode = self.exchange_manager.orders_manager, self.trading_mode
        if mode.uses_existing_orders_only(self.symbol):
            existing = orders.get_open_orders(self.symbol)
            if existing:
                self._adopt(existing)
            return
        own = self.desk.all_orders()
        if own and (converting := Remaking.of_order(own[-1])) is not None:
            # Either it is open, or it has ended meanwhile and the first price makes the ladder.
            if own[-1].is_open:
                self._known_settings, self._remaking = self._settings_at(ZERO), converting
            return
        spec, still_open = newest_spec(own), [one for one in own if one.is_open]
        if spec is None:
            if still_open:
                self._adopt(still_open)
            return
        settings = self._known_settings = self._settings_at(spec.price)
        if fits(spec, settings):
            await self._restore(spec, settings, own)
        elif still_open:
            mode.explain(self.symbol, "the open orders are of other settings: they are cancelled")
            self._remaking = Remaking("other settings", begins_anew=True)
            await self.desk.cancel_orders(still_open, self._remaking.why)

    def _adopt(self, orders: list[Order]) -> None:
        settings = self._known_settings = self._settings_at(orders[0].request.own_price or ZERO)
        self.ladder = adopt_orders(settings, self.account.market, orders)

    async def _restore(self, spec: LadderSpec, settings: LadderSettings, own: list[Order]) -> None:
        market, fees, now = self.account.market, self.account.fees, self.exchange_manager.clock.now()
        ladder = restore(spec, settings, market, fees, own, self.account.mirror_of(settings))
        if not any(slot.is_active and slot.is_certain for slot in ladder):
            return  # all was cancelled: the first price makes another one
        self.ladder, self._is_restored, self._waits_for_price = ladder, True, ladder.has_due
        for slot in ladder:
            if slot.status is SlotStatus.DUE and slot.due_time > now:
                await self.wakes.at(slot.due_time, self._on_due)
        self._thresholds = thresholds(ladder, settings)
        for order in own:
            if order.status is OrderStatus.PENDING_CANCEL and order.reason in REMAKING_REASONS:
                await self._remake(ladder, self._remaking_for(order.reason))
                return

    # Making it anew

    async def _trail(self, ladder: Ladder, side: OrderSide, price: Decimal) -> None:
        way = "up" if side is OrderSide.SELL else "down"
        self._thresholds = Thresholds()
        if self._settings().trailing.order_by_order and self.account.MOVES_LEVELS:
            moves = levels_to_move(ladder, side, price)
            for slot, number in moves:
                slot.moves_to = number
            self.trading_mode.explain(self.symbol, "%d orders follow the price %s", len(moves), way)
            await self.desk.cancel([slot for slot, _ in moves], MOVED)
            return
        self.trading_mode.explain(self.symbol, "the ladder follows the price %s to %s", way, price)
        await self._remake(ladder, self._remaking_for(FOLLOWS))

    async def _spread_free_funds(self) -> None:
        ladder = self.ladder
        if ladder is None or ladder.spec is None or self._remaking is not None:
            return
        price = self.desk.price
        if price is None or not self.account.has_free_funds(self._settings(), ladder, price):
            self.trading_mode.explain(self.symbol, "no free funds to spread over the ladder")
            return
        self.trading_mode.explain(self.symbol, "free funds are spread over the ladder")
        await self._remake(ladder, self._remaking_for(SPREADS))

    def _remaking_for(self, why: str) -> Remaking:
        if why == FOLLOWS:
            return Remaking(why, converts=True)
        return Remaking(why, keeps_sides=True)

    async def _remake(self, ladder: Ladder, remaking: Remaking) -> None:
        self._remaking = remaking
        remaking.own = self.account.own(ladder)
        if not await self.desk.cancel([slot for slot in ladder if slot.status is SlotStatus.OPEN], remaking.why):
            await self._go_on_remaking()

    async def _go_on_remaking(self) -> None:
        remaking, price = self._remaking, self.desk.price
        if remaking is None or price is None or remaking.is_asked:
            return
        still_open = self.desk.open_orders()
        if still_open:
            await self.desk.cancel_orders(still_open, remaking.why)
            return  # the last one to end goes on
        if remaking.converts:
            remaking.converts = False
            request = self._conversion(remaking, price)
            if request is not None:
                remaking.is_asked = True
                await self._submit(remaking.why, {"request": request, "if_refused": self._conversion_refused})
                return
        own = None if remaking.begins_anew else remaking.own
        await self._make(price, own, remaking.why)

    async def _conversion_refused(self) -> None:
        if self._remaking is not None:
            self._remaking.is_asked = False
            await self._go_on_remaking()

    def _conversion(self, remaking: Remaking, price: Decimal) -> OrderRequest | None:
        """The market order that comes before a ladder that follows the price is made anew."""
        settings = self.trading_mode.unanchored(self._settings())
        spec, _ = outline(settings, self.account.market, price)
        trade = None if spec is None else self.account.conversion(settings, remaking.own, spec, price)
        if trade is None:
            return None
        name = self.trading_mode.get_name()
        return OrderRequest(
            self.symbol,
            trade[0],
            OrderType.MARKET,
            trade[1],
            tag=name,
            cause=remaking.cause(name),
            reduce_only=self.account.market.contract is not None,
        )

    # What it does with the exchange

    async def _submit(self, rule: str, data: dict[str, Any]) -> None:
        self.rule = rule
        name = self.exchange_manager.cryptocurrency_of(self.symbol)
        await self.submit_trading_evaluation(name, self.symbol, None, ZERO, EvaluatorStates.NEUTRAL, data)

    async def _follow_prices(self) -> None:
        """Listen to prices while something depends on them, and only then."""
        is_needed = self.ladder is None or self._waits_for_price or self._remaking is not None
        if is_needed or self._thresholds != Thresholds():
            await self.desk.follow_prices(self._on_price)
        else:
            await self.desk.ignore_prices()

    def _settings_at(self, price: Decimal) -> LadderSettings:
        settings = self.trading_mode.settings_for(self.symbol, price)
        if settings.scaled_from is not None:
            self._remark(
                f"{self.symbol} has no entry in pair_settings: that of {settings.scaled_from} is scaled to its price"
            )
        return settings

    def _settings(self) -> LadderSettings:
        assert self._known_settings is not None
        return self._known_settings

    def _remark(self, *remarks: str) -> None:
        """Tell what a user should know, once."""
        for remark in remarks:
            if remark not in self.trading_mode.remarks:
                self.trading_mode.remarks.append(remark)
                self.trading_mode.explain(self.symbol, "%s", remark)
