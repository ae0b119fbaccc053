# SPDX-License-Identifier: Apache-2.0
"""Takes orders in, changes them and lets them end: the books, the account's locks and the listener in step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from octobot_commons.clock import Clock
from octobot_trading.constants import ZERO
from octobot_trading.enums import GroupKind, OrderStatus
from octobot_trading.errors import DuplicateOrder, InvalidOrder, OrderRefused, UnknownSymbol
from octobot_trading.exchanges.exchange import AccountListener, Exchange
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated._matching import MatchingBook
from octobot_trading.exchanges.simulated.acceptance import check_request
from octobot_trading.exchanges.simulated.ledger import Ledger
from octobot_trading.exchanges.simulated.open_orders import OpenOrder, OpenOrders
from octobot_trading.exchanges.simulated.resting import rest, trailed_stop, trigger_price
from octobot_trading.personal_data.orders.chained_orders import ChainedOrders
from octobot_trading.personal_data.orders.groups import Change
from octobot_trading.personal_data.orders.order_request import OrderRequest


class Desk:
    """The orders of one account, in the books of its symbols."""

    def __init__(
        self,
        clock: Clock,
        account: Ledger,
        books: Mapping[str, MatchingBook],
        markets: Mapping[str, Market],
        venue: Exchange,
        latency_seconds: float,
    ) -> None:
        self.account = account
        self.books = books
        self.orders = OpenOrders()
        self.listener: AccountListener | None = None
        self._clock = clock
        self._markets = markets
        self._latency = latency_seconds
        self._venue = venue
        #: Every order that was accepted under a client order id, ended ones too.
        self.client_ids: dict[str, str] = {}
        #: By symbol, the orders that end with the first price they see, and when they are effective.
        self._at_once: dict[str, dict[str, float]] = {}
        self._last_order = 0
        self._last_key = 0

    def now(self) -> float:
        """The time of whatever happens here."""
        return self._clock.now()

    def market(self, symbol: str) -> Market:
        """The rules of a symbol.

        Raises:
            UnknownSymbol: it is not traded here.
        """
        try:
            return self._markets[symbol]
        except KeyError:
            traded = ", ".join(self._markets)
            raise UnknownSymbol(
                f"{self._venue.name} does not trade {symbol}", remedy=f"traded here: {traded}"
            ) from None

    def accept(
        self,
        request: OrderRequest,
        *,
        is_chained: bool = False,
        last_price: float | None = None,
    ) -> OpenOrder:
        """Take an order in, or raise and change nothing.

        An order that its parent's fill brings up was there with the parent: it has no way to go. ``last_price`` is by
        default that of its symbol's book.
        """
        market = self.market(request.symbol)
        if request.client_order_id is not None and request.client_order_id in self.client_ids:
            raise DuplicateOrder(
                f"{request.symbol}: client order id {request.client_order_id} was used before",
                remedy="give every order an id of its own: a repeated request must not trade twice",
            )
        if request.order_type not in self._venue.supported_order_types:
            raise InvalidOrder(f"{self._venue.name} has no {request.order_type} orders", rule="order_type")
        if request.group_id is not None and not self._venue.groups_orders:
            request = replace(request, group_id=None)
        if last_price is None:
            last_price = self.books[request.symbol].price
        price = check_request(request, market, last_price, self.now())
        order_id = str(self._last_order + 1)
        self.account.hold(order_id, request, market, request.quantity, price)
        self._last_order += 1
        self._last_key += 1
        order = OpenOrder(self._last_key, order_id, request, market, trigger_price(request), price)
        if request.client_order_id is not None:
            self.client_ids[request.client_order_id] = order_id
        if request.chained and self._venue.bundles_orders:
            order.chained = ChainedOrders(request, market)
        self.orders.add(order)
        self._rest(order, -math.inf if is_chained else self.now() + self._latency)
        return order

    def accept_chained(self, parent: OpenOrder, price: float) -> list[OpenOrder]:
        """Take in what a fill of ``parent`` at a price brings up; returns the accepted ones."""
        assert parent.chained is not None
        accepted = []
        for number, request in parent.chained.due(is_last=self.orders.find(parent.order_id) is None):
            try:
                if self.listener is not None:
                    self.listener.on_chaining(parent.order_id, request)
                last_price = price if request.symbol == parent.market.symbol else None
                order = self.accept(request, is_chained=True, last_price=last_price)
            except OrderRefused as error:
                if self.listener is not None:
                    self.listener.on_chained_refused(parent.order_id, request, error)
                continue
            parent.chained.take(number, request)
            accepted.append(order)
            if self.listener is not None:
                self.listener.on_order_created(order.order_id, request, parent.order_id, self.now())
        return accepted

    def cancel(self, order: OpenOrder) -> None:
        """Cancel an order, once the request has arrived."""
        if self._latency:
            self._end_later(order, self.now() + self._latency, OrderStatus.CANCELED, None)
        else:
            self.end(order, OrderStatus.CANCELED, None)

    def edit(self, order: OpenOrder, request: OrderRequest) -> None:
        """Let an order ask for something else, or raise and leave it as it was. It goes to the end of the queue."""
        book = self.books[request.symbol]
        price = check_request(request, order.market, book.price, self.now(), is_edit=True)
        if request.own_price == order.request.own_price:
            price = order.hold_price
        remaining = request.quantity - order.filled_quantity
        if remaining <= ZERO:
            raise OrderRefused(
                f"{request.symbol}: {order.filled_quantity} of the order are filled already",
                rule="quantity",
                remedy="cancel it, or give a larger quantity",
            )
        held = self.account.release(order.order_id)
        try:
            self.account.hold(order.order_id, request, order.market, remaining, price)
        except OrderRefused:
            self.account.put_back(order.order_id, order.request, held)
            raise
        is_moved = trigger_price(request) != trigger_price(order.request)
        if order.is_triggered:
            order.own_price = request.price if order.own_price is not None else None
        else:
            order.own_price = trigger_price(request) if is_moved else trailed_stop(book, order)
        order.request, order.hold_price = request, price
        book.remove(order.key)
        if is_moved:
            self._last_key += 1
            self.orders.change_key(order, self._last_key)
        self._rest(order, self.now() + self._latency)

    def apply_change(self, change: Change) -> OpenOrder | None:
        """Let a group's order trade less, elsewhere, or no more; returns it where its stop price was moved."""
        order = self.orders.find(change.order_id)
        assert order is not None
        if not change.remaining_quantity:
            self.end(order, OrderStatus.CANCELED, "nothing is left for it in its group")
            return None
        request = replace(
            order.request,
            quantity=order.filled_quantity + change.remaining_quantity,
            stop_price=order.request.stop_price if change.stop_price is None else change.stop_price,
        )
        try:
            self.edit(order, request)
        except OrderRefused as error:
            # Too small to be traded: what the group still needs of it cannot be had.
            self.end(order, OrderStatus.CANCELED, f"what is left for it in its group is refused: {error}")
            return None
        if self.listener is not None:
            self.listener.on_order_edited(order.order_id, request, self.now())
        return order if change.stop_price is not None else None

    def trigger(self, order: OpenOrder) -> None:
        """An order's stop price was reached."""
        order.is_triggered = True
        if self.listener is not None:
            self.listener.on_order_triggered(order.order_id, self.now())

    def take_out_cancelled(self, order: OpenOrder) -> list[OpenOrder]:
        """Take out the orders that any fill of this one cancels, to be told of afterwards."""
        if order.request.group_kind is not GroupKind.ONE_CANCELS_THE_OTHER:
            return []
        others = self.orders.others_of_group(order)
        for other in others:
            self.account.release(other.order_id)
            self.forget(other)
        return others

    def hold_rest(self, order: OpenOrder) -> None:
        """Lock what is left of a partly filled order; it ends where the account cannot."""
        try:
            self.account.hold(order.order_id, order.request, order.market, order.remaining_quantity, order.hold_price)
        except OrderRefused:
            self.forget(order)
            self.tell_end(order, OrderStatus.CANCELED, "the account cannot hold the rest of it")

    def end_due(self, symbol: str, now: float) -> None:
        """End the orders of a symbol whose time has come."""
        for order, status, reason in self.orders.take_ended(symbol, now):
            self.end(order, status, reason)

    def end_at_once(self, symbol: str, before: float) -> None:
        """End the orders of a symbol that had to fill at once and were effective before a time."""
        waiting = self._at_once.get(symbol)
        if not waiting:
            return
        for order_id in [one for one, time in waiting.items() if time < before]:
            del waiting[order_id]
            order = self.orders.find(order_id)
            if order is not None:
                self.end(order, OrderStatus.EXPIRED, f"{order.request.time_in_force}: not filled at once")

    def end(self, order: OpenOrder, status: OrderStatus, reason: str | None) -> None:
        """Take an order out, unlock its funds and say so."""
        self.account.release(order.order_id)
        self.forget(order)
        self.tell_end(order, status, reason)

    def forget(self, order: OpenOrder) -> None:
        """Take an order out of the books."""
        self.orders.remove(order)
        self.books[order.request.symbol].remove(order.key)

    def tell_end(self, order: OpenOrder, status: OrderStatus, reason: str | None) -> None:
        """Say that an order has ended."""
        if self.listener is not None:
            self.listener.on_order_closed(order.order_id, status, self.now(), reason)

    def tell_balances(self) -> None:
        """Say which balances have changed."""
        changed = self.account.take_changes()
        if changed and self.listener is not None:
            self.listener.on_balances(changed)

    def _rest(self, order: OpenOrder, effective_time: float) -> None:
        request = order.request
        rest(self.books[request.symbol], order, effective_time)
        if request.is_at_once:
            self._at_once.setdefault(request.symbol, {})[order.order_id] = effective_time
        if request.expiry_time is not None:
            self._end_later(order, request.expiry_time, OrderStatus.EXPIRED, "its expiry time has come")

    def _end_later(self, order: OpenOrder, time: float, status: OrderStatus, reason: str | None) -> None:
        self.books[order.request.symbol].set_end(order.key, time)
        self.orders.end_at(order, time, status, reason)
