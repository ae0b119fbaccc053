# SPDX-License-Identifier: Apache-2.0
"""Balances, positions, debts, fills and fees."""

from __future__ import annotations

from decimal import Decimal

from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.trades.fill import Fill


def get_portfolio(exchange_manager: ExchangeManager) -> dict[str, Balance]:
    """Balances by asset."""
    portfolio = exchange_manager.portfolio
    return {asset: portfolio.balance(asset) for asset in portfolio.totals()}


def get_portfolio_currency(exchange_manager: ExchangeManager, currency: str) -> Balance:
    """The balance of one asset; zero for one never held."""
    return exchange_manager.portfolio.balance(currency)


def get_positions(exchange_manager: ExchangeManager, symbol: str | None = None) -> list[Position]:
    """Open positions of contracts, of a symbol where it is given."""
    return exchange_manager.positions_manager.get_positions(symbol)


def get_debts(exchange_manager: ExchangeManager) -> dict[str, Decimal]:
    """What a margin account owes of each asset, with interest, as last told; empty elsewhere."""
    return dict(exchange_manager.debts)


def get_trade_history(exchange_manager: ExchangeManager, symbol: str | None = None) -> list[Fill]:
    """Fills, oldest first."""
    return exchange_manager.trades_manager.get_trades(symbol)


def get_fees(exchange_manager: ExchangeManager, symbol: str) -> FeeModel:
    """The rates this exchange takes from fills."""
    exchange_manager.get_market(symbol)
    return exchange_manager.exchange.fee_model


def get_portfolio_value(exchange_manager: ExchangeManager) -> Decimal:
    """The whole account in the reference market, at last prices."""
    return exchange_manager.portfolio_value()
