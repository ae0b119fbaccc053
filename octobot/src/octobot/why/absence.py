# SPDX-License-Identifier: Apache-2.0
"""Why no order was made at some time: the run once more up to it, with everything that was said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from octobot.backtesting.plan import Plan, make_plan
from octobot.backtesting.request import BacktestRequest
from octobot.backtesting.run import run_plan
from octobot.shipped import BTC_USDT_1H
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, UserInputError, did_you_mean
from octobot_trading.enums import FillRule
from octobot_trading.history import CandleSeries

if TYPE_CHECKING:
    from octobot.runs.records import StoredRun


@dataclass(frozen=True, slots=True)
class Absence:
    """What was known of a symbol at a time, and what the trading mode said then.

    Attributes:
        woken_time: when the mode was last asked about the symbol, at ``time`` or before; None: never.
        said: its words then, in order.
        order_ids: of the orders that it made then.
        candles: by time frame, the last closed candle: [open time, open, high, low, close, volume].
        notes: as ``last_notes`` tells them, by evaluator.
    """

    symbol: str
    time: float
    woken_time: float | None
    said: list[str]
    order_ids: list[str]
    candles: dict[str, list[float]]
    notes: dict[str, list[dict[str, Any]]]


def explain_absence(run: StoredRun, symbol: str, time: float, profile: str | None = None) -> Absence:
    """Run again up to ``time`` and tell what was known and said of a symbol then.

    Args:
        profile: folder or name of the run's profile, by default the name that it was run with.

    Raises:
        UserInputError: the run does not trade the symbol, or does not reach the time.
        DataError: profile or data are not those of the run any more.
    """
    _check_asked(run, symbol, time)
    plan = _plan(run, time, profile)
    result = asyncio.run(run_plan(plan))
    said = [one for one in result.explanations if one.symbol == symbol]
    made = [order for order in result.orders if order["symbol"] == symbol and "parent_id" not in order]
    woken = max((*(one.time for one in said), *(order["creation_time"] for order in made)), default=None)
    return Absence(
        symbol=symbol,
        time=time,
        woken_time=woken,
        said=[one.text for one in said if one.time == woken],
        order_ids=[order["order_id"] for order in made if order["creation_time"] == woken],
        candles={one.time_frame.value: _last_row(one) for one in plan.series if one.symbol == symbol and len(one)},
        notes={
            name: [note for note in notes if note["symbol"] in (None, symbol)] for name, notes in result.notes.items()
        },
    )


def _check_asked(run: StoredRun, symbol: str, time: float) -> None:
    symbols = run.start.settings.get("symbols", [])
    if symbol not in symbols:
        remedy = did_you_mean(symbol, symbols, f"it trades {', '.join(symbols)}")
        raise UserInputError(f"run {run.id} does not trade {symbol}", field="SYMBOL", remedy=remedy)
    (span,) = [(one["first_time"], one["end_time"]) for one in run.start.candles if one["symbol"] == symbol]
    if not span[0] <= time <= span[1]:
        raise UserInputError(f"run {run.id} does not reach this time", field="TIME", remedy="give one within the run")


def _plan(run: StoredRun, time: float, profile: str | None) -> Plan:
    settings = run.start.settings
    request = BacktestRequest(
        profile=profile or settings["profile"],
        data=_files(run),
        symbols=tuple(settings["symbols"]),
        time_frames=tuple(TimeFrames(value) for value in settings["time_frames"]),
        start_time=settings["start_time"],
        end_time=time,
        seed=run.start.seed,
        fill_rules=(FillRule(settings["fill_rules"][0]),),
        path=settings["path"],
        keeps_causes=False,
        explains=True,
        feeds=None if settings.get("feeds") is None else Path(settings["feeds"]),
    )
    plan = make_plan(request)
    _check_same(run, plan)
    return plan


def _files(run: StoredRun) -> tuple[Path, ...]:
    """The files that the run read; none for the store and the shipped candles, which are found by their symbols."""
    sources = dict.fromkeys(Path(one["source"]) for one in run.start.inputs)
    return tuple(path for path in sources if path != BTC_USDT_1H and path.suffix != ".sqlite")


def _check_same(run: StoredRun, plan: Plan) -> None:
    now, then = plan.settings()["configuration"], run.start.settings["configuration"]
    changed = [name for name in {**now, **then} if now.get(name) != then.get(name)]
    if changed:
        raise DataError(
            f"profile {run.start.name} is not what it was in run {run.id}: {', '.join(changed)}",
            field="--profile",
            remedy="name the folder of the profile as it was; `octobot runs show` has its settings",
        )
    read = {(one["symbol"], one["time_frame"]): one["sha256"] for one in run.start.inputs}
    for series in plan.series:
        if read.get((series.symbol, series.time_frame.value)) != series.sha256:
            raise DataError(
                f"the candles of {series.symbol} {series.time_frame.value} are not those that run {run.id} replayed",
                file=series.source,
                remedy="put the file back that they came from, or import it",
            )


def _last_row(series: CandleSeries) -> list[float]:
    return [float(column[-1]) for column in series.columns()]
