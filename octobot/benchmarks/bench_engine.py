# SPDX-License-Identifier: Apache-2.0
"""What this bot's engine costs by itself, per candle and per note: tentacles with empty bodies, one link more per row.

Run: python benchmarks/bench_engine.py [--candles 20000] [--repetitions 7]

CPU microseconds per candle, medians of interleaved runs on one symbol's 1-minute candles; "added" is the difference to
the row above. A row's tentacles do nothing but hand on, so the figures are the engine's and those of the coroutines it
has to call. Last come five evaluators with empty bodies and, in their place, five that compute: the difference is the
time inside them and their strategy, which is not the engine's.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import platform
import sys
import time
from statistics import median
from typing import Any

import series
from peers import BENCH, ENGINES

sys.path.insert(0, str(ENGINES))

import ema_cross_tentacles as work
from octobot_ema_cross import make_plan

from octobot.backtesting.run import run_plan
from octobot.tentacles import ActiveTentacles
from octobot_commons.enums import TimeFrames
from octobot_evaluators.evaluators import StrategyEvaluator, TAEvaluator
from octobot_evaluators.matrix import get_evaluations_by_evaluator
from octobot_trading.history import read_candles
from octobot_trading.modes import AbstractTradingModeProducer


class EmptyEvaluator(TAEvaluator):
    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, again):
        pass


class NotingEvaluator(TAEvaluator):
    async def ohlcv_callback(self, exchange, exchange_id, cryptocurrency, symbol, time_frame, candle, again):
        await self.evaluation_completed(cryptocurrency, symbol, time_frame, 0.5)


FIVE_NOTING = tuple(type(f"Noting{number}", (NotingEvaluator,), {}) for number in range(5))
FIVE_COMPUTING = tuple(type(f"EmaCross{number}", (work.EmaCrossEvaluator,), {}) for number in range(5))
#: What the engine may take for a candle, and for each note.
MICROSECONDS_PER_CANDLE, MICROSECONDS_PER_NOTE = 4.0, 1.0


class EmptyStrategy(StrategyEvaluator):
    async def matrix_callback(self, a, b, c, d, e, f, g, h, i, j, k):
        pass


class ConcludingStrategy(StrategyEvaluator):
    async def matrix_callback(self, a, b, c, d, e, f, g, h, cryptocurrency, symbol, time_frame):
        await self.strategy_completed(cryptocurrency, symbol, eval_note=0.5)


class MeanStrategy(StrategyEvaluator):
    async def matrix_callback(self, matrix_id, b, kind, d, e, f, g, exchange, cryptocurrency, symbol, time_frame):
        nodes = get_evaluations_by_evaluator(matrix_id, exchange, kind, cryptocurrency, symbol, time_frame)
        if nodes:
            self.eval_note = sum(node.node_value for node in nodes.values()) / len(nodes)
            await self.strategy_completed(cryptocurrency, symbol)


class EmptyProducer(AbstractTradingModeProducer):
    async def set_final_eval(self, matrix_id, cryptocurrency, symbol, time_frame, trigger_source):
        pass


class EmptyTradingMode(work.EmaCrossTradingMode):
    def get_mode_producer_classes(self):
        return [EmptyProducer]


ROWS: dict[str, tuple[ActiveTentacles, int]] = {
    "replay, nobody listens": (ActiveTentacles((), (), EmptyTradingMode), 0),
    "+ evaluator called": (ActiveTentacles((EmptyEvaluator,), (), EmptyTradingMode), 0),
    "+ it notes: matrix, no strategy": (ActiveTentacles((NotingEvaluator,), (), EmptyTradingMode), 1),
    "+ strategy called": (ActiveTentacles((NotingEvaluator,), (EmptyStrategy,), EmptyTradingMode), 1),
    "+ it concludes, trading mode called": (
        ActiveTentacles((NotingEvaluator,), (ConcludingStrategy,), EmptyTradingMode),
        2,
    ),
    "the EMA cross, orders and fills": (work.ACTIVE, 2),
}
#: Five evaluators and a strategy make six notes a candle.
FIVE: dict[str, tuple[ActiveTentacles, int]] = {
    "five evaluators, all of the above": (ActiveTentacles(FIVE_NOTING, (ConcludingStrategy,), EmptyTradingMode), 6),
    "the same with five EMA crosses": (ActiveTentacles(FIVE_COMPUTING, (MeanStrategy,), EmptyTradingMode), 6),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candles", type=int, default=20_000)
    parser.add_argument("--repetitions", type=int, default=7)
    arguments = parser.parse_args()
    file = series.write_csv(BENCH / "candles" / f"BTC_USDT-1m_{arguments.candles}.csv", arguments.candles)
    candles = read_candles(file, symbol="BTC/USDT", time_frame=TimeFrames.ONE_MINUTE, exchange_name="binance")
    microseconds: dict[str, list[float]] = {}
    for _ in range(arguments.repetitions):
        for title, (tentacles, _) in {**ROWS, **FIVE}.items():
            microseconds.setdefault(title, []).append(measure(candles, tentacles))
    print(f"Python {platform.python_version()}, {platform.platform()}; {arguments.candles:,} candles")
    print(f"{'CPU microseconds per candle':<40}{'all':>8}{'added':>8}{'notes':>8}")
    before = 0.0
    for title, (_, notes) in ROWS.items():
        each = median(microseconds[title])
        print(f"{title:<40}{each:>8.2f}{each - before:>8.2f}{notes:>8}")
        before = each
    (empty, (_, notes)), (computing, _) = FIVE.items()
    engine, whole = median(microseconds[empty]), median(microseconds[computing])
    print(f"{empty:<40}{engine:>8.2f}{'':>8}{notes:>8}")
    print(f"{computing:<40}{whole:>8.2f}{whole - engine:>8.2f}{notes:>8}")
    most = MICROSECONDS_PER_CANDLE + notes * MICROSECONDS_PER_NOTE
    verdict = "reached" if engine <= most else "NOT reached"
    goal = f"{MICROSECONDS_PER_CANDLE:g} and {notes} x {MICROSECONDS_PER_NOTE:g}"
    print(f"goal of the engine with five evaluators: {goal}: {verdict}")


def measure(candles: list[Any], tentacles: ActiveTentacles) -> float:
    """CPU microseconds per candle of one run, its start and its result included."""
    plan = make_plan(candles, tentacles)
    gc.collect()  # what the row before has left is not this one's
    start = time.process_time()
    asyncio.run(run_plan(plan))
    return (time.process_time() - start) * 1e6 / len(candles[0])


if __name__ == "__main__":
    main()
