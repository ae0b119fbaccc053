# SPDX-License-Identifier: Apache-2.0
"""What tentacles and interfaces ask about exchanges, markets and the account."""

from octobot_trading.api.account import (
    get_debts,
    get_fees,
    get_portfolio,
    get_portfolio_currency,
    get_portfolio_value,
    get_positions,
    get_trade_history,
)
from octobot_trading.api.exchange import (
    get_exchange_current_time,
    get_exchange_id_from_matrix_id,
    get_exchange_manager_from_exchange_id,
    get_exchange_manager_from_exchange_name_and_id,
    get_is_backtesting,
    is_trader_simulated,
)
from octobot_trading.api.performance import (
    get_closed_trades,
    get_portfolio_value_history,
    get_profitability,
    get_transactions,
    record_transaction,
)
from octobot_trading.api.sub_portfolios import (
    assign_sub_portfolio,
    assign_sub_portfolio_shares,
    get_sub_portfolio,
    get_sub_portfolio_owners,
)
from octobot_trading.api.symbol_data import (
    get_stale_feeds,
    get_stale_reason,
    get_symbol_close_candles,
    get_symbol_high_candles,
    get_symbol_low_candles,
    get_symbol_open_candles,
    get_symbol_time_candles,
    get_symbol_volume_candles,
)

__all__ = [
    "assign_sub_portfolio",
    "assign_sub_portfolio_shares",
    "get_closed_trades",
    "get_debts",
    "get_exchange_current_time",
    "get_exchange_id_from_matrix_id",
    "get_exchange_manager_from_exchange_id",
    "get_exchange_manager_from_exchange_name_and_id",
    "get_fees",
    "get_is_backtesting",
    "get_portfolio",
    "get_portfolio_currency",
    "get_portfolio_value",
    "get_portfolio_value_history",
    "get_positions",
    "get_profitability",
    "get_stale_feeds",
    "get_stale_reason",
    "get_sub_portfolio",
    "get_sub_portfolio_owners",
    "get_symbol_close_candles",
    "get_symbol_high_candles",
    "get_symbol_low_candles",
    "get_symbol_open_candles",
    "get_symbol_time_candles",
    "get_symbol_volume_candles",
    "get_trade_history",
    "get_transactions",
    "is_trader_simulated",
    "record_transaction",
]
