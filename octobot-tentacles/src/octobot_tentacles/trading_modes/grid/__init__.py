# SPDX-License-Identifier: Apache-2.0
"""GridTradingMode: a ladder of equidistant orders that may follow the price. What ladders do stands in ``ladder``."""

from octobot_tentacles.trading_modes.grid.mode import GridTradingMode

__all__ = ["GridTradingMode"]
