# SPDX-License-Identifier: Apache-2.0
"""The bot on the embedded replay exchange: recorded candles come as if they came live, on paper.

The pipeline is that of every bot; what is recorded takes the place of an exchange's streams, so it needs neither a
network nor a key, and its result is that of a backtest of the same candles.
"""

from __future__ import annotations

from typing import Any

from octobot.backtesting.plan import Plan
from octobot.bot.ending import Ending, Halted
from octobot.bot.pacing import Pacing
from octobot.pipeline import Pipeline
from octobot.report import to_jsonable
from octobot_commons.bot import BotState
from octobot_commons.clock import Clock
from octobot_commons.logging import get_logger
from octobot_trading.backtesting.replay import Replay
from octobot_trading.exchanges.exchange_manager import ExchangeManager

_PAUSED = "the bot is paused: `octobot resume` lets it trade again"
_ENDING = "the bot ends"


class ReplayBot:
    """A ``Bot``. ``run_plan`` calls ``begin`` once and ``wait`` before each step of recorded time."""

    def __init__(self, plan: Plan, clock: Clock, pacing: Pacing) -> None:
        self._plan = plan
        self._clock = clock
        self._pacing = pacing
        self._start_time = clock.now()
        self._pipeline: Pipeline | None = None
        self._replay: Replay | None = None
        self._halted: list[Halted] = []
        self._state = BotState.STARTING
        self._asked: tuple[bool, bool] | None = None
        self._ending: Ending | None = None
        self._logger = get_logger("Bot")

    @property
    def obstacles(self) -> list[str]:
        """What could not be done at the end, and why."""
        return [] if self._ending is None else self._ending.obstacles

    async def begin(self, pipeline: Pipeline, replay: Replay) -> None:
        """Everything has started; nothing has come yet."""
        self._pipeline, self._replay = pipeline, replay
        for account in pipeline.accounts():
            halted = Halted()
            account.protections.add(halted)
            self._halted.append(halted)
        if self._state is BotState.STARTING:
            self._become(BotState.RUNNING)

    async def wait(self, time: float) -> None:
        """The next step of recorded time is due at ``time``."""
        assert self._pipeline is not None
        assert self._replay is not None
        if self._asked is None:
            await self._pacing.wait_for(time)
        if self._asked is None:
            return
        if self._ending is None:
            cancel, flatten = self._asked
            self._ending = Ending(self._pipeline.accounts(), cancel=cancel, flatten=flatten)
        if await self._ending.step():
            self._replay.stop()

    def pause(self) -> None:
        if self._state is BotState.RUNNING:
            self._refuse(_PAUSED)
            self._become(BotState.PAUSED)

    def resume(self) -> None:
        if self._state is BotState.PAUSED:
            self._refuse(None)
            self._become(BotState.RUNNING)

    def stop(self, *, cancel: bool = False, flatten: bool = False) -> None:
        before = self._asked or (False, False)
        self._asked = before[0] or cancel, before[1] or flatten
        self._refuse(_ENDING)
        self._become(BotState.STOPPING)
        self._pacing.hurry()

    def status(self) -> dict[str, Any]:
        plan, pipeline, replay = self._plan, self._pipeline, self._replay
        return {
            "state": self._state.value,
            "profile": plan.profile.profile_id,
            "trades_on": "paper",
            "start_time": self._start_time,
            "uptime_seconds": self._clock.now() - self._start_time,
            "time": plan.start_time if replay is None else replay.reached_time(),
            "end_time": plan.end_time,
            "candles": 0 if replay is None else replay.candles,
            "time_frames": [time_frame.value for time_frame in plan.time_frames],
            "accounts": [] if pipeline is None else [_account(one) for one in pipeline.accounts()],
            "failures": {} if pipeline is None else pipeline.failures(),
        }

    def _refuse(self, reason: str | None) -> None:
        for halted in self._halted:
            halted.reason = reason

    def _become(self, state: BotState) -> None:
        if state is not self._state:
            self._state = state
            self._logger.info("the bot is %s", state.value)


def _account(manager: ExchangeManager) -> dict[str, Any]:
    return {
        "exchange": manager.exchange_name,
        "symbols": manager.symbols,
        "value": str(manager.portfolio_value()),
        "reference_market": manager.reference_market,
        "holdings": {asset: str(total) for asset, total in manager.portfolio.totals().items() if total},
        "open_orders": [to_jsonable(order.to_dict()) for order in manager.orders_manager.get_open_orders()],
        "fills": len(manager.trades_manager.fills),
        "refused": dict(manager.protections.refused),
    }
