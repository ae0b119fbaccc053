# SPDX-License-Identifier: Apache-2.0
"""MarketMakingTradingMode: keeps bids and asks around a reference price.

mode.py      the tentacle and its settings
producer.py  when to look, and what to cancel   book.py  which bids and asks there should be
"""

from octobot_tentacles.trading_modes.market_making.mode import MarketMakingTradingMode
from octobot_tentacles.trading_modes.market_making.producer import MarketMakingTradingModeProducer

__all__ = ["MarketMakingTradingMode", "MarketMakingTradingModeProducer"]
