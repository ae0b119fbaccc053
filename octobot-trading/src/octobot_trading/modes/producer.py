# SPDX-License-Identifier: Apache-2.0
"""The half of a trading mode that decides."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_commons.configuration import Profile
from octobot_trading.enums import EvaluatorStates
from octobot_trading.exchange_channel import ExchangeChannelProducer
from octobot_trading.modes.mode_channel import ModeChannel
from octobot_trading.modes.wakes import Wakes
from octobot_trading.personal_data.orders.decision import DecidedData, Decision, DecisionRecord, newest_candles

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager
    from octobot_trading.modes.abstract_trading_mode import AbstractTradingMode


class AbstractTradingModeProducer(ExchangeChannelProducer):
    """Woken by strategies' notes, or by what it subscribes to; sends what it decides on the Mode channel.

    Attributes:
        wakes: what else wakes it; all of it ends with the producer.
        state: the last decision, None before the first.
        final_eval: the note it came from.
        rule: why that note stands for that state, in words, for `octobot why`; set it before submitting.
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
        self.rule: str | None = None
        self.wakes = Wakes(exchange_manager)
        self._matrix_id: str | None = None
        self._trigger: str | None = None

    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        """A strategy has written a note for this symbol: decide. ``trigger_source`` is the strategy's name."""
        raise NotImplementedError(f"{type(self).__name__} decides nothing: override set_final_eval")

    @property
    def takes_notes(self) -> bool:
        """Whether strategies' notes are to wake it: it decides by them, or its mode requires a strategy."""
        decides = type(self).set_final_eval is not AbstractTradingModeProducer.set_final_eval
        return decides or bool(self.trading_mode.REQUIRED_STRATEGIES)

    async def subscribe(self) -> None:
        """Ask ``wakes`` for what wakes it beside notes, and go on from the orders that are open; by default nothing.

        Called once, when the settings are loaded. No price may be known yet.
        """

    async def stop(self) -> None:
        """Decide nothing any more."""
        await self.wakes.stop()
        await super().stop()

    def wake(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> Coroutine[Any, Any, None]:
        """``set_final_eval``, with what it was called for kept for the decision that it may lead to."""
        self._matrix_id, self._trigger = matrix_id, trigger_source
        return self.set_final_eval(matrix_id, cryptocurrency, symbol, time_frame, trigger_source)

    def take_over(self, older: AbstractTradingModeProducer) -> None:
        """Go on from what another producer of this kind has decided, in whose place this one is put."""
        self.state, self.final_eval, self.rule = older.state, older.final_eval, older.rule

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
        """Send a decision to this mode's consumers. ``dependencies`` are ids of orders that must be there first.

        What it was made from goes along with ``data``, where the exchange's account keeps causes.
        """
        mode = self.trading_mode
        data = data or {}
        if self.exchange_manager.keeps_causes:
            data = DecidedData(data, self._record(cryptocurrency, symbol, time_frame, final_note, state))
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
                "data": data,
                "dependencies": dependencies,
            }
        )

    def _record(
        self, cryptocurrency: str, symbol: str, time_frame: str | None, final_note: Decimal, state: EvaluatorStates
    ) -> DecisionRecord:
        """What is known now, made out when an order asks for it."""
        symbol_data = self.exchange_manager.get_symbol_data(symbol)
        time, trigger, rule = self.exchange_manager.clock.now(), self._trigger, self.rule
        price, candles = symbol_data.last_price, newest_candles(symbol_data)
        mode, reader, matrix_id = self.trading_mode, self.trading_mode.notes_reader, self._matrix_id
        notes = None
        if reader is not None and matrix_id is not None:
            notes = reader.remember_notes(matrix_id, self.exchange_name, cryptocurrency, symbol)

        def make() -> Decision:
            return Decision(
                time=time,
                trading_mode=mode.get_name(),
                cryptocurrency=cryptocurrency,
                symbol=symbol,
                time_frame=time_frame,
                trigger=trigger,
                state=state.name,
                final_note=final_note,
                rule=rule,
                price=price,
                candles=candles,
                notes=() if notes is None else notes(),
            )

        return DecisionRecord(make)
