# SPDX-License-Identifier: Apache-2.0
import numpy
import tulipy

import octobot_commons.constants as commons_constants
import octobot_commons.data_util as data_util
import octobot_commons.enums as enums
import octobot_evaluators.evaluators as evaluators
import octobot_evaluators.util as evaluators_util
import octobot_trading.api as trading_api
import tentacles.Evaluator.Util as EvaluatorUtil


class WaveMomentumEvaluator(evaluators.TAEvaluator):
    def __init__(self, tentacles_setup_config):
        super().__init__(tentacles_setup_config)
        self.pertinence = 1
        self.period_length = 14
        self.turns_only = False
        self.evaluated = 0

    def init_user_inputs(self, inputs: dict) -> None:
        self.period_length = self.UI.user_input(
            "period length", enums.UserInputTypes.INT, 14, inputs, min_val=2, title="Length of the wave.")
        self.turns_only = self.UI.user_input(
            "turns_only", enums.UserInputTypes.BOOLEAN, False, inputs, title="Only note turns.")

    async def ohlcv_callback(self, exchange: str, exchange_id: str,
                             cryptocurrency: str, symbol: str, time_frame, candle, inc_in_construction_data):
        candle_data = trading_api.get_symbol_close_candles(
            self.get_exchange_symbol_data(exchange, exchange_id, symbol), time_frame,
            include_in_construction=inc_in_construction_data)
        await self.evaluate(cryptocurrency, symbol, time_frame, candle_data, candle)

    async def evaluate(self, cryptocurrency, symbol, time_frame, candle_data, candle):
        self.eval_note = commons_constants.START_PENDING_EVAL_NOTE
        if candle_data is not None and len(candle_data) > self.period_length + 1:
            rsi = data_util.drop_nan(tulipy.rsi(candle_data, period=self.period_length))
            if len(rsi):
                self.eval_note = EvaluatorUtil.SeriesTools.from_percent(rsi[-1])
                if self.turns_only and not EvaluatorUtil.SeriesTools.has_turned(rsi):
                    self.eval_note = 0
                self.set_eval_note(float(numpy.sign(rsi[-1] - 50)) * 0.05)
                self.evaluated += 1
        await self.evaluation_completed(cryptocurrency, symbol, time_frame,
                                        eval_time=evaluators_util.get_eval_time(full_candle=candle,
                                                                                time_frame=time_frame))
