# SPDX-License-Identifier: Apache-2.0
"""What triggers, conditions and actions have to be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from octobot_commons.nested_inputs import DeclaresInputs
from octobot_trading.automations.context import AutomationContext
from octobot_trading.modes.wakes import Wakes

#: Told by a trigger that it is time, and why, in words.
Fire = Callable[[str], Awaitable[None]]


class Execution(NamedTuple):
    """One time that a trigger has fired. ``last_time`` is when the same automation acted last, None: never."""

    time: float
    reason: str
    last_time: float | None


class AutomationPart:
    """A trigger, a condition or an action of one automation. Its class name is its name in settings."""

    def __init__(self, context: AutomationContext) -> None:
        self.context = context

    @classmethod
    def get_name(cls) -> str:
        """The class name."""
        return cls.__name__

    def init_user_inputs(self, inputs: DeclaresInputs) -> None:
        """Declare its settings and keep their values; there is no account yet. Declares none here."""

    def problem(self) -> str | None:
        """What is wrong with its settings beyond what each input checks; None where nothing is."""
        return None


class AbstractTriggerEvent(AutomationPart):
    """Says when."""

    async def start(self, wakes: Wakes, fire: Fire) -> None:
        """Subscribe by ``wakes``, which end with the automation, and await ``fire(reason)`` whenever it is time."""
        raise NotImplementedError(f"{self.get_name()} never fires: override start")


class AbstractCondition(AutomationPart):
    """Says whether, each time that a trigger has fired."""

    def is_met(self, execution: Execution) -> bool:
        """Whether the actions may be run."""
        raise NotImplementedError(f"{self.get_name()} says nothing: override is_met")


class AbstractAction(AutomationPart):
    """Does something."""

    async def run(self, execution: Execution) -> str:
        """Do it, and say what was done.

        Raises:
            OrderRefused, EnvironmentFault: it could not; the next action is run all the same.
        """
        raise NotImplementedError(f"{self.get_name()} does nothing: override run")
