# SPDX-License-Identifier: Apache-2.0
import octobot_commons.channels_name as channels_name
import octobot_commons.constants as commons_constants
import octobot_commons.enums as enums
import octobot_evaluators.evaluators as evaluators
import octobot_trading.api as trading_api
import octobot_trading.exchange_channel as exchanges_channel


class PriceJumpEvaluator(evaluators.RealTimeEvaluator):
    def __init__(self, tentacles_setup_config):
        super().__init__(tentacles_setup_config)
        self.last_close = {}
        self.percent = 2

    def init_user_inputs(self, inputs: dict) -> None:
        self.percent = self.UI.user_input("percent", enums.UserInputTypes.FLOAT, 2, inputs, min_val=0)
        self.time_frame = self.UI.user_input(
            commons_constants.CONFIG_TIME_FRAME, enums.UserInputTypes.OPTIONS, enums.TimeFrames.ONE_HOUR.value, inputs,
            options=[tf.value for tf in enums.TimeFrames])

    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle):
        close = candle[enums.PriceIndexes.IND_PRICE_CLOSE.value]
        before, self.last_close[symbol] = self.last_close.get(symbol, close), close
        change = 100 * (close - before) / before
        if abs(change) > self.percent:
            self.eval_note = -1 if change < 0 else 1
            await self.evaluation_completed(cryptocurrency, symbol, self.available_time_frame)

    async def kline_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, kline):
        pass

    async def start(self, bot_id):
        await super().start(bot_id)
        exchange_id = trading_api.get_exchange_id_from_matrix_id(self.exchange_name, self.matrix_id)
        await exchanges_channel.get_chan(channels_name.OctoBotTradingChannelsName.OHLCV_CHANNEL.value, exchange_id)\
            .new_consumer(callback=self.ohlcv_callback, time_frame=self.available_time_frame,
                          priority_level=self.priority_level)
        await exchanges_channel.get_chan(channels_name.OctoBotTradingChannelsName.KLINE_CHANNEL.value, exchange_id)\
            .new_consumer(callback=self.kline_callback, time_frame=self.available_time_frame,
                          priority_level=self.priority_level)
