# SPDX-License-Identifier: Apache-2.0
"""Trading modes: a mode, the producer that decides, the consumer that creates orders."""

from octobot_trading.modes.abstract_trading_mode import AbstractTradingMode
from octobot_trading.modes.consumer import AbstractTradingModeConsumer
from octobot_trading.modes.factory import create_trading_modes
from octobot_trading.modes.producer import AbstractTradingModeProducer

__all__ = [
    "AbstractTradingMode",
    "AbstractTradingModeConsumer",
    "AbstractTradingModeProducer",
    "create_trading_modes",
]
