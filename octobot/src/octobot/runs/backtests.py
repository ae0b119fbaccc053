# SPDX-License-Identifier: Apache-2.0
"""Backtests in the run store, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from octobot.backtesting.plan import Plan
from octobot.backtesting.result import BacktestResult
from octobot.backtesting.run import base_candles, describe_inputs
from octobot.report import Summary
from octobot.runs.candles import describe_candles
from octobot.runs.code import code_hashes
from octobot.runs.records import RunEnd, RunKind, RunStart, StoredRun
from octobot.runs.store import RunStore
from octobot_commons.errors import UserInputError
from octobot_trading.personal_data.transactions.transaction import Transaction

if TYPE_CHECKING:
    from octobot_trading.history import CandleSeries


def plan_code(plan: Plan) -> dict[str, Any]:
    """The code that will run; asked for before it does, as its files may change meanwhile."""
    active = plan.tentacles
    return code_hashes((*active.evaluators, *active.strategies, active.trading_mode, *active.automations))


def store_backtest(
    store: RunStore,
    result: BacktestResult,
    summary: Summary,
    code: dict[str, Any],
    started_time: float,
    ended_time: float,
) -> str:
    """Store one backtest, all or nothing; returns its id.

    Raises:
        EnvironmentFault: the store cannot be written.
    """
    start = RunStart(
        kind=RunKind.BACKTEST,
        name=str(result.settings.get("profile", "")),
        started_time=started_time,
        seed=int(result.settings.get("seed", 0)),
        settings=result.settings,
        code=code,
        reference_market=result.reference_market,
        starting_portfolio=result.starting_portfolio,
        inputs=result.inputs,
        candles=describe_candles(result.candles),
    )
    figures = summary.to_dict()
    # There is one for each selling fill: they come from fills and candles again.
    figures.pop("closed_trades")
    end = RunEnd(ended_time, result.final_portfolio, figures, _note_counts(result.notes), result.timings)
    return store.add(start, end, result.orders, result.fills, result.decisions)


def store_failure(store: RunStore, plan: Plan, code: dict[str, Any], started_time: float, error: Exception) -> str:
    """Store that a backtest was begun and what ended it; returns its id.

    Raises:
        EnvironmentFault: the store cannot be written.
    """
    settings = plan.settings()
    start = RunStart(
        kind=RunKind.BACKTEST,
        name=str(settings.get("profile", "")),
        started_time=started_time,
        seed=plan.request.seed,
        settings=settings,
        code=code,
        reference_market=plan.profile.reference_market,
        starting_portfolio=dict(plan.profile.trader_simulator.starting_portfolio),
        inputs=describe_inputs(plan),
        candles=describe_candles(base_candles(plan)),
    )
    with store.begin(start) as run:
        run.fail(f"{type(error).__name__}: {error}")
    return run.id


def stored_result(run: StoredRun, candles: Mapping[str, CandleSeries]) -> BacktestResult:
    """The result of a finished run, with the candles that ``find_candles`` has found; notes are not kept.

    Raises:
        UserInputError: the run has no result.
    """
    if run.end is None:
        raise UserInputError(f"run {run.id} is {run.status}: it has no result", field="ID")
    start, end = run.start, run.end
    return BacktestResult(
        settings=start.settings,
        inputs=start.inputs,
        candles=dict(candles),
        starting_portfolio=start.starting_portfolio,
        final_portfolio=end.final_portfolio,
        reference_market=start.reference_market,
        orders=run.orders,
        fills=run.fills,
        timings=end.timings,
        payments=msgspec.convert(end.figures.get("payments", []), list[Transaction]),
    )


def stored_summary(figures: Mapping[str, Any]) -> Summary:
    """The stored figures as a summary; its closed trades are not kept."""
    return msgspec.convert({**figures, "closed_trades": []}, Summary)


def _note_counts(notes: Mapping[str, Any]) -> dict[str, int]:
    """How many notes of each evaluator the result holds."""
    if "all" in notes:
        return dict(sorted(Counter(str(note["evaluator"]) for note in notes["all"]).items()))
    return {name: len(found) for name, found in notes.items()}
