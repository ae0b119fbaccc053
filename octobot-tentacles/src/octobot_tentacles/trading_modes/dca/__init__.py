# SPDX-License-Identifier: Apache-2.0
"""DCATradingMode: buys the same amount at intervals or on signals, and takes profits where it is told so.

mode.py      the tentacle            settings.py  its settings
producer.py  when to enter           planner.py   which orders an entry asks for, given price and funds
consumer.py  an entry to orders
"""

from octobot_tentacles.trading_modes.dca.consumer import DCATradingModeConsumer
from octobot_tentacles.trading_modes.dca.mode import DCATradingMode
from octobot_tentacles.trading_modes.dca.producer import DCATradingModeProducer

__all__ = ["DCATradingMode", "DCATradingModeConsumer", "DCATradingModeProducer"]
