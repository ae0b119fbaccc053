# SPDX-License-Identifier: Apache-2.0
"""From a match to fills, and to what they do to other orders. What matches is ``_matching``'s business."""

from __future__ import annotations

from decimal import Decimal
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from octobot_trading.constants import ZERO
from octobot_trading.enums import GroupKind, OrderSide, OrderStatus, OrderType, TimeInForce
from octobot_trading.exchanges.simulated._matching import MatchingBook
from octobot_trading.exchanges.simulated.desk import Desk
from octobot_trading.exchanges.simulated.liquidity import Liquidity
from octobot_trading.exchanges.simulated.open_orders import OpenOrder
from octobot_trading.exchanges.simulated.resting import rest_at_market, rest_triggered
from octobot_trading.exchanges.simulated.slippage import NoSlippage, SlippageModel, to_worse_tick
from octobot_trading.personal_data.orders.groups import changes_after_fill, leg_of
from octobot_trading.personal_data.orders.order_fields import TRAILING, TRIGGERED_LIMITS
from octobot_trading.personal_data.trades.fill import Fill

if TYPE_CHECKING:
    from octobot_trading.exchanges.simulated._matching import Match

#: What is at the market, or in it, without being triggered.
_PLAIN = (OrderType.MARKET, OrderType.LIMIT)
_NO_FUNDS = "the price moved beyond the account's funds"


class Execution:
    """Fills what the matching books of one exchange say is matched."""

    def __init__(self, desk: Desk, slippage: SlippageModel | None, liquidity: Liquidity) -> None:
        self._desk = desk
        self._slippage = slippage or NoSlippage()
        self._slips = not isinstance(self._slippage, NoSlippage)
        self._liquidity = liquidity
        self._last_fill = 0
        #: The prices of the last candle.
        self._seen: tuple[float, ...] = ()

    def run(self, book: MatchingBook, matches: list[Match], seen: tuple[float, ...]) -> bool:
        """Process matches in their order, and those that they bring up. ``seen`` are the candle's prices.

        Returns:
            Whether a match came too late, as its order had been cancelled by another one of its group.
        """
        was_late = False
        orders = self._desk.orders
        self._seen = seen
        while matches:
            match = heappop(matches)  # sorted, so a heap
            order = orders.get(match[2])
            if order is None:
                was_late = True
                continue
            self._meet(book, order, match, matches)
        return was_late

    def _meet(self, book: MatchingBook, order: OpenOrder, match: Match, matches: list[Match]) -> None:
        _, _, _, price, at_own_price, is_taker, position, from_open = match
        request = order.request
        if is_taker and request.post_only:
            self._desk.end(order, OrderStatus.EXPIRED, "post-only: it would have taken liquidity")
            return
        if request.is_at_once and not is_taker:
            return  # it meets its price too late, and ends when the price is done
        fill_price = self._decimal_price(order, price, at_own_price)
        if request.order_type not in _PLAIN and not order.is_triggered:
            self._desk.trigger(order)
            if request.order_type in TRIGGERED_LIMITS:
                rest_triggered(book, order, fill_price)
                self._bring_up(book, order, price, position, from_open, matches)
                return
        allowed = self._allowed(book, order)
        if not allowed:
            return
        moved = self._answer_of_group(order, allowed)
        fill = self._fill(book, order, allowed, fill_price, is_taker)
        for other in moved:
            self._bring_up(book, other, price, position, from_open, matches)
        if fill is None:
            return
        if order.chained is not None:
            order.chained.add_fill(fill)
            for child in self._desk.accept_chained(order, float(fill.price)):
                self._bring_up(book, child, price, position, from_open, matches)

    def _bring_up(
        self, book: MatchingBook, order: OpenOrder, price: float, position: float, from_open: bool, matches: list[Match]
    ) -> None:
        if order.key not in book:
            return  # it rests in another symbol's book, whose next price finds it
        match = book.activate(order.key, price, position, from_open)
        if match is not None:
            heappush(matches, match)

    def _decimal_price(self, order: OpenOrder, price: float, at_own_price: bool) -> Decimal:
        if at_own_price and order.own_price is not None:
            return order.own_price
        # A recorded price was traded at, whatever today's tick: rounding it could leave the candle's range.
        exact = Decimal(repr(price))
        if order.request.order_type in TRAILING and not order.is_triggered and price not in self._seen:
            return to_worse_tick(order.market, order.request.side, exact)
        return exact

    def _allowed(self, book: MatchingBook, order: OpenOrder) -> Decimal:
        """How much of an order the market has for it now; what gets nothing waits."""
        allowed = self._liquidity.allow(order.market, order.remaining_quantity)
        if order.request.time_in_force is TimeInForce.FOK and allowed < order.remaining_quantity:
            allowed = ZERO
        if not allowed:
            self._wait(book, order)
        return allowed

    def _fill(
        self, book: MatchingBook, order: OpenOrder, allowed: Decimal, price: Decimal, is_taker: bool
    ) -> Fill | None:
        """Fill what the account can pay of what the market has; None when that is nothing."""
        if is_taker and self._slips:
            price = self._slipped(order, allowed, price)
        desk, account = self._desk, self._desk.account
        account.release(order.order_id)
        cancelled = desk.take_out_cancelled(order)
        quantity = account.fit(order.request, order.market, allowed, price, is_taker)
        outcome = "filled" if quantity else "rejected"
        for other in cancelled:
            desk.tell_end(other, OrderStatus.CANCELED, f"another order of its group was {outcome}")
        if not quantity:
            desk.forget(order)
            desk.tell_end(order, OrderStatus.REJECTED, _NO_FUNDS)
            return None
        fill = self._make_fill(order, quantity, price, is_taker)
        account.apply(fill, order.market, order.request)
        self._liquidity.take(order.request.symbol, quantity)
        order.filled_quantity += quantity
        if desk.listener is not None:
            desk.listener.on_fill(fill)
        self._go_on(book, order, was_cut=quantity < allowed)
        return fill

    def _go_on(self, book: MatchingBook, order: OpenOrder, was_cut: bool) -> None:
        """After a fill: the order's end, or the rest of it."""
        desk = self._desk
        if was_cut or not order.remaining_quantity:
            desk.forget(order)
            desk.tell_end(order, OrderStatus.FILLED, "cut to what the account could pay" if was_cut else None)
        else:
            self._wait(book, order)
            desk.hold_rest(order)

    def _wait(self, book: MatchingBook, order: OpenOrder) -> None:
        """What is left of an order waits: at the market where it was triggered, else at its price."""
        if order.is_triggered and order.request.order_type not in TRIGGERED_LIMITS:
            rest_at_market(book, order)

    def _answer_of_group(self, order: OpenOrder, quantity: Decimal) -> list[OpenOrder]:
        """What a fill of ``quantity`` changes in a balanced group; returns the orders whose stop price was moved.

        It comes before the fill, which the funds that the others give up may be needed for.
        """
        request, orders = order.request, self._desk.orders
        if request.group_id is None or request.group_kind is GroupKind.ONE_CANCELS_THE_OTHER:
            return []
        remaining, filled = order.remaining_quantity - quantity, 0
        if not remaining and leg_of(request) == "take profits":
            filled = orders.count_take_profit(request.group_id)
        changes = changes_after_fill(request, remaining, filled, orders.others_of_group(order))
        moved = [self._desk.apply_change(change) for change in changes]
        return [other for other in moved if other is not None]

    def _slipped(self, order: OpenOrder, quantity: Decimal, price: Decimal) -> Decimal:
        side, limit = order.request.side, None
        if order.request.order_type is OrderType.LIMIT or order.request.order_type in TRIGGERED_LIMITS:
            limit = order.own_price
        volume = self._liquidity.volume(order.request.symbol)
        slipped = self._slippage.price(order.market, side, quantity, price, volume)
        if limit is None:
            return slipped
        return min(slipped, limit) if side is OrderSide.BUY else max(slipped, limit)

    def _make_fill(self, order: OpenOrder, quantity: Decimal, price: Decimal, is_taker: bool) -> Fill:
        request, market = order.request, order.market
        fee, fee_asset = self._desk.account.fee(request, market, quantity, price, is_taker)
        self._last_fill += 1
        return Fill(
            fill_id=str(self._last_fill),
            order_id=order.order_id,
            symbol=request.symbol,
            side=request.side,
            quantity=quantity,
            price=price,
            cost=market.cost_of(quantity, price),
            fee=fee,
            fee_asset=fee_asset,
            taker_or_maker="taker" if is_taker else "maker",
            time=self._desk.now(),
        )
