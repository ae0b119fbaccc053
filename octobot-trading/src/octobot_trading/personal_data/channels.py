# SPDX-License-Identifier: Apache-2.0
"""Account channels. Their payloads are snapshots: the objects behind them go on living."""

from __future__ import annotations

from octobot_trading.exchange_channel import AccountChannel, ExchangeChannel


class OrdersChannel(ExchangeChannel):
    """cryptocurrency, symbol, order (dict), update_type, is_from_bot."""


class TradesChannel(ExchangeChannel):
    """cryptocurrency, symbol, trade (dict), old_trade."""


class BalanceChannel(AccountChannel):
    """balance: {asset: {"total", "locked", "available"}} of the assets that changed."""


class BalanceProfitabilityChannel(AccountChannel):
    """profitability, profitability_percent, market_profitability_percent, initial_portfolio_current_profitability."""


class PositionsChannel(ExchangeChannel):
    """cryptocurrency, symbol, position (dict), is_updated (False for a new one)."""


ACCOUNT_CHANNELS: tuple[type[ExchangeChannel], ...] = (
    OrdersChannel,
    TradesChannel,
    BalanceChannel,
    BalanceProfitabilityChannel,
    PositionsChannel,
)
