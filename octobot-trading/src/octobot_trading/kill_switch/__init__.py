# SPDX-License-Identifier: Apache-2.0
"""Stops a bot for good: a latch on the disk first, then no new order, no open order, and nothing held if asked.

::

    kill_switch.py   engage, go on after a restart, release     latch.py    what is written down
    clearing.py      one account: look, act, look again         report.py   what became of it
    answers.py       waiting for an exchange that may not answer
"""

from __future__ import annotations

from octobot_trading.kill_switch.kill_switch import KillSwitch
from octobot_trading.kill_switch.latch import Latch, LatchState
from octobot_trading.kill_switch.report import AccountReport, KillReport

__all__ = ["AccountReport", "KillReport", "KillSwitch", "Latch", "LatchState"]
