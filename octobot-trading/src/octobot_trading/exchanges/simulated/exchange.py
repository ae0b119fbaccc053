# SPDX-License-Identifier: Apache-2.0
"""An exchange whose prices come from recorded candles. It believes nothing that a candle does not prove.

What a fill is and when it happens is decided by ``_matching.MatchingBook``; this module knows the account.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from octobot_commons.clock import Clock
from octobot_trading.constants import ZERO
from octobot_trading.enums import FillRule, OrderSide, OrderStatus, OrderType
from octobot_trading.errors import OrderRefused, UnknownSymbol
from octobot_trading.exchange_data.feed_settings import FeedRules
from octobot_trading.exchanges.exchange import Exchange
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market
from octobot_trading.exchanges.simulated import _matching
from octobot_trading.exchanges.simulated.account import Account
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.trades.fill import Fill

_KINDS = {
    (OrderType.MARKET, OrderSide.BUY): _matching.MARKET,
    (OrderType.MARKET, OrderSide.SELL): _matching.MARKET,
    (OrderType.LIMIT, OrderSide.BUY): _matching.BUY_LIMIT,
    (OrderType.LIMIT, OrderSide.SELL): _matching.SELL_LIMIT,
    (OrderType.STOP_LOSS, OrderSide.BUY): _matching.BUY_STOP,
    (OrderType.STOP_LOSS, OrderSide.SELL): _matching.SELL_STOP,
}


@dataclass(slots=True)
class _OpenOrder:
    order_id: str
    request: OrderRequest
    market: Market
    own_price: Decimal | None


class SimulatedExchange(Exchange):
    """Fills orders against candles, for a spot account that starts with ``starting_portfolio``."""

    def __init__(
        self,
        name: str,
        clock: Clock,
        markets: Mapping[str, Market],
        starting_portfolio: Mapping[str, Decimal],
        fee_model: FeeModel | None = None,
        fill_rule: FillRule = FillRule.PESSIMISTIC,
    ) -> None:
        self.name = name
        self.fill_rule = fill_rule
        self.ambiguous_candles = 0
        self.gap_through_stops = 0
        self.fee_model = fee_model or FeeModel()
        self._clock = clock
        self._markets = dict(markets)
        self._account = Account(starting_portfolio)
        self._books = {symbol: _matching.MatchingBook() for symbol in markets}
        self._open: dict[int, _OpenOrder] = {}
        self._last_order = 0
        self._last_fill = 0

    def get_market(self, symbol: str) -> Market:
        try:
            return self._markets[symbol]
        except KeyError:
            traded = ", ".join(self._markets)
            raise UnknownSymbol(f"{self.name} does not trade {symbol}", remedy=f"traded here: {traded}") from None

    def feed_rules(self, symbol: str) -> FeedRules:
        """Nothing is numbered here."""
        return FeedRules(tick_size=self.get_market(symbol).tick_size)

    async def fetch_balance(self) -> dict[str, Balance]:
        portfolio = self._account.portfolio
        return {asset: portfolio.balance(asset) for asset in portfolio.totals()}

    async def create_order(self, request: OrderRequest) -> str:
        market = self.get_market(request.symbol)
        own_price = request.trigger_price()
        price = own_price if own_price is not None else self._estimate(request.symbol)
        market.check(request.quantity, price, is_own_price=own_price is not None)
        key = self._last_order + 1
        order_id = str(key)
        self._account.hold(order_id, request.group_id, *self._needs(market, request, price))
        self._last_order = key
        self._open[key] = _OpenOrder(order_id, request, market, own_price)
        self._books[request.symbol].add(key, _KINDS[request.order_type, request.side], float(price))
        self._tell_balances()
        return order_id

    async def cancel_order(self, order_id: str) -> bool:
        key = int(order_id) if order_id.isdecimal() else 0
        if key not in self._open:
            return False
        self._end(self._take_out(key), OrderStatus.CANCELED, None)
        self._tell_balances()
        return True

    def get_book(self, symbol: str) -> _matching.MatchingBook:
        """The open orders of a symbol, for a replay that asks at every candle whether it could fill one."""
        return self._books[symbol]

    def open_candle(self, symbol: str, price: float) -> None:
        """A candle opens at ``price``: fill what that reaches."""
        for key, is_taker in self._books[symbol].match_open(price):
            self._fill(key, price, is_taker)
        self._tell_balances()

    def close_candle(self, symbol: str, open_price: float, high: float, low: float, close: float) -> None:
        """The candle that opened last has closed: fill what it reached in between."""
        for key, is_taker, at_open in self._books[symbol].match_range(open_price, high, low, close):
            self._fill(key, open_price if at_open else None, is_taker)
        self._tell_balances()

    def _estimate(self, symbol: str) -> Decimal:
        price = self._books[symbol].price
        if math.isnan(price):
            raise OrderRefused(f"{symbol}: no price is known yet", rule="price", remedy="wait for the first candle")
        return Decimal(repr(price))

    def _needs(self, market: Market, request: OrderRequest, price: Decimal) -> tuple[str, Decimal]:
        if request.side is OrderSide.SELL:
            return market.base, request.quantity
        return market.quote, self._quote_needed(market, request.quantity, price)

    def _quote_needed(self, market: Market, quantity: Decimal, price: Decimal) -> Decimal:
        """Quote that a buy needs, with the fee where that is taken from quote."""
        cost = market.cost_of(quantity, price)
        return WIDE.add(cost, self.fee_model.reserve(OrderSide.BUY, cost))

    def _fill(self, key: int, market_price: float | None, is_taker: bool) -> None:
        order = self._open.get(key)
        if order is None:  # cancelled by its group when an earlier fill of this candle came
            return
        request, market = order.request, order.market
        # A recorded price was traded at, whatever today's tick: rounding it could leave the candle's range.
        price = order.own_price if market_price is None else Decimal(repr(market_price))
        assert price is not None
        self._take_out(key)
        others = self._take_out_group(request.group_id)
        quantity = self._affordable(order, price)
        outcome = "filled" if quantity else "rejected"
        for other in others:
            self._end(other, OrderStatus.CANCELED, f"another order of its group was {outcome}")
        if not quantity:
            self._end(order, OrderStatus.REJECTED, "the price moved beyond the account's funds")
            return
        fill = self._make_fill(order, quantity, price, is_taker)
        self._account.apply(fill, market.base, market.quote)
        if self.listener is not None:
            self.listener.on_fill(fill)
        cut = None if quantity == request.quantity else "cut to what the account could pay"
        self._end(order, OrderStatus.FILLED, cut)

    def _affordable(self, order: _OpenOrder, price: Decimal) -> Decimal:
        """The order's quantity, or less when the price has moved beyond what is available to pay for it."""
        request, market = order.request, order.market
        quantity = request.quantity
        if request.side is OrderSide.SELL:
            return quantity
        available = self._account.portfolio.available(market.quote)
        needed = self._quote_needed(market, quantity, price)
        if needed <= available:
            return quantity
        affordable = market.quantize_amount(_share(quantity, available, needed))
        if self._quote_needed(market, affordable, price) > available:
            # Cost and fee are rounded to steps of the quote asset, which may have added one step each.
            affordable = market.quantize_amount(_share(quantity, available - 2 * ASSET_STEP, needed))
        try:
            market.check(affordable, price, is_own_price=False)
        except OrderRefused:
            return ZERO
        return affordable

    def _make_fill(self, order: _OpenOrder, quantity: Decimal, price: Decimal, is_taker: bool) -> Fill:
        request, market = order.request, order.market
        cost = market.cost_of(quantity, price)
        fee, fee_asset = self.fee_model.fee(market, request.side, quantity, cost, is_taker)
        self._last_fill += 1
        return Fill(
            fill_id=str(self._last_fill),
            order_id=order.order_id,
            symbol=request.symbol,
            side=request.side,
            quantity=quantity,
            price=price,
            cost=cost,
            fee=fee,
            fee_asset=fee_asset,
            taker_or_maker="taker" if is_taker else "maker",
            time=self._clock.now(),
        )

    def _take_out(self, key: int) -> _OpenOrder:
        """Unlock what an open order holds and forget it."""
        order = self._open.pop(key)
        self._account.release(order.order_id, order.request.group_id)
        self._books[order.request.symbol].remove(key)
        return order

    def _take_out_group(self, group_id: str | None) -> list[_OpenOrder]:
        if group_id is None:
            return []
        keys = [key for key, order in self._open.items() if order.request.group_id == group_id]
        return [self._take_out(key) for key in keys]

    def _end(self, order: _OpenOrder, status: OrderStatus, reason: str | None) -> None:
        if self.listener is not None:
            self.listener.on_order_closed(order.order_id, status, self._clock.now(), reason)

    def _tell_balances(self) -> None:
        changed = self._account.take_changes()
        if changed and self.listener is not None:
            self.listener.on_balances(changed)


def _share(quantity: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return WIDE.divide(WIDE.multiply(quantity, part), whole)
