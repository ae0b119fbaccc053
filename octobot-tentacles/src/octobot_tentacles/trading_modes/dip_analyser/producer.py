# SPDX-License-Identifier: Apache-2.0
"""From the strategy's note to a decision."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard

from octobot_tentacles.trading_modes.dip_analyser.planner import ENTRY_TAG
from octobot_tentacles.trading_modes.final_notes import strategy_notes
from octobot_trading.enums import EvaluatorStates
from octobot_trading.modes import AbstractTradingModeProducer

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.dip_analyser.mode import DipAnalyserTradingMode


class DipAnalyserTradingModeProducer(AbstractTradingModeProducer):
    """Buys each dip that a strategy tells of."""

    trading_mode: DipAnalyserTradingMode

    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        """A strategy has told of a dip: cancel older buys that have not filled, and buy."""
        mode = self.trading_mode
        notes = strategy_notes(mode, matrix_id, cryptocurrency, symbol, time_frame)
        dip = _dip_of(notes.get(trigger_source))
        if dip is None:
            mode.explain(symbol, "%s tells of no dip", trigger_source)
            return
        self.final_eval, self.state = dip, EvaluatorStates.VERY_LONG
        self.rule = f"a dip of weight {dip['price']} for its price and {dip['volume']} for its volume is bought"
        await self.exchange_manager.trader.cancel_open_orders(symbol, tag=ENTRY_TAG)
        await self.submit_trading_evaluation(cryptocurrency, symbol, time_frame, Decimal(-1), self.state, data=dip)


def _dip_of(note: Any) -> dict[str, int] | None:
    if not isinstance(note, dict):
        return None
    price, volume = note.get("price"), note.get("volume")
    return {"price": price, "volume": volume} if _is_weight(price) and _is_weight(volume) else None


def _is_weight(weight: Any) -> TypeGuard[int]:
    return type(weight) is int and 1 <= weight <= 3
