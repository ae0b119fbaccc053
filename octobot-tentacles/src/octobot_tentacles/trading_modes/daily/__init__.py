# SPDX-License-Identifier: Apache-2.0
"""DailyTradingMode: trades on the state that the mean of the strategies' notes stands for.

mode.py      the tentacle            settings.py  its settings
producer.py  notes to a state        rules.py     thresholds, sizes and prices as functions of note and risk
consumer.py  a state to orders       planner.py   which orders a state asks for, given prices and funds
"""

from octobot_tentacles.trading_modes.daily.consumer import DailyTradingModeConsumer
from octobot_tentacles.trading_modes.daily.mode import DailyTradingMode
from octobot_tentacles.trading_modes.daily.producer import DailyTradingModeProducer

__all__ = ["DailyTradingMode", "DailyTradingModeConsumer", "DailyTradingModeProducer"]
