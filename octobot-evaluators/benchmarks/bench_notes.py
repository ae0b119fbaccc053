# SPDX-License-Identifier: Apache-2.0
"""What the engine adds to each note: from evaluation_completed to the strategy's matrix_callback.

The evaluators and the strategy do nothing of their own; the same coroutines called bare are subtracted.
"""

from __future__ import annotations

import asyncio
import statistics
from time import perf_counter

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration import TentaclesSetupConfig
from octobot_evaluators.evaluators import StrategyEvaluator, TAEvaluator, create_evaluators
from octobot_evaluators.evaluators.channel import create_matrix_channel, del_chan
from octobot_evaluators.matrix import create_matrix, delete_matrix

REPETITIONS = 7
CYCLES = 5_000
MATRIX_ID = "bench"
PLACE = ("Bitcoin", "BTC/USDT", "1h")


class Exchange:
    """The attributes of an exchange manager that evaluators read before they start."""

    id = "bench"
    exchange_name = "binance"


class Strategy(StrategyEvaluator):
    calls = 0

    async def matrix_callback(self, a, b, c, d, e, f, g, h, i, j, k) -> None:
        self.calls += 1


class Concluding(Strategy):
    async def matrix_callback(self, a, b, c, d, e, f, g, h, i, j, k) -> None:
        self.calls += 1
        await self.strategy_completed(i, j)


async def bare(**_: object) -> None:
    """What is subtracted: one coroutine per note."""


async def measure(evaluators_count: int, strategy_class: type[Strategy]) -> tuple[float, float]:
    """Nanoseconds per note: the engine's, and of a bare coroutine."""
    clock, dispatcher = SimulatedClock(3600.0), SynchronizedDispatcher()
    create_matrix(MATRIX_ID, clock)
    await create_matrix_channel(MATRIX_ID, dispatcher)
    classes = [type(f"Evaluator{i}", (TAEvaluator,), {}) for i in range(evaluators_count)]
    *evaluators, strategy = create_evaluators(
        [*classes, strategy_class],
        exchange_manager=Exchange(),  # type: ignore[arg-type]
        matrix_id=MATRIX_ID,
        bot_id=None,
        tentacles_setup_config=TentaclesSetupConfig(),
        symbols_by_cryptocurrency={"Bitcoin": ["BTC/USDT"]},
        time_frames=["1h"],
    )
    await strategy.start_evaluator()
    for evaluator in evaluators:
        evaluator.eval_note = 0.5
    start = perf_counter()
    for cycle in range(1, CYCLES + 1):
        time = cycle * 3600.0
        clock.advance_to(time)
        for evaluator in evaluators:
            await evaluator.evaluation_completed(*PLACE, eval_time=time)
        await dispatcher.run_until_idle()
    engine = perf_counter() - start
    start = perf_counter()
    for cycle in range(1, CYCLES + 1):
        clock.advance_to(cycle * 3600.0 + CYCLES * 3600.0)
        for _ in evaluators:
            await bare(eval_time=cycle)
        await dispatcher.run_until_idle()
    floor = perf_counter() - start
    assert isinstance(strategy, Strategy)
    assert strategy.calls == CYCLES
    await strategy.stop_evaluator()
    del_chan("Matrix", MATRIX_ID)
    delete_matrix(MATRIX_ID)
    per_note = 1e9 / (CYCLES * evaluators_count)
    return engine * per_note, floor * per_note


def main() -> None:
    print(f"{'nanoseconds per technical note':<48}{'engine':>8}{'floor':>8}{'added':>8}")
    rows = [
        ("1 evaluator, strategy called for each", 1, Strategy),
        ("1 evaluator, strategy concludes for each", 1, Concluding),
        ("10 evaluators, strategy called for every 10th", 10, Strategy),
        ("10 evaluators, strategy concludes on every 10th", 10, Concluding),
    ]
    for title, count, strategy_class in rows:
        measured = [asyncio.run(measure(count, strategy_class)) for _ in range(REPETITIONS)]
        engine = statistics.median(each[0] for each in measured)
        floor = statistics.median(each[1] for each in measured)
        print(f"{title:<48}{engine:>8.0f}{floor:>8.0f}{engine - floor:>8.0f}")


if __name__ == "__main__":
    main()
