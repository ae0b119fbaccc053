# SPDX-License-Identifier: Apache-2.0
"""StaggeredOrdersTradingMode: a ladder of orders between two bounds. What ladders do stands in ``ladder``."""

from octobot_tentacles.trading_modes.staggered.mode import StaggeredOrdersTradingMode

__all__ = ["StaggeredOrdersTradingMode"]
