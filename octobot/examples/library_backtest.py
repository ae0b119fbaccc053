# SPDX-License-Identifier: Apache-2.0
"""The six packages as a library: an evaluator of one's own trades 2021 on the shipped candles, without the CLI."""

import asyncio
from decimal import Decimal

from async_channel import SynchronizedDispatcher
from octobot.backtesting import BacktestResult
from octobot.pipeline import Pipeline
from octobot.report import compute_summary, format_summary
from octobot.shipped import BTC_USDT_1H
from octobot.tentacles import ActiveTentacles
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import Profile, TentaclesSetupConfig
from octobot_commons.enums import TimeFrames
from octobot_evaluators.evaluators import TAEvaluator
from octobot_tentacles.evaluators.strategies.simple import SimpleStrategyEvaluator
from octobot_tentacles.indicators import ema
from octobot_tentacles.trading_modes.daily import DailyTradingMode
from octobot_trading import api
from octobot_trading.backtesting.replay import Replay
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets
from octobot_trading.history import read_candles, resample

PAIRS = {"Bitcoin": ["BTC/USDT"]}
START, END = 1609459200.0, 1640995200.0  # 2021, in Unix seconds
MONEY = {"USDT": Decimal(1000)}


class TrendEvaluator(TAEvaluator):
    """Buys while the price is above its 50-candle EMA: the note is negative then."""

    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, in_construction):
        data = self.get_exchange_symbol_data(exchange, exchange_id, symbol)
        closes = api.get_symbol_close_candles(data, time_frame, limit=200, include_in_construction=in_construction)
        if len(closes) >= 50:
            self.eval_note = max(-1.0, min(1.0, 20 * float(1 - closes[-1] / ema(closes, 50)[-1])))
            await self.evaluation_completed(cryptocurrency, symbol, time_frame)


async def main() -> BacktestResult:
    """Run the year, print its trades and what came of them."""
    candles = resample(read_candles(BTC_USDT_1H)[0].slice(START, END), TimeFrames.FOUR_HOURS)
    settings = TentaclesSetupConfig(configs={"SimpleStrategyEvaluator": {"required_time_frames": ["4h"]}})
    profile = Profile(profile_id="sample", name="Sample", tentacles_setup=settings)
    tentacles = ActiveTentacles((TrendEvaluator,), (SimpleStrategyEvaluator,), DailyTradingMode)

    clock, dispatcher = SimulatedClock(START), SynchronizedDispatcher()
    fees = FeeModel(maker=Decimal("0.001"), taker=Decimal("0.001"))
    exchange = SimulatedExchange("binance", clock, simulated_markets(["BTC/USDT"]), MONEY, fees)
    manager = ExchangeManager(
        "sample", exchange, clock, PAIRS, dispatcher=dispatcher, is_backtesting=True, risk=profile.risk
    )
    pipeline = Pipeline(profile, tentacles, manager, "sample-matrix")
    await pipeline.start(PAIRS, [TimeFrames.FOUR_HOURS])

    async def on_trade(trade, **_):
        print(f"{trade['side']:<4} {trade['quantity']:>9} BTC at {trade['price']:>9}")

    await get_chan("Trades", manager.id).new_consumer(on_trade)
    await Replay({manager: [candles]}).run()
    orders = [order.to_dict() for order in manager.orders_manager.all_orders()]
    fills, held = manager.trades_manager.fills, manager.portfolio.totals()
    result = BacktestResult({}, [], {"BTC/USDT": candles}, MONEY, held, "USDT", orders, fills)
    print(format_summary(compute_summary(result), result))
    await pipeline.stop()
    return result


if __name__ == "__main__":
    asyncio.run(main())
