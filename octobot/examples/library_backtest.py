# SPDX-License-Identifier: Apache-2.0
"""The six packages as a library: an evaluator of one's own trades 2021 on the shipped candles, without the CLI."""

import asyncio
from decimal import Decimal

from async_channel import SynchronizedDispatcher
from octobot.pipeline import Pipeline
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


class TrendEvaluator(TAEvaluator):
    """Buys while the price is above its 50-candle EMA: the note is negative then."""

    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, in_construction):
        data = self.get_exchange_symbol_data(exchange, exchange_id, symbol)
        closes = api.get_symbol_close_candles(data, time_frame, limit=200, include_in_construction=in_construction)
        if len(closes) < 50:
            return
        distance = closes[-1] / ema(closes, 50)[-1] - 1
        self.eval_note = max(-1.0, min(1.0, -20 * float(distance)))
        await self.evaluation_completed(cryptocurrency, symbol, time_frame)


async def main() -> Decimal:
    """Run the year; returns what 1,000 USDT became."""
    hourly = read_candles(BTC_USDT_1H)[0].slice(START, END)
    series = [resample(hourly, TimeFrames.FOUR_HOURS)]
    settings = {"SimpleStrategyEvaluator": {"required_time_frames": ["4h"]}}
    profile = Profile(profile_id="sample", name="Sample", tentacles_setup=TentaclesSetupConfig(configs=settings))
    tentacles = ActiveTentacles((TrendEvaluator,), (SimpleStrategyEvaluator,), DailyTradingMode)

    clock = SimulatedClock(START)
    markets = simulated_markets(["BTC/USDT"])
    fees = FeeModel(maker=Decimal("0.001"), taker=Decimal("0.001"))
    exchange = SimulatedExchange("binance", clock, markets, {"USDT": Decimal(1000)}, fees)
    manager = ExchangeManager(
        "sample", exchange, clock, PAIRS, dispatcher=SynchronizedDispatcher(), is_backtesting=True, risk=Decimal("0.5")
    )
    pipeline = Pipeline(profile, tentacles, manager, "sample-matrix")
    await pipeline.start(PAIRS, [TimeFrames.FOUR_HOURS])

    async def on_trade(trade, **_):
        print(f"{trade['side']:<4} {trade['quantity']:>9} BTC at {trade['price']:>9}")

    await get_chan("Trades", manager.id).new_consumer(on_trade)
    await Replay(manager, series).run()
    value = manager.portfolio_value()
    print(f"1,000 USDT became {value:,.2f} USDT in {len(manager.trades_manager.fills)} fills")
    await pipeline.stop()
    return value


if __name__ == "__main__":
    asyncio.run(main())
