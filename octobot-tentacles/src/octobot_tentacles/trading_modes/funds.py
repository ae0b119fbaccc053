# SPDX-License-Identifier: Apache-2.0
"""What an account has for one symbol, as order amounts in settings count it.

With contracts an account has margin, which both sides spend: ``available_quote`` is the value of what the available
margin can open with the symbol's leverage, ``available_base`` the same at ``price``; the totals are those of the whole
wallet. ``position`` is in base and negative when short. ``traded_assets_value`` is what the account is worth, open
profits included, without leverage. Positions are those of one-way mode.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import ASSET_STEP, WIDE, Market
from octobot_trading.modes.order_amounts import Holdings
from octobot_trading.personal_data.portfolio.value import rates_in, value_at, value_in

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


def holdings_of(manager: ExchangeManager, symbol: str, price: Decimal) -> Holdings:
    """The funds for a symbol at ``price``: a spot symbol's two assets, or the margin of a contract."""
    market, portfolio = manager.get_market(symbol), manager.portfolio
    prices = {each: data.last_price for each, data in manager.symbols_data.items()}
    if market.contract is not None:
        return _margin_of(manager, market, price, rates_in(market.quote, prices))
    return Holdings(
        price=price,
        available_base=portfolio.available(market.base),
        available_quote=portfolio.available(market.quote),
        total_base=portfolio.total(market.base),
        total_quote=portfolio.total(market.quote),
        traded_assets_value=value_in(market.quote, portfolio.totals(), prices),
    )


def position_of(manager: ExchangeManager, symbol: str, price: Decimal) -> Decimal:
    """The open position of a contract in base, negative when short."""
    position = manager.positions_manager.get_position(symbol)
    return ZERO if position is None else manager.get_market(symbol).base_of(position.quantity, price)


def open_buys(manager: ExchangeManager, symbol: str) -> Decimal:
    """The base that open buy orders may still bring in."""
    return open_entries(manager, symbol, OrderSide.BUY, ONE)


def open_entries(manager: ExchangeManager, symbol: str, side: OrderSide, price: Decimal) -> Decimal:
    """The base that open orders of a side may still trade; with contracts those that may open, at ``price``."""
    market, orders = manager.get_market(symbol), manager.orders_manager.get_open_orders(symbol)
    amounts = (
        market.base_of(order.remaining_quantity, price)
        for order in orders
        if order.request.side is side and not order.request.reduce_only
    )
    return sum(amounts, ZERO)


def openable(market: Market, holdings: Holdings, price: Decimal, leverage: Decimal, fee_rate: Decimal) -> Decimal:
    """The most base that the available margin can open at ``price``, with the entry's fee.

    Margin and fee are ``value / leverage + value * fee``; each is rounded up to the asset's step.
    """
    steps = 2 * ASSET_STEP * leverage * (price if market.is_inverse else ONE)
    free = max(ZERO, holdings.available_quote - steps)
    return free / (ONE + fee_rate * leverage) / price


def _margin_of(manager: ExchangeManager, market: Market, price: Decimal, rates: dict[str, Decimal]) -> Holdings:
    portfolio = manager.portfolio
    leverage = manager.exchange.leverage_of(market.symbol)
    factor = WIDE.multiply(leverage, price) if market.is_inverse else leverage
    available = WIDE.multiply(portfolio.available(market.settlement), factor)
    total = WIDE.multiply(portfolio.total(market.settlement), factor)
    return Holdings(
        price=price,
        available_base=available / price,
        available_quote=available,
        total_base=total / price,
        total_quote=total,
        position=position_of(manager, market.symbol, price),
        traded_assets_value=value_at(portfolio.totals(), rates) + manager.open_profit(rates),
        is_margin=True,
    )
