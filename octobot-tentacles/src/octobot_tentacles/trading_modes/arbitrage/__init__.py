# SPDX-License-Identifier: Apache-2.0
"""ArbitrageTradingMode: trades where its exchange's price is another one than on other exchanges.

mode.py      the tentacle and its settings
producer.py  when to look, and what to cancel   planner.py  which order a difference asks for
"""

from octobot_tentacles.trading_modes.arbitrage.mode import ArbitrageTradingMode
from octobot_tentacles.trading_modes.arbitrage.producer import ArbitrageTradingModeProducer

__all__ = ["ArbitrageTradingMode", "ArbitrageTradingModeProducer"]
