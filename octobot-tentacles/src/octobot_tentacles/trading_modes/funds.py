# SPDX-License-Identifier: Apache-2.0
"""What an account has for one symbol, as order amounts in settings count it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.modes.order_amounts import Holdings
from octobot_trading.personal_data.portfolio.value import value_in

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


def holdings_of(manager: ExchangeManager, symbol: str, price: Decimal) -> Holdings:
    """The funds of a spot symbol's two assets, and what all traded assets are worth, at ``price``."""
    market, portfolio = manager.get_market(symbol), manager.portfolio
    prices = {each: data.last_price for each, data in manager.symbols_data.items()}
    return Holdings(
        price=price,
        available_base=portfolio.available(market.base),
        available_quote=portfolio.available(market.quote),
        total_base=portfolio.total(market.base),
        total_quote=portfolio.total(market.quote),
        traded_assets_value=value_in(market.quote, portfolio.totals(), prices),
    )


def open_buys(manager: ExchangeManager, symbol: str) -> Decimal:
    """The base that open buy orders may still bring in."""
    orders = manager.orders_manager.get_open_orders(symbol)
    return sum((order.remaining_quantity for order in orders if order.request.side is OrderSide.BUY), ZERO)
