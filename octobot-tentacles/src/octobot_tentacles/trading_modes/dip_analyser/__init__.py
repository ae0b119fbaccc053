# SPDX-License-Identifier: Apache-2.0
"""DipAnalyserTradingMode: buys dips as heavy as they weigh, and sells each in stages above its price.

mode.py      the tentacle            settings.py  its settings
producer.py  notes to a decision     planner.py   which orders a dip asks for, given price and funds
consumer.py  a decision to orders
"""

from octobot_tentacles.trading_modes.dip_analyser.consumer import DipAnalyserTradingModeConsumer
from octobot_tentacles.trading_modes.dip_analyser.mode import DipAnalyserTradingMode
from octobot_tentacles.trading_modes.dip_analyser.producer import DipAnalyserTradingModeProducer

__all__ = ["DipAnalyserTradingMode", "DipAnalyserTradingModeConsumer", "DipAnalyserTradingModeProducer"]
