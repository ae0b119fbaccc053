# SPDX-License-Identifier: Apache-2.0
"""TradingViewSignalsTradingMode: turns the texts of alerts into orders.

mode.py      the tentacle and its settings   alert.py    from a text to what it asks for
producer.py  alerts come                      planner.py  which order that is, given price and funds
"""

from octobot_tentacles.trading_modes.tradingview.mode import TradingViewSignalsTradingMode
from octobot_tentacles.trading_modes.tradingview.producer import TradingViewSignalsTradingModeProducer

__all__ = ["TradingViewSignalsTradingMode", "TradingViewSignalsTradingModeProducer"]
