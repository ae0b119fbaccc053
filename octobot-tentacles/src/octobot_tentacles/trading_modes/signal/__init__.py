# SPDX-License-Identifier: Apache-2.0
"""SignalTradingMode: DailyTradingMode for signals that do not last.

mode.py      the tentacle: its settings and its numbers; everything else is the daily mode's
"""

from octobot_tentacles.trading_modes.signal.mode import SignalTradingMode

__all__ = ["SignalTradingMode"]
