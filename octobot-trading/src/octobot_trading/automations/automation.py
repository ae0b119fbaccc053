# SPDX-License-Identifier: Apache-2.0
"""A trigger, its conditions and its actions, wired together."""

from __future__ import annotations

from collections.abc import Sequence

from octobot_commons.errors import EnvironmentFault
from octobot_trading.automations.context import AutomationContext
from octobot_trading.automations.parts import AbstractAction, AbstractCondition, AbstractTriggerEvent, Execution
from octobot_trading.errors import OrderRefused
from octobot_trading.modes.wakes import Wakes


class Automation:
    """Runs its actions, one after the other, when its trigger fires and all conditions hold."""

    def __init__(
        self,
        context: AutomationContext,
        trigger: AbstractTriggerEvent,
        conditions: Sequence[AbstractCondition],
        actions: Sequence[AbstractAction],
    ) -> None:
        self.trigger, self.conditions, self.actions = trigger, tuple(conditions), tuple(actions)
        #: How often its actions were run.
        self.executions = 0
        self._context = context
        self._wakes = Wakes(context.manager)
        self._last_time: float | None = None
        self._is_running = False

    async def start(self) -> None:
        """Let the trigger fire from now on."""
        await self.trigger.start(self._wakes, self._fire)

    async def stop(self) -> None:
        """Let it fire no more."""
        await self._wakes.stop()

    async def _fire(self, reason: str) -> None:
        if self._is_running:
            return  # what its own actions bring about, or what comes while they wait for an exchange
        execution = Execution(self._context.manager.clock.now(), reason, self._last_time)
        unmet = [one.get_name() for one in self.conditions if not one.is_met(execution)]
        if unmet:
            self._context.explain(f"{reason}: nothing is done, as {', '.join(unmet)} does not hold")
            return
        self._last_time = execution.time
        self.executions += 1
        self._is_running = True
        try:
            for action in self.actions:
                self._context.explain(f"{reason}: {await self._run(action, execution)}")
        finally:
            self._is_running = False

    async def _run(self, action: AbstractAction, execution: Execution) -> str:
        try:
            return await action.run(execution)
        except (OrderRefused, EnvironmentFault) as error:
            return f"{action.get_name()} failed: {error}"
