# SPDX-License-Identifier: Apache-2.0
"""When to enter: at the time, or on a full signal."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from octobot_tentacles.trading_modes.dca.planner import ENTRY_TAG
from octobot_tentacles.trading_modes.final_notes import number_notes
from octobot_trading.enums import EvaluatorStates
from octobot_trading.modes import AbstractTradingModeProducer

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.dca.mode import DCATradingMode

#: A mean of notes down to which strategies say buy with all they have.
FULL_BUY: Final = -1.0
_ENTRY_NOTE: Final = Decimal(-1)


class DCATradingModeProducer(AbstractTradingModeProducer):
    """Decides to enter. It begins with the first price."""

    trading_mode: DCATradingMode

    async def subscribe(self) -> None:
        """Wait for the first price, which begins the intervals."""
        self._has_begun = False
        mode = self.trading_mode
        if mode.symbol is not None and mode.trades(mode.symbol):
            await self.wakes.on("Ticker", self._price_has_come, symbol=mode.symbol)
            if self.exchange_manager.get_symbol_data(mode.symbol).last_price is not None:
                await self._begin(mode.symbol)

    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        """A strategy has written a note: enter when all of them say buy with all they have."""
        mode, settings = self.trading_mode, self.trading_mode.settings
        if settings.is_time_based or not mode.trades(symbol):
            return
        if settings.time_frames and time_frame is not None and time_frame not in settings.time_frames:
            mode.explain(symbol, "%s is none of the time frames to listen to", time_frame)
            return
        notes = number_notes(mode, matrix_id, cryptocurrency, symbol, time_frame)
        if not notes:
            mode.explain(symbol, "no strategy has a valid note")
            return
        mean = math.fsum(notes) / len(notes)
        self.final_eval = Decimal(str(mean))
        if mean > FULL_BUY:
            mode.explain(symbol, "final note %s is no full buy signal", self.final_eval)
            return
        await self._enter(symbol, f"the strategies' mean note is {FULL_BUY:g}", time_frame)

    async def _price_has_come(self, symbol: str, **_: Any) -> None:
        if not self._has_begun:
            await self._begin(symbol)

    async def _begin(self, symbol: str) -> None:
        self._has_begun = True
        settings, last = self.trading_mode.settings, self._last_entry_time(symbol)
        if settings.is_time_based:
            now = self.exchange_manager.clock.now()
            due = now if last is None else last + settings.interval_seconds

            async def enter() -> None:
                await self._enter(symbol, f"{settings.interval_seconds / 60:g} minutes have passed")

            await self.wakes.every(settings.interval_seconds, enter, due)
        elif settings.enters_at_start and last is None:
            await self._enter(symbol, "it is the first price")

    def _last_entry_time(self, symbol: str) -> float | None:
        """When this mode has entered last, in this start or before."""
        orders = self.exchange_manager.orders_manager.all_orders()
        own = [order for order in orders if order.symbol == symbol and order.request.tag == ENTRY_TAG]
        return max((order.creation_time for order in own), default=None)

    async def _enter(self, symbol: str, rule: str, time_frame: str | None = None) -> None:
        self.state, self.rule = EvaluatorStates.VERY_LONG, rule
        if self.trading_mode.settings.cancels_open_entries:
            await self.exchange_manager.trader.cancel_open_orders(symbol, tag=ENTRY_TAG)
        cryptocurrency = self.exchange_manager.cryptocurrency_of(symbol)
        await self.submit_trading_evaluation(cryptocurrency, symbol, time_frame, _ENTRY_NOTE, self.state)
