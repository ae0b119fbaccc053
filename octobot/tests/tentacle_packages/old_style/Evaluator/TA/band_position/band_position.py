# SPDX-License-Identifier: Apache-2.0
import tulipy

import octobot_evaluators.evaluators as evaluators
import octobot_tentacles_manager.api as tentacles_manager_api
import octobot_trading.api as trading_api


class BandPositionEvaluator(evaluators.TAEvaluator):
    @classmethod
    def get_is_symbol_wildcard(cls) -> bool:
        return False

    @classmethod
    def get_is_time_frame_wildcard(cls) -> bool:
        return False

    def init_user_inputs(self, inputs: dict) -> None:
        self.period = self.UI.user_input("period", "int", 20, inputs)

    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle,
                             inc_in_construction_data):
        from tentacles.Evaluator.Util import SeriesTools  # imported when it runs, long after the folder was loaded

        symbol_data = self.get_exchange_symbol_data(exchange, exchange_id, symbol)
        closes = trading_api.get_symbol_close_candles(symbol_data, time_frame, limit=self.period + 5)
        period = tentacles_manager_api.get_tentacle_config(self.tentacles_setup_config, self.__class__)["period"]
        if len(closes) > period:
            lower, middle, upper = tulipy.bbands(closes, period, 2)
            self.eval_note = SeriesTools.within(closes[-1], lower[-1], upper[-1])
            await self.evaluation_completed(cryptocurrency, symbol, time_frame)
