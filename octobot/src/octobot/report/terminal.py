# SPDX-License-Identifier: Apache-2.0
"""The summary as text of at most 100 columns, ASCII but for names that are not."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from octobot.report import formatting as fmt
from octobot.report.band import SHARED_RANDOM, Band, WorldFigures
from octobot.report.summary import DataQuality, Risk, Summary

if TYPE_CHECKING:
    from octobot.backtesting.result import BacktestResult

WIDTH = 100
_LABEL_WIDTH = 16
_GREEN, _RED, _BOLD, _DIM, _RESET = "\x1b[32m", "\x1b[31m", "\x1b[1m", "\x1b[2m", "\x1b[0m"


def format_summary(summary: Summary, result: BacktestResult, *, color: bool = False) -> str:
    """The figures of one run, one label a line. ANSI colours only where ``color`` is asked for."""
    lines = [_heading(summary, color)]
    for label, text, change in _rows(summary, result):
        if not label:
            lines.append("")
            continue
        wrapped = textwrap.wrap(text, WIDTH - _LABEL_WIDTH) or [fmt.NOTHING]
        for position, part in enumerate(wrapped):
            name = (label if position == 0 else "").ljust(_LABEL_WIDTH)
            lines.append((f"{_DIM}{name}{_RESET}" if color else name) + _painted(part, change if color else None))
    return "\n".join(lines)


def _painted(text: str, change: float | Decimal | None) -> str:
    if not change:
        return text
    return f"{_GREEN if change > 0 else _RED}{text}{_RESET}"


def _heading(summary: Summary, color: bool) -> str:
    series = ", ".join(f"{one.symbol} {one.time_frame}" for one in summary.data) or "no candles"
    title = textwrap.shorten(f"Backtest of {series}", WIDTH, placeholder=" ...")
    rule = "-" * len(title)
    return f"{_BOLD}{title}{_RESET}\n{rule}" if color else f"{title}\n{rule}"


def _rows(summary: Summary, result: BacktestResult) -> Iterator[tuple[str, str, float | Decimal | None]]:
    span, performance, trades = summary.span, summary.performance, summary.trades
    market = performance.reference_market
    yield (
        "Span",
        f"{fmt.moment(span.start_time)} to {fmt.moment(span.end_time)} UTC ({fmt.duration(span.seconds)})",
        None,
    )
    yield "Candles", f"{span.candles:,}{_speed(result, span.candles)}", None
    for one in summary.data:
        yield "Input data", _data_text(one), None
    yield "", "", None
    yield "Start value", f"{fmt.money(performance.start_value)} {market}", None
    yield "End value", f"{fmt.money(performance.end_value)} {market}", None
    profit = (
        f"{fmt.money(performance.profit, sign=True)} {market}  {fmt.percent(performance.profit_percent, sign=True)}"
    )
    if performance.annual_percent is not None:
        profit += f"  ({fmt.percent(performance.annual_percent, sign=True)} a year)"
    yield "Profit", profit, performance.profit
    yield "Buy and hold", f"{fmt.percent(performance.buy_and_hold_percent, sign=True)}", None
    yield "Fees paid", f"{fmt.money(performance.fees)} {market}", None
    yield "", "", None
    yield from _risk_rows(summary.risk)
    yield "", "", None
    yield "Orders", f"{trades.orders:,}{_statuses(trades.orders_by_status)}", None
    if result.refusals:
        by_name = ", ".join(f"{count:,} by {name}" for name, count in result.refusals.items())
        yield "Refused", f"{sum(result.refusals.values()):,} by protections  ({by_name})", None
    yield "Trades", f"{trades.fills:,}  ({trades.buys:,} buys, {trades.sells:,} sells)", None
    yield "Win rate", f"{fmt.percent(trades.win_rate_percent)} of {fmt.count(trades.closed, 'closed trade')}", None
    yield "Profit factor", fmt.ratio(trades.profit_factor), None
    if trades.closed:
        extremes = f"best {fmt.money(trades.best_profit, sign=True)}, worst {fmt.money(trades.worst_profit, sign=True)}"
        yield "Average trade", f"{fmt.money(trades.average_profit, sign=True)} {market}  ({extremes})", None
    yield from _band_rows(summary.band, market)
    yield from _warnings(summary)
    for name, failures in result.failures.items():
        yield "Warning", f"{name} failed {fmt.count(failures, 'time')} and did nothing then; the log says why.", None


def _band_rows(band: Band | None, market: str) -> Iterator[tuple[str, str, float | Decimal | None]]:
    if band is None:
        return
    yield "", "", None
    if len(band.worlds) == 1:
        yield "Fill rule", f"{band.worlds[0].fill_rule}{_doubts(band.worlds[0])}", None
        return
    lowest, highest = (fmt.money(value) for value in (band.lowest_value, band.highest_value))
    percents = (fmt.percent(one, sign=True) for one in (band.lowest_profit_percent, band.highest_profit_percent))
    yield "Band", f"{lowest} to {highest} {market}  ({' to '.join(percents)})", None
    for world in band.worlds:
        drawdown = f"drawdown {fmt.percent(world.max_drawdown_percent)}, {fmt.count(world.fills, 'trade')}"
        end = f"{fmt.money(world.end_value)} {market}  {fmt.percent(world.profit_percent, sign=True)}"
        yield f"  {world.fill_rule}", f"{end}, {drawdown}{_doubts(world)}", world.profit
    if band.shares_random:
        yield "Warning", f"{SHARED_RANDOM}.", None


def _doubts(world: WorldFigures) -> str:
    stops = fmt.count(world.gap_through_stops, "stop")
    return f", {fmt.count(world.ambiguous_candles, 'ambiguous candle')}, {stops} jumped over"


def _risk_rows(risk: Risk) -> Iterator[tuple[str, str, float | None]]:
    drawdown = fmt.percent(risk.max_drawdown_percent)
    if risk.drawdown_low_time is not None:
        back = (
            f"back at {fmt.moment(risk.drawdown_end_time)}" if risk.drawdown_end_time is not None else "not recovered"
        )
        drawdown += f"  (from {fmt.moment(risk.drawdown_start_time)}, low {fmt.moment(risk.drawdown_low_time)}, {back})"
    yield "Max drawdown", drawdown, None
    yield (
        "Sharpe",
        f"{fmt.ratio(risk.sharpe)}  (Sortino {fmt.ratio(risk.sortino)}; daily returns, a year of 365 days)",
        None,
    )
    in_market = fmt.percent(risk.time_in_market_percent)
    yield "Exposure", f"{fmt.percent(risk.exposure_percent)} of the value, {in_market} of the time", None


def _speed(result: BacktestResult, candles: int) -> str:
    replayed, rate, seconds = (result.timings.get(key) for key in ("candles", "candles_per_second", "run_seconds"))
    if replayed is None or rate is None or seconds is None:
        return ""
    all_of_them = "" if replayed == candles else f"{replayed:,} on all time frames, "
    return f"  ({all_of_them}replayed in {seconds:,.2f} s: {rate:,.0f} candles/s)"


def _statuses(by_status: dict[str, int]) -> str:
    parts = ", ".join(f"{number:,} {status}" for status, number in by_status.items())
    return f"  ({parts})" if parts else ""


def _data_text(one: DataQuality) -> str:
    gaps = f"{fmt.count(one.gaps, 'gap')} ({fmt.count(one.missing, 'candle')} missing)" if one.gaps else "no gaps"
    parts = [f"{one.symbol}: {gaps}", fmt.count(one.duplicates, "duplicate"), f"{one.zero_volume:,} without volume"]
    if one.incomplete:
        parts.append(f"{one.incomplete:,} incomplete")
    if one.derived_from:
        parts.append(f"derived from {one.derived_from}")
    parts.extend(one.remarks)
    return ", ".join(parts)


def _warnings(summary: Summary) -> Iterator[tuple[str, str, float | None]]:
    for remark in summary.remarks:
        yield "Remark", f"{remark}.", None
    if summary.unvalued_assets:
        yield "Not valued", f"{', '.join(summary.unvalued_assets)}: no traded symbol gives a price, counted as 0", None
    if summary.portfolio_differences:
        amounts = ", ".join(f"{amount:+f} {asset}" for asset, amount in summary.portfolio_differences.items())
        yield (
            "Warning",
            f"the final portfolio differs from what the fills explain: {amounts}. Please report this.",
            None,
        )
