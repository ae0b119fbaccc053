# SPDX-License-Identifier: Apache-2.0
"""What an account does by itself: a trigger, conditions that must all hold, and actions.

::

    parts.py       what triggers, conditions and actions have to be    context.py     what they are given
    automation.py  one of each, wired together                         registry.py    those that packages declare
    runner.py      all of a profile, as a tentacle                     crossing.py    once for each crossing
"""

from __future__ import annotations

from octobot_trading.automations.automation import Automation
from octobot_trading.automations.context import AutomationContext
from octobot_trading.automations.crossing import Crossing, Side
from octobot_trading.automations.parts import AbstractAction, AbstractCondition, AbstractTriggerEvent, Execution, Fire
from octobot_trading.automations.runner import AbstractAutomations

__all__ = [
    "AbstractAction",
    "AbstractAutomations",
    "AbstractCondition",
    "AbstractTriggerEvent",
    "Automation",
    "AutomationContext",
    "Crossing",
    "Execution",
    "Fire",
    "Side",
]
