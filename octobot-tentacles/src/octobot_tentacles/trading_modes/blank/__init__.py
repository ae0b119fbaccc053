# SPDX-License-Identifier: Apache-2.0
"""BlankTradingMode: trades nothing.

mode.py      the tentacle, with a producer that only listens
"""

from octobot_tentacles.trading_modes.blank.mode import BlankTradingMode

__all__ = ["BlankTradingMode"]
