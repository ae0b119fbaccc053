# SPDX-License-Identifier: Apache-2.0
"""Creates, edits and cancels orders; keeps what the bot knows of its account in step with what the exchange says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from octobot_commons.errors import OctoBotError
from octobot_commons.logging import get_logger
from octobot_trading.constants import ONE
from octobot_trading.enums import OrderEvent, OrderStatus, OrderUpdateType, PositionSide
from octobot_trading.errors import OrderNotOpen, OrderRefused, OutcomeUnknown
from octobot_trading.personal_data.account_events import AccountEvents
from octobot_trading.personal_data.orders.bot_groups import BotGroups
from octobot_trading.personal_data.orders.chained_orders import ChainedOrders
from octobot_trading.personal_data.orders.decision import current_decision
from octobot_trading.personal_data.orders.early_events import EarlyEvents
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest, edited
from octobot_trading.personal_data.orders.order_states import ASKED
from octobot_trading.personal_data.orders.owned_orders import OwnedOrders
from octobot_trading.personal_data.orders.self_managed import SelfManagedOrders
from octobot_trading.personal_data.orders.supervision import OrderSupervision
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.trades.closed_trade import Direction
from octobot_trading.personal_data.trades.fill import Fill

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager
    from octobot_trading.personal_data.orders.intents.sender import OrderSender

_DIRECTIONS = {PositionSide.LONG: Direction.LONG, PositionSide.SHORT: Direction.SHORT}


class Trader:
    """The one way to trade on an exchange. It is the exchange's ``AccountListener``.

    State changes at once; the Orders, Trades and Balance channels tell of it afterwards.
    """

    def __init__(self, exchange_manager: ExchangeManager, risk: Decimal = ONE) -> None:
        self.risk = risk
        self.logger = get_logger(f"{type(self).__name__}[{exchange_manager.exchange_name}]")
        self._exchange_manager = exchange_manager
        self._exchange = exchange_manager.exchange
        self._orders = exchange_manager.orders_manager
        self._protections = exchange_manager.protections
        self._events = AccountEvents(exchange_manager)
        self._chained: dict[str, ChainedOrders] = {}
        self._to_chain: list[tuple[Order, bool]] = []
        self._supervision = OrderSupervision(exchange_manager, self)
        self._self_managed = SelfManagedOrders(exchange_manager, self)
        self._groups = BotGroups(exchange_manager, self, self._self_managed)
        #: Orders that the exchange was asked to take and has not answered yet.
        self.requests_under_way = 0
        self.owned_orders = OwnedOrders(exchange_manager)
        self._early = EarlyEvents()
        #: Where orders must not be handed in twice, whatever is lost on the way.
        self.sender: OrderSender | None = None
        self._exchange.listener = self

    async def create_order(self, request: OrderRequest, parent: Order | None = None) -> Order:
        """Hand an order to the exchange; one of a type that the exchange lacks is managed here.

        ``parent`` is the order whose fill has brought it up.

        Raises:
            OrderRefused: naming the rule that it breaks; nothing was changed.
            ProtectionRefused: a protection refuses it.
        """
        if request.order_type not in self._exchange.supported_order_types:
            if self._protections.all:
                self._protections.ask(request, parent)  # and again when it is handed in, which may be long after
            return await self._self_managed.add(request)
        order = self.take_in(*await self.hand_in(request, parent))
        if request.cancel_policy is not None:
            await self._supervision.watch(order)
        return order

    async def hand_in(self, request: OrderRequest, parent: Order | None = None) -> tuple[str, OrderRequest]:
        """Give an order to the exchange; returns its id there and the request as it was sent.

        Tell ``owned_orders`` of the accepted order at once: what was locked for it is free again.

        Raises:
            OrderRefused: naming the rule that it breaks; nothing was changed.
            ProtectionRefused: a protection refuses it.
            EnvironmentFault: it was not kept, or the exchange has not looked at it.
            OutcomeUnknown: without a ``sender``, that it may have been accepted or not.
        """
        if self._protections.all:
            self._protections.ask(request, parent)
            self._protections.on_order()
        asked = self.owned_orders.ask(request)
        self.requests_under_way += 1
        try:
            handed_in = await self._send(request, parent)
        except BaseException as error:
            self.requests_under_way -= 1
            if isinstance(error, OctoBotError) and not isinstance(error, OutcomeUnknown):
                self.owned_orders.answered(asked)
            self._tell_early()
            raise
        self.requests_under_way -= 1
        self.owned_orders.answered(asked)
        return handed_in

    async def _send(self, request: OrderRequest, parent: Order | None) -> tuple[str, OrderRequest]:
        if self.sender is None:
            return await self._exchange.create_order(request), request
        intent = await self.sender.intend(request, None if parent is None else parent.order_id)
        return await self.sender.send(intent), intent.request

    async def edit_order(
        self,
        order: Order,
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        stop_price: Decimal | None = None,
    ) -> None:
        """Change an open order; None leaves a field as it is. ``quantity`` counts what has filled already.

        Raises:
            OrderNotOpen: it has ended.
            OrderRefused: what it would become breaks a rule; it is as it was.
        """
        if not order.is_open or order.status in ASKED:
            raise OrderNotOpen(f"order {order.order_id} is {order.status}", remedy="create a new order")
        clock = self._exchange_manager.clock
        order.happens(OrderEvent.ASK_EDIT, clock.now())
        try:
            request = edited(order.request, quantity, price, stop_price)
            if self._protections.all and request.quantity > order.request.quantity:
                self._protections.ask(request, self._orders.parent_of(order))
            if self._self_managed.holds(order):
                self._self_managed.edit(order, request)
            else:
                await self._exchange.edit_order(order.order_id, quantity, price, stop_price)
        except OrderRefused:
            order.happens(OrderEvent.REFUSE_EDIT, clock.now())
            raise
        order.happens(OrderEvent.EDIT, clock.now())
        order.request = request
        if not self._self_managed.holds(order):
            self.owned_orders.edited(order)
        self._events.send_order(order, OrderUpdateType.EDIT)

    async def cancel_order(self, order: Order, reason: str | None = None, *, asks_again: bool = False) -> bool:
        """Ask for the cancellation of an order; False when it had ended before.

        Of one that was asked about and not answered it asks no more, but where ``asks_again``.
        """
        if not order.is_open:
            return False
        if order.status is OrderStatus.PENDING_CANCEL:
            return not asks_again or await self._ask_to_cancel(order.order_id)
        if self._self_managed.holds(order):
            self._self_managed.cancel(order, reason)
            return True
        now = self._exchange_manager.clock.now()
        order.happens(OrderEvent.ASK_CANCEL, now, reason)
        try:
            if await self._ask_to_cancel(order.order_id):
                return True
        except OctoBotError:
            # Whether it was done the exchange will tell; until then it may be asked again.
            self._stays_open(order)
            raise
        self._stays_open(order)
        return False

    def _stays_open(self, order: Order) -> None:
        if order.status is OrderStatus.PENDING_CANCEL:
            order.happens(OrderEvent.REFUSE_CANCEL, self._exchange_manager.clock.now())

    async def _ask_to_cancel(self, order_id: str) -> bool:
        if self.sender is None:
            return await self._exchange.cancel_order(order_id)
        return await self.sender.cancel(order_id)

    async def cancel_open_orders(self, symbol: str | None = None, tag: str | None = None) -> list[Order]:
        """Cancel the open orders of a symbol and tag; returns those that were."""
        orders = self._orders.get_open_orders(symbol, tag)
        return [order for order in orders if await self.cancel_order(order)]

    def take_in(self, order_id: str, request: OrderRequest, parent_id: str | None = None) -> Order:
        """Keep an order that was accepted, and tell of it."""
        order = Order(order_id, request, self._exchange_manager.clock.now(), parent_id)
        parent = None if parent_id is None else self._orders.find(parent_id)
        if parent is not None:
            order.decision = parent.decision
        elif (record := current_decision.get()) is not None:
            order.decision = record.encode()
        if request.chained and self._protections.all:
            order.is_exit = self._protections.is_exit(request, parent)
        order.happens(OrderEvent.ACCEPT, order.creation_time)
        self._orders.add(order)
        if not self._self_managed.names(order_id):  # those hold nothing
            self.owned_orders.accepted(order)
        self._events.send_order(order, OrderUpdateType.NEW)
        self.answered(order_id)
        return order

    def answered(self, order_id: str) -> None:
        """An order is known under its id now: what was told of it before happens."""
        self._early.tell(order_id)
        self._tell_early()

    def _tell_early(self) -> None:
        if not self.requests_under_way:
            self._early.tell()

    def _comes_early(self, order_id: str, tell: Callable[[], None]) -> bool:
        """Keep what is told of an order that nobody knows while a request is not answered."""
        if not self.requests_under_way or self._orders.find(order_id) is not None:
            return False
        self._early.keep(order_id, tell)
        return True

    def waits_here(self, order: Order) -> bool:
        """Whether the bot manages an order itself, of which the exchange knows nothing yet."""
        return self._self_managed.holds(order)

    def tell_transition(self, order: Order) -> None:
        """Tell of an order's new status."""
        self._events.send_order(order, OrderUpdateType.STATE_TRANSITION)

    @property
    def has_chained_orders(self) -> bool:
        """Whether fills have come that other orders wait for or answer to, without the exchange seeing to it."""
        return bool(self._to_chain or self._groups.is_waiting)

    async def submit_chained_orders(self) -> list[Order]:
        """Submit the orders that waited for fills that have come since the last call; let groups answer to them."""
        await self._groups.answer()
        waiting, self._to_chain = self._to_chain, []
        created: list[Order] = []
        for parent, is_last in waiting:
            chained = self._chained[parent.order_id]
            for number, request in chained.due(is_last):
                order = await self._chain(parent, request)
                if order is not None:
                    chained.take(number, order.request)
                    created.append(order)
            if is_last:
                self._chained.pop(parent.order_id, None)
        return created

    async def _chain(self, parent: Order, request: OrderRequest) -> Order | None:
        try:
            order = await self.create_order(request, parent)
        except OrderRefused as error:
            self.on_chained_refused(parent.order_id, request, error)
            return None
        order.parent_id, order.decision = parent.order_id, parent.decision
        return order

    # AccountListener

    def on_fill(self, fill: Fill) -> None:
        order = self._orders.get(fill.order_id)
        if order is None and self._comes_early(fill.order_id, partial(self.on_fill, fill)):
            return
        self._add_trade(fill, order)
        if order is not None:
            order.add_fill(fill)
            if self._protections.all:
                self._protections.on_fill(fill, order)
            self.owned_orders.filled(order, fill)
            self._count_chained(order, fill)
            self._groups.add_fill(order)
            if order.remaining_quantity:
                order.happens(OrderEvent.FILL_PARTLY, fill.time)
        self._events.send_trade(fill)
        if order is not None and order.remaining_quantity:
            self.tell_transition(order)

    def on_order_closed(self, order_id: str, status: OrderStatus, time: float, reason: str | None) -> None:
        order = self._orders.get(order_id)
        if order is None:
            # kept, or of an order that is not ours and none of our business
            self._comes_early(order_id, partial(self.on_order_closed, order_id, status, time, reason))
        else:
            self._orders.close(order, status, time, reason)
            self.owned_orders.closed(order)
            self._events.send_order(order, OrderUpdateType.CLOSED)

    def on_chaining(self, parent_id: str, request: OrderRequest) -> None:
        if self._protections.all:
            self._protections.ask(request, self._orders.find(parent_id))
            self._protections.on_order()

    def on_order_created(self, order_id: str, request: OrderRequest, parent_id: str, time: float) -> None:
        self.take_in(order_id, request, parent_id)

    def on_chained_refused(self, parent_id: str, request: OrderRequest, error: OrderRefused) -> None:
        self.logger.warning("the order chained to order %s was refused: %s", parent_id, error)

    def on_order_triggered(self, order_id: str, time: float) -> None:
        order = self._orders.get(order_id)
        if order is None:
            self._comes_early(order_id, partial(self.on_order_triggered, order_id, time))
        else:
            order.happens(OrderEvent.TRIGGER, time)
            self.tell_transition(order)

    def on_order_edited(self, order_id: str, request: OrderRequest, time: float) -> None:
        order = self._orders.get(order_id)
        if order is None:
            self._comes_early(order_id, partial(self.on_order_edited, order_id, request, time))
        else:
            order.request = request
            self.owned_orders.edited(order)
            self._events.send_order(order, OrderUpdateType.EDIT)

    def on_positions(self, positions: Sequence[Position]) -> None:
        for position in positions:
            is_known = self._exchange_manager.positions_manager.set(position)
            self._events.send_position(position, is_known)

    def on_debts(self, debts: Mapping[str, Decimal]) -> None:
        self._exchange_manager.debts = dict(debts)

    def on_balances(self, balances: Mapping[str, Balance]) -> None:
        for asset, balance in balances.items():
            self._exchange_manager.portfolio.set(asset, balance)
        self._events.send_balances(balances)
        performance = self._exchange_manager.performance
        if performance.is_followed:
            performance.refresh()

    def _add_trade(self, fill: Fill, order: Order | None) -> None:
        trades = self._exchange_manager.trades_manager
        if order is None:
            trades.add(fill)
        else:
            trades.add(fill, order.request.owner, _DIRECTIONS.get(order.request.position_side))

    def _count_chained(self, order: Order, fill: Fill) -> None:
        if not order.request.chained or self._exchange.bundles_orders:
            return
        chained = self._chained.get(order.order_id)
        if chained is None:
            market = self._exchange.get_market(fill.symbol)
            chained = self._chained[order.order_id] = ChainedOrders(order.request, market)
        chained.add_fill(fill)
        self._to_chain.append((order, not order.remaining_quantity))
