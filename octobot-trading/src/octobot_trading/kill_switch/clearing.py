# SPDX-License-Identifier: Apache-2.0
"""Makes one account safe: ask the exchange what is there, do something about it, ask again, until nothing is left.

Whatever fails or is not answered is asked for again. An order is the bot's when the bot knows it, when the latch names
it, or when its client id is one of the kill switch's own; no other is ever cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from octobot_commons.logging import get_logger
from octobot_trading.errors import OrderRefused
from octobot_trading.flattening import Flattening, plan_flattening
from octobot_trading.kill_switch.answers import answer_within
from octobot_trading.kill_switch.report import AccountReport
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

T = TypeVar("T")

REASON = "the kill switch is engaged"
#: How many cancellations are asked for at once: exchanges limit how often they are asked.
_AT_ONCE = 10
_CLIENT_ID_PREFIX = "octobot-kill-"
#: How long one answer is waited for, how long between two looks at first and at last, and how long in all.
ANSWER_SECONDS, FIRST_PAUSE_SECONDS, LAST_PAUSE_SECONDS, PATIENCE_SECONDS = 10.0, 1.0, 10.0, 120.0


@dataclass(slots=True)
class _View:
    """What the exchange has told."""

    own: list[str] = field(default_factory=list)
    flattening: list[str] = field(default_factory=list)
    plan: Flattening | None = None
    report: AccountReport = field(default_factory=lambda: AccountReport(""))


class Clearing:
    """One account. ``own_request`` is the one that the kill switch lets pass, while it is handed in.

    ``write_down`` is called when the bot has orders that are not ``written`` down as its own.
    """

    def __init__(self, name: str, manager: ExchangeManager, write_down: Callable[[], None]) -> None:
        self.name = name
        self.manager = manager
        self.own_request: OrderRequest | None = None
        #: Orders that another process, or this one, has written down as the bot's.
        self.written: set[str] = set()
        self._write_down = write_down
        self._seen: dict[str, None] = {}
        self._flattening_orders = 0
        self._logger = get_logger(f"KillSwitch[{name}]")

    def known_orders(self) -> list[str]:
        """The ids of the open orders that the bot knows on the exchange."""
        trader = self.manager.trader
        return [one.order_id for one in self.manager.orders_manager.get_open_orders() if not trader.waits_here(one)]

    async def run(self, flattens: bool) -> AccountReport:
        """Look and act until it is safe, or patience ends."""
        clock, pause = self.manager.clock, FIRST_PAUSE_SECONDS
        deadline = clock.now() + PATIENCE_SECONDS
        while True:
            view = await self._look(flattens)
            if view.report.is_safe or clock.now() >= deadline:
                return view.report
            if await self._act(view):
                # Something was done, so there may be nothing left to wait for.
                view = await self._look(flattens)
                if view.report.is_safe:
                    return view.report
            await clock.sleep(pause)
            pause = min(2 * pause, LAST_PAUSE_SECONDS)

    async def _look(self, flattens: bool) -> _View:
        view = _View(report=AccountReport(self.name))
        report, exchange, trader = view.report, self.manager.exchange, self.manager.trader
        listed = await self._try("the open orders", exchange.fetch_open_orders(), report)
        waiting = [one.order_id for one in self.manager.orders_manager.get_open_orders() if trader.waits_here(one)]
        if listed is None:
            view.own = self.known_orders() + waiting
        else:
            own = [one for one in listed if self._is_own(one.order_id, one.client_order_id)]
            view.flattening = [one.order_id for one in own if _is_flattening(one.client_order_id)]
            view.own = [one.order_id for one in own if one.order_id not in view.flattening] + waiting
            report.foreign_orders = [one.order_id for one in listed if one not in own]
            report.open_orders = [*view.own, *view.flattening]
        if trader.requests_under_way:
            report.obstacles.append(f"{trader.requests_under_way} orders were sent and are not answered yet")
        if flattens:
            await self._look_at_holdings(view)
        self._seen.update(dict.fromkeys(view.own))
        report.ended_orders = [one for one in self._seen if one not in view.own]
        return view

    async def _look_at_holdings(self, view: _View) -> None:
        exchange, report = self.manager.exchange, view.report
        balances = await self._try("the balance", exchange.fetch_balance(), report)
        positions = await self._try("the positions", exchange.fetch_positions(), report)
        debts = await self._try("the debts", exchange.fetch_debts(), report)
        if balances is None or positions is None or debts is None:
            return
        view.plan = plan_flattening(self.manager, balances, positions, debts)
        report.left = view.plan.dust
        report.obstacles += view.plan.obstacles
        report.obstacles += [
            f"{one.symbol}: {one.side} {one.quantity} at the market is still to be done" for one in view.plan.requests
        ]

    async def _act(self, view: _View) -> bool:
        """Whether anything was done."""
        if not self.written.issuperset(self.known_orders()):
            self._write_down()
        done = False
        for first in range(0, len(view.own), _AT_ONCE):
            done |= any(await asyncio.gather(*map(self._cancel, view.own[first : first + _AT_ONCE])))
        # What is being sold already must not be sold twice.
        if view.plan is not None and not view.flattening and not self.manager.trader.requests_under_way:
            for request in view.plan.requests:
                done |= await self._hand_in(request)
        return done

    async def _cancel(self, order_id: str) -> bool:
        order: Order | None = self.manager.orders_manager.get(order_id)
        if order is None:
            request = self.manager.exchange.cancel_order(order_id)
        else:
            request = self.manager.trader.cancel_order(order, REASON, asks_again=True)
        return bool(await self._try(f"the cancellation of order {order_id}", request))

    async def _hand_in(self, request: OrderRequest) -> bool:
        self._flattening_orders += 1
        # Other processes must not have used it.
        number = f"{int(self.manager.clock.now() * 1000)}-{self._flattening_orders}"
        self.own_request = replace(request, client_order_id=f"{_CLIENT_ID_PREFIX}{number}")
        what = f"{request.side} {request.quantity} {request.symbol}"
        try:
            order = await self._try(what, self.manager.trader.create_order(self.own_request))
        finally:
            self.own_request = None
        return order is not None

    def _is_own(self, order_id: str, client_order_id: str | None) -> bool:
        is_known = order_id in self.written or self.manager.orders_manager.find(order_id) is not None
        return is_known or _is_flattening(client_order_id)

    async def _try(self, what: str, request: Coroutine[Any, Any, T], report: AccountReport | None = None) -> T | None:
        """The answer; None where there is none, which the log and the report say. It will be asked for again."""
        try:
            return await answer_within(self.manager.clock, ANSWER_SECONDS, request)
        except OrderRefused as error:
            text = f"{what}: refused: {error}"
        except Exception as error:  # noqa: BLE001 - whatever it is, the other orders must be seen to
            text = f"{what}: {type(error).__name__}: {error}"
        self._logger.warning("%s", text)
        if report is not None:
            report.obstacles.append(f"not known: {text}")
        return None


def _is_flattening(client_order_id: str | None) -> bool:
    return client_order_id is not None and client_order_id.startswith(_CLIENT_ID_PREFIX)
