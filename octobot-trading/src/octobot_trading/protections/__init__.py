# SPDX-License-Identifier: Apache-2.0
"""When new orders are refused, to keep an account from losing more.

::

    protection.py      the contract of a protection      protections.py   those of one account, asked at each order
    exposure.py        which orders only reduce risk     state_store.py   where their state survives a restart
    max_drawdown.py, daily_loss.py, stop_loss_guard.py, cooldown.py, order_rate.py    what a profile can ask for
    trading_stop.py    no entries until the next start
"""

from __future__ import annotations

from octobot_trading.protections.factory import make_protections
from octobot_trading.protections.protection import Exit, Protection
from octobot_trading.protections.protections import Protections
from octobot_trading.protections.state_store import FileStateStore, StateStore
from octobot_trading.protections.trading_stop import TradingStop

__all__ = ["Exit", "FileStateStore", "Protection", "Protections", "StateStore", "TradingStop", "make_protections"]
