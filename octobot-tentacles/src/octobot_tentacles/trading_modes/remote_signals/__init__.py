# SPDX-License-Identifier: Apache-2.0
"""RemoteTradingSignalsTradingMode: trades what another bot says that it trades, scaled to this account.

mode.py      the tentacle and its settings     signal.py    what a signal may say, checked
producer.py  signals come                      executed.py  which ones have come before
consumer.py  creations become orders           planner.py   which order that is, given price and funds
"""

from octobot_tentacles.trading_modes.remote_signals.mode import RemoteTradingSignalsTradingMode

__all__ = ["RemoteTradingSignalsTradingMode"]
