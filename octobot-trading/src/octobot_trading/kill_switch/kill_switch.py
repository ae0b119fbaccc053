# SPDX-License-Identifier: Apache-2.0
"""The kill switch of a bot."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from octobot_commons.clock import Clock
from octobot_commons.errors import BugError, EnvironmentFault
from octobot_commons.logging import get_logger
from octobot_commons.moments import utc_text
from octobot_trading.kill_switch.clearing import Clearing
from octobot_trading.kill_switch.latch import Latch, LatchState
from octobot_trading.kill_switch.report import KillReport
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.protections.protection import Protection

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class KillSwitch:
    """One for all accounts of a bot. ``path`` is the latch's file; an engaged latch refuses orders from here on.

    A bot that starts attaches its accounts before anything trades, and calls ``make_safe`` where ``is_engaged``.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._latch = Latch(path)
        self._clock = clock
        self._accounts: dict[str, Clearing] = {}
        self._logger = get_logger(type(self).__name__)
        self._lock = asyncio.Lock()
        self._latch_fault: str | None = None

    @property
    def is_engaged(self) -> bool:
        """Whether every new order is refused."""
        return self._latch.state.is_engaged

    @property
    def state(self) -> LatchState:
        """What is written down."""
        return self._latch.state

    def attach(self, exchange_manager: ExchangeManager, name: str | None = None) -> None:
        """See to this account as well. Its name must be the same after a restart; by default the exchange's.

        Raises:
            BugError: another account has this name.
        """
        name = exchange_manager.exchange_name if name is None else name
        if name in self._accounts:
            raise BugError(f"the kill switch has an account {name} already", remedy="give each a name of its own")
        account = self._accounts[name] = Clearing(name, exchange_manager, self._write_again)
        account.written.update(self._latch.state.order_ids.get(name, ()))
        exchange_manager.protections.add(_Refusing(self._latch, account))

    async def engage(self, reason: str, *, flattens: bool = False) -> KillReport:
        """Write the latch, refuse every new order, cancel the bot's own ones, sell everything if asked; report.

        Engaging it again goes on where it was, and asks for selling where that was not asked for before.
        """
        self._logger.warning("the kill switch is engaged: %s", reason)
        self._write(reason, flattens)
        return await self.make_safe()

    async def make_safe(self) -> KillReport:
        """Do what the engaged latch says, as after a restart; returns when all is safe or patience has ended.

        Raises:
            BugError: it is not engaged.
        """
        if not self.is_engaged:
            raise BugError("the kill switch is not engaged", remedy="engage it")
        async with self._lock:
            if self._latch_fault is not None:
                self._write_again()
            flattens = self._latch.state.flattens
            reports = await asyncio.gather(*(one.run(flattens) for one in self._accounts.values()))
            report = KillReport(list(reports), self._latch_fault or self._latch.fault)
        self._logger.warning("%s", report.text())
        return report

    def release(self, reason: str) -> None:
        """Let the bot trade again; the reason is kept.

        Raises:
            UserInputError: no reason, or it is not engaged.
            EnvironmentFault: the latch cannot be written, and stays engaged.
        """
        self._latch.release(reason, self._clock.now())
        self._latch_fault = None
        for account in self._accounts.values():
            account.written.clear()
        self._logger.warning("the kill switch is released: %s", reason)

    def _write(self, reason: str, flattens: bool) -> None:
        own = {name: account.known_orders() for name, account in self._accounts.items()}
        for name, ids in own.items():
            self._accounts[name].written.update(ids)
        try:
            self._latch.engage(reason, self._clock.now(), flattens=flattens, order_ids=own)
        except EnvironmentFault as error:
            # It holds in this process, and orders are cancelled all the same.
            self._latch_fault = str(error)
            self._logger.exception(error, True, f"the latch cannot be written, a restart would forget it: {error}")
        else:
            self._latch_fault = None

    def _write_again(self) -> None:
        """With orders that have come since. A latch that cannot be read stays as it is until somebody has looked."""
        if self._latch.fault is None:
            self._write(self._latch.state.reason, self._latch.state.flattens)


class _Refusing(Protection):
    """What the kill switch is to one account."""

    name = "kill-switch"
    refuses_exits = True

    def __init__(self, latch: Latch, account: Clearing) -> None:
        self._latch = latch
        self._account = account

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        state = self._latch.state
        if not state.is_engaged or request is self._account.own_request:
            return None
        since = "" if state.time is None else f" since {utc_text(state.time)} UTC"
        return f"the kill switch is engaged{since}, until it is released: {state.reason}"
