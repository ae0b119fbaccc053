# SPDX-License-Identifier: Apache-2.0
"""One key's account: our simulated exchange matches, this tells what that does in Binance's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from octobot_commons.clock import Clock
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide, OrderStatus
from octobot_trading.errors import OrderRefused
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.simulated.account import Account
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.testing.binance import account_events
from octobot_trading.testing.binance.keys import ApiKey
from octobot_trading.testing.binance.order_requests import NewOrder, refusal_of
from octobot_trading.testing.binance.orders import OwnTrade, PlacedOrder
from octobot_trading.testing.binance.parameters import Refusal
from octobot_trading.testing.binance.quiet_listener import QuietListener
from octobot_trading.testing.binance.tape import BookChange, Level, MarketTape, PublicTrade


class Surroundings(Protocol):
    """What accounts need of the venue."""

    clock: Clock
    tapes: dict[str, MarketTape]
    max_orders: int

    def now_ms(self) -> int: ...

    def next_order_id(self) -> int: ...

    def print_trade(self, tape: MarketTape, price: Decimal, quantity: Decimal, is_buyer_maker: bool) -> PublicTrade: ...

    def tell_book(self, tape: MarketTape, change: BookChange) -> None: ...


class TradingAccount(QuietListener):
    """The spot account of one key. ``tell`` gets its events, one after another."""

    def __init__(
        self,
        key: ApiKey,
        funds: Mapping[str, Decimal],
        fee_model: FeeModel,
        venue: Surroundings,
        tell: Callable[[dict[str, Any]], None],
    ) -> None:
        self.key = key
        self.fee_model = fee_model
        self.orders: dict[int, PlacedOrder] = {}
        self.created_ms = self.changed_ms = venue.now_ms()
        self._venue = venue
        self._tell = tell
        self._ledger = Account(funds, fee_model)
        markets = {tape.market.symbol: tape.market for tape in venue.tapes.values()}
        # Of what others traded, and of what the book has, the account's orders may take all.
        self.exchange = SimulatedExchange(
            "binance", venue.clock, markets, {}, fee_model, volume_share=ONE, account=self._ledger
        )
        self.exchange.listener = self
        self._names = {tape.market.symbol: name for name, tape in venue.tapes.items()}
        self._by_engine_id: dict[str, PlacedOrder] = {}
        self._changed: dict[str, Balance] = {}
        self._is_placing = False
        self._events = 0

    @property
    def balances(self) -> dict[str, Balance]:
        """By asset."""
        portfolio = self._ledger.portfolio
        return {asset: portfolio.balance(asset) for asset in portfolio.totals()}

    def open_orders(self, symbol: str | None = None) -> list[PlacedOrder]:
        """Oldest first."""
        return [one for one in self.orders.values() if one.is_open and symbol in (None, one.symbol)]

    def own_trades(self, symbol: str) -> list[OwnTrade]:
        """Oldest first."""
        found = [trade for one in self.orders.values() if one.symbol == symbol for trade in one.trades]
        return sorted(found, key=lambda trade: trade.number)

    def deposit(self, asset: str, amount: Decimal | int | str) -> None:
        """Money comes, or goes where the amount is negative."""
        amount = Decimal(amount)
        self._changed[asset] = self._ledger.portfolio.change(asset, amount)
        self.changed_ms = self._venue.now_ms()
        self._tell(account_events.balance_update(asset, amount, self.changed_ms))
        self._tell_balances()

    def check(self, new: NewOrder) -> OrderRequest:
        """What the engine is to be asked for, unless the order is refused before."""
        tape = self._venue.tapes[new.symbol]
        open_orders = self.open_orders(new.symbol)
        if any(one.client_order_id == new.client_order_id for one in self.open_orders()):
            raise Refusal(-2010, "Duplicate order sent.")
        if len(open_orders) >= self._venue.max_orders:
            raise Refusal(-1013, "Filter failure: MAX_NUM_ORDERS")
        levels = tape.takeable(new.side)
        if new.is_market and not levels:
            raise Refusal(-1013, "Market is closed.")
        if new.order_type == "LIMIT_MAKER" and levels and new.crosses(levels[0][0]):
            raise Refusal(-2010, "Order would immediately match and take.")
        if tape.last_price is not None and new.triggers(tape.last_price):
            raise Refusal(-2010, "Stop price would trigger immediately.")
        return new.request(tape.market, levels)

    async def place(self, new: NewOrder) -> PlacedOrder:
        """Take an order in, and let it take what the market has for it."""
        request, tape = self.check(new), self._venue.tapes[new.symbol]
        levels = tape.takeable(new.side)
        if new.is_market:
            # The engine estimates what a market order needs from the last price that it saw.
            self._show(tape, levels[0][0], ZERO)
        self._is_placing = True
        try:
            engine_id = await self.exchange.create_order(request)
        except OrderRefused as error:
            raise refusal_of(error) from None
        finally:
            self._is_placing = False
        order = self._keep(new, request, engine_id)
        self._report(order, "NEW")
        self._tell_balances()
        if not new.waits:
            await self._meet(order, new, tape, levels)
        return order

    async def cancel(self, order: PlacedOrder, client_order_id: str) -> None:
        """Cancel an open order; the request's own id comes with it."""
        order.cancel_client_id = client_order_id
        await self.exchange.cancel_order(order.engine_id)

    def see_trade(self, tape: MarketTape, price: Decimal, quantity: Decimal) -> None:
        """Others have traded."""
        self._show(tape, price, quantity)

    def on_fill(self, fill: Fill) -> None:
        order = self._by_engine_id[fill.order_id]
        tape = self._venue.tapes[order.symbol]
        is_buyer_maker = (fill.side is OrderSide.BUY) is (fill.taker_or_maker == "maker")
        public = self._venue.print_trade(tape, fill.price, fill.quantity, is_buyer_maker)
        trade = OwnTrade(public.number, order.order_id, order.symbol, fill, public.time_ms)
        order.add(trade)
        self._report(order, "TRADE", trade)

    def on_order_triggered(self, order_id: str, time: float) -> None:
        order = self._by_engine_id[order_id]
        order.is_working, order.working_time_ms = True, self._venue.now_ms()
        if order.price:
            self._report(order, "NEW")

    def on_order_closed(self, order_id: str, status: OrderStatus, time: float, reason: str | None) -> None:
        order = self._by_engine_id[order_id]
        if not order.is_open:
            return  # all of it has filled, which its last trade has told
        order.status = "CANCELED" if order.cancel_client_id else "EXPIRED"
        order.update_time_ms = self._venue.now_ms()
        self._report(order, order.status)

    def on_balances(self, balances: Mapping[str, Balance]) -> None:
        self._changed.update(balances)
        self.changed_ms = self._venue.now_ms()
        if not self._is_placing:
            self._tell_balances()

    async def _meet(self, order: PlacedOrder, new: NewOrder, tape: MarketTape, levels: list[Level]) -> None:
        """Show an order the prices that it crosses, best first, or one that it does not."""
        crossed = [level for level in levels if new.crosses(level[0])]
        if new.time_in_force == "FOK" and sum((there for _, there in crossed), ZERO) < order.quantity:
            crossed = []
        for price, there in crossed:
            if order.is_open:
                executed = order.executed
                self._show(tape, price, there)
                self._shrink(tape, new.side, price, order.executed - executed)
        if order.is_open and new.ends_at_once:
            await self.exchange.cancel_order(order.engine_id)
        elif not crossed:
            self._show(tape, _beside(order, new, tape), ZERO)

    def _show(self, tape: MarketTape, price: Decimal, quantity: Decimal) -> None:
        self.exchange.match_trade(tape.market.symbol, float(price), float(quantity))

    def _shrink(self, tape: MarketTape, side: OrderSide, price: Decimal, taken: Decimal) -> None:
        change = tape.take(side, price, taken) if taken else None
        if change is not None:
            self._venue.tell_book(tape, change)

    def _keep(self, new: NewOrder, request: OrderRequest, engine_id: str) -> PlacedOrder:
        now = self._venue.now_ms()
        order = PlacedOrder(
            order_id=self._venue.next_order_id(),
            engine_id=engine_id,
            symbol=new.symbol,
            client_order_id=new.client_order_id,
            side=new.side.upper(),
            order_type=new.order_type,
            time_in_force=new.time_in_force,
            time_ms=now,
            quantity=request.quantity,
            quote_quantity=new.quote_quantity or ZERO,
            price=new.price or ZERO,
            stop_price=new.stop_price or ZERO,
            iceberg_quantity=new.iceberg_quantity or ZERO,
            is_working=not new.waits,
            working_time_ms=-1 if new.waits else now,
            update_time_ms=now,
        )
        self.orders[order.order_id] = self._by_engine_id[engine_id] = order
        return order

    def _report(self, order: PlacedOrder, execution: str, trade: OwnTrade | None = None) -> None:
        self._events += 1
        self._tell(account_events.execution_report(order, execution, self._events, self._venue.now_ms(), trade))

    def _tell_balances(self) -> None:
        changed, self._changed = self._changed, {}
        if changed:
            self._tell(account_events.account_position(changed, self._venue.now_ms()))


def _beside(order: PlacedOrder, new: NewOrder, tape: MarketTape) -> Decimal:
    """A price that the order does not cross: having seen one it rests, and who meets it later finds a maker.

    The last price where that will do, as every order has seen it already.
    """
    if tape.last_price is not None and not new.crosses(tape.last_price):
        return tape.last_price
    tick = tape.market.price_tick
    return order.price + tick if new.side is OrderSide.BUY else max(tick, order.price - tick)
