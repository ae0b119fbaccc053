# SPDX-License-Identifier: Apache-2.0
"""The work as OctoBot tentacles: technical evaluator, strategy and trading mode, written as a user writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from measured import AMOUNT, FAST_WEIGHT, SLOW_WEIGHT, WARM_UP

from octobot.tentacles import ActiveTentacles
from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_evaluators.evaluators import StrategyEvaluator, TAEvaluator
from octobot_evaluators.matrix import get_evaluations_by_evaluator
from octobot_evaluators.util import get_eval_time
from octobot_trading.enums import EvaluatorStates, OrderSide, OrderType
from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest


class EmaCrossEvaluator(TAEvaluator):
    """Keeps both averages; the note says which one is above. One instance per symbol and time frame."""

    def __init__(self, tentacles_setup_config: Any) -> None:
        super().__init__(tentacles_setup_config)
        self.fast = self.slow = 0.0
        self.candles = 0

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        return False

    @classmethod
    def get_is_time_frame_wildcard(cls) -> bool:
        return False

    async def ohlcv_callback(
        self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, inc_in_construction_data
    ):
        close = candle[4]
        if not self.candles:
            self.fast = self.slow = close
        self.fast += (close - self.fast) * FAST_WEIGHT
        self.slow += (close - self.slow) * SLOW_WEIGHT
        self.candles += 1
        if self.candles >= WARM_UP and self.fast != self.slow:
            self.eval_note = -1.0 if self.fast > self.slow else 1.0
        await self.evaluation_completed(
            cryptocurrency, symbol, time_frame, eval_time=get_eval_time(full_candle=candle, time_frame=time_frame)
        )


class EmaCrossStrategy(StrategyEvaluator):
    """Takes over the evaluator's note."""

    async def matrix_callback(
        self,
        matrix_id,
        evaluator_name,
        evaluator_type,
        eval_note,
        eval_note_type,
        eval_note_description,
        eval_note_metadata,
        exchange_name,
        cryptocurrency,
        symbol,
        time_frame,
    ):
        nodes = get_evaluations_by_evaluator(
            matrix_id, exchange_name, evaluator_type, cryptocurrency, symbol, time_frame
        )
        node = nodes.get(EmaCrossEvaluator.__name__)
        self.eval_note = START_PENDING_EVAL_NOTE if node is None else node.node_value
        await self.strategy_completed(cryptocurrency, symbol)


class EmaCrossProducer(AbstractTradingModeProducer):
    """Reads the strategies' notes and says when they change sides."""

    async def set_final_eval(self, matrix_id, cryptocurrency, symbol, time_frame, trigger_source):
        notes = self.trading_mode.notes_reader.get_strategy_notes(matrix_id, self.exchange_name, cryptocurrency, symbol)
        note = notes.get(EmaCrossStrategy.__name__)
        if note is None:
            return
        state = EvaluatorStates.LONG if note < 0 else EvaluatorStates.SHORT
        if state is not self.state and (state is EvaluatorStates.LONG or self.state is not None):
            self.state = state
            await self.submit_trading_evaluation(cryptocurrency, symbol, time_frame, Decimal(str(note)), state)


class EmaCrossConsumer(AbstractTradingModeConsumer):
    """Buys and sells the fixed amount at market."""

    async def create_new_orders(self, symbol: str, final_note: Decimal, state: str, **kwargs: Any) -> list[Order]:
        side = OrderSide.BUY if state == EvaluatorStates.LONG.value else OrderSide.SELL
        request = OrderRequest(symbol, side, OrderType.MARKET, Decimal(AMOUNT))
        return [await self.exchange_manager.trader.create_order(request)]


class EmaCrossTradingMode(AbstractTradingMode):
    """One instance per symbol."""

    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        return False

    def get_mode_producer_classes(self):
        return [EmaCrossProducer]

    def get_mode_consumer_classes(self):
        return [EmaCrossConsumer]


ACTIVE = ActiveTentacles((EmaCrossEvaluator,), (EmaCrossStrategy,), EmaCrossTradingMode)
