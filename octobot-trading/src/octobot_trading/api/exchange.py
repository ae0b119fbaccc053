# SPDX-License-Identifier: Apache-2.0
"""Exchanges and their time."""

from __future__ import annotations

from octobot_trading.errors import UnknownExchangeError
from octobot_trading.exchanges import exchanges
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange


def get_exchange_current_time(exchange_manager: ExchangeManager) -> float:
    """The exchange's time in Unix seconds."""
    return exchange_manager.clock.now()


def get_exchange_id_from_matrix_id(exchange_name: str, matrix_id: str) -> str:
    """The id of the exchange of this name that feeds this matrix; UnknownExchangeError when there is none."""
    return exchanges.get_exchange_id(exchange_name, matrix_id)


def get_exchange_manager_from_exchange_id(exchange_id: str) -> ExchangeManager:
    """The exchange of this id; UnknownExchangeError when there is none."""
    return exchanges.get_exchange_manager(exchange_id)


def get_exchange_manager_from_exchange_name_and_id(exchange_name: str, exchange_id: str) -> ExchangeManager:
    """The exchange of this name and id; UnknownExchangeError when there is none."""
    manager = exchanges.get_exchange_manager(exchange_id)
    if manager.exchange_name != exchange_name:
        raise UnknownExchangeError(
            f"exchange {exchange_id!r} is named {manager.exchange_name!r}, not {exchange_name!r}"
        )
    return manager


def get_is_backtesting(exchange_manager: ExchangeManager) -> bool:
    """Whether its data is recorded."""
    return exchange_manager.is_backtesting


def is_trader_simulated(exchange_manager: ExchangeManager) -> bool:
    """Whether its orders stay inside this process."""
    return isinstance(exchange_manager.exchange, SimulatedExchange)
