# SPDX-License-Identifier: Apache-2.0
"""IndexTradingMode: keeps assets at their shares of the portfolio.

mode.py      the tentacle                          settings.py     its settings
producer.py  when to rebalance, and in which order  rebalancing.py  what to sell and buy, given prices and funds
"""

from octobot_tentacles.trading_modes.index.mode import IndexTradingMode
from octobot_tentacles.trading_modes.index.producer import IndexTradingModeProducer

__all__ = ["IndexTradingMode", "IndexTradingModeProducer"]
