# SPDX-License-Identifier: Apache-2.0
"""The work on this bot, through the whole chain: what `octobot backtest` runs once a profile is loaded."""

from __future__ import annotations

import asyncio
import sys
from decimal import Decimal
from pathlib import Path

from ema_cross_tentacles import ACTIVE
from measured import Stopwatch, report, version_of

from octobot.backtesting.plan import Plan
from octobot.backtesting.request import BacktestRequest
from octobot.backtesting.result import BacktestResult
from octobot.backtesting.run import run_plan
from octobot.tentacles import ActiveTentacles
from octobot_commons.configuration import Profile, TentaclesSetupConfig
from octobot_commons.configuration.profile import CryptoCurrency, FeesConfig, TraderSimulatorConfig
from octobot_commons.enums import TimeFrames
from octobot_trading.history import CandleSeries, read_candles


def make_plan(series: list[CandleSeries], tentacles: ActiveTentacles = ACTIVE) -> Plan:
    """A profile in code. Fees of buys are taken in BTC: the account starts with some, so that each sell is covered."""
    symbols = list(dict.fromkeys(one.symbol for one in series))
    time_frames = list(dict.fromkeys(one.time_frame for one in series))
    frames = {"required_time_frames": [time_frame.value for time_frame in time_frames]}
    classes = (*tentacles.evaluators, *tentacles.strategies, tentacles.trading_mode)
    bases = [symbol.partition("/")[0] for symbol in symbols]
    profile = Profile(
        profile_id="ema_cross",
        name="EMA cross",
        crypto_currencies={base: CryptoCurrency(pairs=[pair]) for base, pair in zip(bases, symbols, strict=True)},
        trader_simulator=TraderSimulatorConfig(
            enabled=True,
            fees=FeesConfig(maker=Decimal("0.1"), taker=Decimal("0.1")),
            starting_portfolio={"USDT": Decimal(1_000_000), **dict.fromkeys(bases, Decimal(2))},
        ),
        tentacles_setup=TentaclesSetupConfig(
            {one.__name__: True for one in classes}, {one.__name__: dict(frames) for one in tentacles.strategies}
        ),
    )
    by_name = {base: [pair] for base, pair in zip(bases, symbols, strict=True)}
    return Plan(BacktestRequest("ema_cross"), profile, tentacles, "binance", by_name, time_frames, series)


def run(series: list[CandleSeries], tentacles: ActiveTentacles = ACTIVE) -> BacktestResult:
    return asyncio.run(run_plan(make_plan(series, tentacles)))


def main(file: str) -> None:
    watch = Stopwatch()
    series = read_candles(Path(file), symbol="BTC/USDT", time_frame=TimeFrames.ONE_MINUTE, exchange_name="binance")
    watch.lap("load")
    result = run(series)
    watch.lap("run")
    report(watch, result.timings["candles"], len(result.fills), f"OctoBot {version_of('octobot')}")


if __name__ == "__main__":
    main(sys.argv[1])
