# SPDX-License-Identifier: Apache-2.0
"""The half of a trading mode that decides."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_commons.configuration import Profile
from octobot_trading.enums import EvaluatorStates
from octobot_trading.exchange_channel import ExchangeChannelProducer
from octobot_trading.modes.mode_channel import ModeChannel

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager
    from octobot_trading.modes.abstract_trading_mode import AbstractTradingMode


class AbstractTradingModeProducer(ExchangeChannelProducer):
    """Woken by strategies' notes; sends what it decides on the Mode channel.

    Attributes:
        state: the last decision, None before the first.
        final_eval: the note it came from.
    """

    channel: ModeChannel

    def __init__(
        self,
        channel: ModeChannel,
        config: Profile,
        trading_mode: AbstractTradingMode,
        exchange_manager: ExchangeManager,
    ) -> None:
        super().__init__(channel)
        self.config = config
        self.trading_mode = trading_mode
        self.exchange_manager = exchange_manager
        self.exchange_name = exchange_manager.exchange_name
        self.state: EvaluatorStates | None = None
        self.final_eval: Any = None

    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        """A strategy has written a note for this symbol: decide. ``trigger_source`` is the strategy's name."""
        raise NotImplementedError(f"{type(self).__name__} decides nothing: override set_final_eval")

    async def submit_trading_evaluation(
        self,
        cryptocurrency: str,
        symbol: str,
        time_frame: str | None,
        final_note: Decimal,
        state: EvaluatorStates,
        data: dict[str, Any] | None = None,
        dependencies: Iterable[str] | None = None,
    ) -> None:
        """Send a decision to this mode's consumers. ``dependencies`` are ids of orders that must be there first."""
        mode = self.trading_mode
        topic = self.channel.topic_of(trading_mode_name=mode.get_name(), cryptocurrency=cryptocurrency, symbol=symbol)
        await topic.send(
            {
                "exchange": self.exchange_name,
                "exchange_id": self.exchange_manager.id,
                "final_note": final_note,
                "state": state.value,
                "trading_mode_name": mode.get_name(),
                "cryptocurrency": cryptocurrency,
                "symbol": symbol,
                "time_frame": time_frame,
                "data": data or {},
                "dependencies": dependencies,
            }
        )
