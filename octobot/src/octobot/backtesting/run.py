# SPDX-License-Identifier: Apache-2.0
"""Runs one backtest: the pipeline of a live bot on a simulated clock and exchange."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Sequence
from typing import Any

from async_channel import SynchronizedDispatcher
from octobot.backtesting.notes import NotesCollector, last_notes
from octobot.backtesting.observer import RunConductor, RunObserver
from octobot.backtesting.plan import Plan, make_plan
from octobot.backtesting.request import BacktestRequest
from octobot.backtesting.result import BacktestResult
from octobot.backtesting.worlds import world_results
from octobot.pipeline import Pipeline
from octobot_commons.causality import Horizon, within
from octobot_commons.clock import SimulatedClock
from octobot_commons.configuration.profile import ExchangeConfig
from octobot_commons.constants import CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT
from octobot_commons.services import open_recorded_events
from octobot_trading.backtesting.replay import Progress, Recorded, Replay
from octobot_trading.constants import DEFAULT_CANDLES_CAPACITY, ONE_HUNDRED
from octobot_trading.enums import FillRule
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.simulated.contract_account import ContractAccount
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.markets import simulated_markets
from octobot_trading.history import CandleSeries
from octobot_trading.protections import make_protections

# Ids tell runs of one process apart and never show in a result.
_run_numbers = itertools.count(1)


async def run_backtest(request: BacktestRequest, progress: Progress | None = None) -> BacktestResult:
    """Run a backtest from beginning to end.

    Args:
        progress: told how many candles were replayed since its last call.

    Raises:
        UserInputError: the profile, the data or the request cannot be used; nothing has run.
    """
    started = time.perf_counter()
    plan = make_plan(request)
    loaded = time.perf_counter()
    result = await run_plan(plan, progress)
    finished = time.perf_counter()
    result.timings.update(load_seconds=loaded - started, total_seconds=finished - started)
    return result


async def run_plan(
    plan: Plan,
    progress: Progress | None = None,
    observer: RunObserver | None = None,
    conductor: RunConductor | None = None,
) -> BacktestResult:
    """Run what ``make_plan`` has prepared. A plan can be run once: tentacles complete its settings.

    ``conductor`` says when each step of recorded time may come, and may end the run before its time.

    Raises:
        LookAheadError: a tentacle read what was not known yet; a run with ``observer`` goes on nevertheless.
    """
    random.seed(plan.request.seed)
    untouched = random.getstate()
    manager, *others = _create_exchanges(plan)
    events = None if plan.feeds is None else open_recorded_events(plan.feeds)
    pipeline = Pipeline(plan.profile, plan.tentacles, manager, f"matrix-{manager.id}", events, plan.end_time, others)
    make_horizon = Horizon if observer is None else observer.make_horizon
    replayed = {*(one.source for one in plan.all_series()), *(one.source for one in plan.funding)}
    horizon = make_horizon(lambda: plan.start_time, replayed if plan.feeds is None else {*replayed, str(plan.feeds)})
    started = time.perf_counter()
    try:
        collector = NotesCollector(manager.clock)
        with within(horizon):
            await pipeline.start(plan.symbols_by_cryptocurrency, plan.time_frames)
            if plan.request.all_notes:
                await collector.subscribe(pipeline.matrix_channel)
            if observer is not None:
                await observer.begin(pipeline)
            feeds = pipeline.service_feeds.recorded_feeds()
            of_venues: list[Sequence[Recorded]] = [[*plan.series, *plan.funding], *plan.other_venues.values()]
            recorded = dict(zip(pipeline.venues, of_venues, strict=True))
            replay = Replay(recorded, plan.request.start_time, service_feeds=feeds)
            horizon.now = replay.reached_time
            if observer is None:
                # A run in which somebody looked ahead has no result, whoever swallows the error.
                horizon.raise_first()
                horizon.on_crossing = lambda _: replay.stop()
            await replay.begin()
            await pipeline.evaluate_history()
            if observer is not None:
                await observer.history_is_evaluated()
            if conductor is not None:
                await conductor.begin(pipeline, replay)
            await replay.run(progress, None if conductor is None else conductor.wait)
            if observer is None:
                horizon.raise_first()
        seconds = time.perf_counter() - started
        notes = {"all": collector.notes} if plan.request.all_notes else last_notes(pipeline.matrix_id)
        result = _make_result(plan, pipeline, notes, replay, seconds)
        result.failures = pipeline.failures()
        result.shares_random = len(result.worlds) > 1 and random.getstate() != untouched
        return result
    finally:
        try:
            await pipeline.stop()
        finally:
            if events is not None:
                events.close()


def _create_exchanges(plan: Plan) -> list[ExchangeManager]:
    """Of each exchange the account of the first fill rule, with those of the others beside it."""
    clock, dispatcher, number = SimulatedClock(plan.start_time), SynchronizedDispatcher(), next(_run_numbers)
    return [
        _create_exchange(plan, name, f"{name}-backtest-{number}", clock, dispatcher)
        for name in (plan.exchange_name, *plan.other_venues)
    ]


def _create_exchange(
    plan: Plan, exchange_name: str, exchange_id: str, clock: SimulatedClock, dispatcher: SynchronizedDispatcher
) -> ExchangeManager:
    first, *others = plan.request.fill_rules
    manager = ExchangeManager(
        exchange_id,
        _simulated(plan, exchange_name, clock, first),
        clock,
        plan.symbols_by_cryptocurrency,
        dispatcher=dispatcher,
        is_backtesting=True,
        reference_market=plan.profile.reference_market,
        risk=plan.profile.risk,
        candles_capacity=candles_capacity(plan),
        seed=plan.request.seed,
    )
    manager.keeps_causes = plan.request.keeps_causes
    manager.explanations = [] if plan.request.explains else None
    for fill_rule in others:
        exchange = _simulated(plan, exchange_name, clock, fill_rule)
        ExchangeManager.beside(manager, f"{exchange_id}-{fill_rule}", exchange)
    for account in (manager, *manager.worlds):
        account.protections.use(make_protections(plan.profile.protections, account.reference_market))
    return manager


def _simulated(plan: Plan, exchange_name: str, clock: SimulatedClock, fill_rule: FillRule) -> SimulatedExchange:
    simulator = plan.profile.trader_simulator
    symbols = list(itertools.chain.from_iterable(plan.symbols_by_cryptocurrency.values()))
    fees = FeeModel(simulator.fees.maker / ONE_HUNDRED, simulator.fees.taker / ONE_HUNDRED)
    account = None
    if plan.trades_contracts:
        leverage = plan.profile.exchanges.get(exchange_name, ExchangeConfig()).leverage
        account = ContractAccount(simulator.starting_portfolio, fees, leverage=leverage)
    return SimulatedExchange(
        exchange_name,
        clock,
        simulated_markets(symbols, exchange_name),
        simulator.starting_portfolio,
        fees,
        fill_rule,
        account=account,
    )


def candles_capacity(plan: Plan) -> int:
    """How many closed candles of each time frame are kept: as many as the most demanding tentacle asks for."""
    setup = plan.profile.tentacles_setup
    asked = [setup.get_config(name).get(CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT) for name in setup.activated_names()]
    return max([DEFAULT_CANDLES_CAPACITY, *(count for count in asked if isinstance(count, int))])


def _make_result(
    plan: Plan, pipeline: Pipeline, notes: dict[str, Any], replay: Replay, seconds: float
) -> BacktestResult:
    worlds, candles = world_results(pipeline.venues), replay.candles
    return BacktestResult(
        settings=plan.settings(),
        inputs=describe_inputs(plan),
        candles=base_candles(plan, replay.reached_time() if replay.is_stopped else None),
        starting_portfolio={
            asset: amount * len(pipeline.venues)
            for asset, amount in plan.profile.trader_simulator.starting_portfolio.items()
        },
        final_portfolio=worlds[0].final_portfolio,
        reference_market=plan.profile.reference_market,
        orders=worlds[0].orders,
        decisions=worlds[0].decisions,
        fills=worlds[0].fills,
        notes=notes,
        timings={"run_seconds": seconds, "candles": candles, "candles_per_second": candles / seconds},
        worlds=worlds,
        explanations=pipeline.exchange_manager.explanations or [],
        remarks=_remarks(plan, pipeline),
        refusals=worlds[0].refusals,
        payments=worlds[0].payments,
    )


def _remarks(plan: Plan, pipeline: Pipeline) -> list[str]:
    """What whoever reads the result has to know, each thing once."""
    told = [remark for one in plan.all_series() for remark in one.quality.remarks if remark.startswith("synthetic")]
    if plan.feeds is not None and plan.feeds.name == plan.profile.backtesting.feeds:
        told.append(f"service feeds told what stands in {plan.feeds.name} of the profile")
    if plan.other_venues:
        names = ", ".join(venue.exchange_name for venue in pipeline.venues)
        told.append(f"the accounts on {names} are counted together, valued at the prices of {plan.exchange_name}")
    if plan.trades_contracts:
        told += _remarks_on_contracts(plan)
    own = [f"{mode.get_name()}: {remark}" for mode in pipeline.modes for remark in mode.remarks]
    return [*dict.fromkeys((*told, *own))]


def _remarks_on_contracts(plan: Plan) -> list[str]:
    symbols = [symbol for symbols in plan.symbols_by_cryptocurrency.values() for symbol in symbols]
    without = [symbol for symbol in symbols if symbol not in {one.symbol for one in plan.funding}]
    if not without:
        return ["funding is part of equity and of no closed trade"]
    return [f"no funding rates of {', '.join(without)} are recorded: none are paid"]


def base_candles(plan: Plan, end_time: float | None = None) -> dict[str, CandleSeries]:
    """By symbol, the series that orders are matched against, from the start on."""
    first_of_symbol = {series.symbol: series for series in reversed(plan.series)}
    start = plan.request.start_time
    return {symbol: series.slice(start, end_time) for symbol, series in reversed(first_of_symbol.items())}


def describe_inputs(plan: Plan) -> list[dict[str, Any]]:
    """Where each series comes from, and how good it is."""
    return [_describe_input(series) for series in plan.all_series()]


def _describe_input(series: CandleSeries) -> dict[str, Any]:
    quality = series.quality
    return {
        "symbol": series.symbol,
        "time_frame": series.time_frame.value,
        "exchange_name": series.exchange_name,
        "source": series.source,
        "sha256": series.sha256,
        "rows": len(series),
        "rows_read": quality.rows_read,
        "start_time": float(series.open_times[0]),
        "end_time": float(series.close_times[-1]),
        "gaps": [
            {"start_time": gap.start_time, "end_time": gap.end_time, "missing": gap.missing} for gap in quality.gaps
        ],
        "missing": quality.missing,
        "duplicates": quality.duplicates,
        "zero_volume": quality.zero_volume,
        "incomplete": quality.incomplete,
        "derived_from": quality.derived_from,
        "remarks": list(quality.remarks),
    }
