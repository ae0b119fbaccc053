# SPDX-License-Identifier: Apache-2.0
"""Several accounts in one replayed market."""

from __future__ import annotations

from octobot_trading.errors import ReplayError
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange


def simulated_exchanges(manager: ExchangeManager) -> list[SimulatedExchange]:
    """The exchange of a manager and of those beside it, in this order.

    Raises:
        ReplayError: one is not simulated.
    """
    exchanges = []
    for one in (manager, *manager.worlds):
        if not isinstance(one.exchange, SimulatedExchange):
            raise ReplayError(f"{one.exchange_name} is no simulated exchange")
        exchanges.append(one.exchange)
    return exchanges
