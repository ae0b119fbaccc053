# SPDX-License-Identifier: Apache-2.0
"""From the strategies' notes to a state."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.trading_modes.daily.contract_planner import reverses
from octobot_tentacles.trading_modes.daily.planner import ENTRY_TAG, EXIT_TAG
from octobot_tentacles.trading_modes.daily.rules import rule_of, state_of
from octobot_tentacles.trading_modes.final_notes import number_notes
from octobot_trading.constants import ZERO
from octobot_trading.enums import EvaluatorStates
from octobot_trading.modes import AbstractTradingModeProducer

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.daily.mode import DailyTradingMode


class DailyTradingModeProducer(AbstractTradingModeProducer):
    """Averages the strategies' notes; when the state that this stands for changes, cancels orders and says so."""

    trading_mode: DailyTradingMode
    #: Whether the position is being closed to be entered the other way.
    _enters_when_closed = False

    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        """A strategy has written a note: average, and act when that is another state."""
        notes = number_notes(self.trading_mode, matrix_id, cryptocurrency, symbol, time_frame)
        required = self.trading_mode.settings.required_strategies_min_count
        if len(notes) < required:
            self.trading_mode.explain(symbol, "%d of %d strategies have a valid note", len(notes), required)
            return
        self.final_eval = Decimal(str(math.fsum(notes) / len(notes)))
        state = state_of(self.final_eval, self.exchange_manager.trader.risk)
        if state is not self.state:
            await self._change_state(state, cryptocurrency, symbol, time_frame)
        else:
            self.trading_mode.explain(
                symbol, "final note %s is %s as before: nothing is done", self.final_eval, state.name
            )

    async def _change_state(
        self, state: EvaluatorStates, cryptocurrency: str, symbol: str, time_frame: str | None
    ) -> None:
        self.logger.info("%s: new state %s, final note %s", symbol, state.name, self.final_eval)
        self.state = state
        self.rule = rule_of(state, self.exchange_manager.trader.risk)
        await self.exchange_manager.trader.cancel_open_orders(symbol, tag=ENTRY_TAG)
        self._enters_when_closed = reverses(self.trading_mode.settings, state, self._position(symbol))
        await self.submit_trading_evaluation(cryptocurrency, symbol, time_frame, self.final_eval, state)

    async def subscribe(self) -> None:
        """Watch the position of a contract."""
        symbol = self.trading_mode.symbol
        if symbol is not None and self.exchange_manager.get_market(symbol).contract is not None:
            await self.wakes.on("Positions", self._on_position, symbol=symbol)
            if not self._position(symbol):  # it was closed while nobody watched
                await self.exchange_manager.trader.cancel_open_orders(symbol, tag=EXIT_TAG)

    def take_over(self, older: AbstractTradingModeProducer) -> None:
        """Go on from what another one has decided."""
        super().take_over(older)
        if isinstance(older, DailyTradingModeProducer):
            self._enters_when_closed = older._enters_when_closed

    async def _on_position(self, *, cryptocurrency: str, symbol: str, position: dict[str, Any], **_: Any) -> None:
        """Once a position is closed its exits have nothing to leave, and a reversal goes on with its entry."""
        if position["quantity"] or self._position(symbol):
            return
        await self.exchange_manager.trader.cancel_open_orders(symbol, tag=EXIT_TAG)
        if self._enters_when_closed and self.state is not None:
            self._enters_when_closed = False
            await self.submit_trading_evaluation(cryptocurrency, symbol, None, self.final_eval, self.state)

    def _position(self, symbol: str) -> Decimal:
        position = self.exchange_manager.positions_manager.get_position(symbol)
        return ZERO if position is None else position.quantity
