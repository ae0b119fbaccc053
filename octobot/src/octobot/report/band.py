# SPDX-License-Identifier: Apache-2.0
"""How sure a result is: what came of the accounts of each fill rule, on the same notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octobot.backtesting.result import BacktestResult
    from octobot.report.summary import Summary

SHARED_RANDOM = (
    "tentacles drew from Python's `random`, which the accounts of the band share: where trading modes do, each account"
    " may differ from its run alone. They should draw from exchange_manager.random"
)


@dataclass(frozen=True, slots=True)
class WorldFigures:
    """What one fill rule makes of the run. ``ambiguous_candles`` could have ended otherwise for one of its orders, had
    their prices come in another order; ``gap_through_stops`` are stops that the price jumped over.
    """

    fill_rule: str
    end_value: Decimal
    profit: Decimal
    profit_percent: float | None
    max_drawdown_percent: float | None
    fills: int
    closed_trades: int
    win_rate_percent: float | None
    ambiguous_candles: int
    gap_through_stops: int


@dataclass(frozen=True, slots=True)
class Band:
    """The worlds of one run, and the lowest and highest of their results.

    ``shares_random`` is that of ``BacktestResult``.
    """

    worlds: tuple[WorldFigures, ...]
    lowest_value: Decimal
    highest_value: Decimal
    lowest_profit_percent: float | None
    highest_profit_percent: float | None
    shares_random: bool = False


def compute_band(result: BacktestResult, own: Summary, summarize: Callable[[BacktestResult], Summary]) -> Band | None:
    """The band of a result; of one world its own figures twice. None where nothing is known of worlds."""
    if not result.worlds:
        return None
    summaries = [own, *(summarize(result.of_world(world)) for world in result.worlds[1:])]
    worlds = tuple(
        WorldFigures(
            fill_rule=world.fill_rule.value,
            end_value=summary.performance.end_value,
            profit=summary.performance.profit,
            profit_percent=summary.performance.profit_percent,
            max_drawdown_percent=summary.risk.max_drawdown_percent,
            fills=summary.trades.fills,
            closed_trades=summary.trades.closed,
            win_rate_percent=summary.trades.win_rate_percent,
            ambiguous_candles=world.ambiguous_candles,
            gap_through_stops=world.gap_through_stops,
        )
        for world, summary in zip(result.worlds, summaries, strict=True)
    )
    values = [world.end_value for world in worlds]
    percents = [world.profit_percent for world in worlds if world.profit_percent is not None]
    return Band(worlds, min(values), max(values), *_extremes(percents), result.shares_random)


def _extremes(percents: Sequence[float]) -> tuple[float | None, float | None]:
    return (min(percents), max(percents)) if percents else (None, None)
