# SPDX-License-Identifier: Apache-2.0
"""From a finished run to the figures of its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import numpy as np

from octobot.report import ratios
from octobot.report.band import compute_band
from octobot.report.equity import Curves, curves_from_prices, final_holdings, is_buy, portfolio_value
from octobot.report.jsonable import to_jsonable
from octobot.report.summary import DataQuality, Performance, Risk, Span, Summary, TradeStatistics
from octobot.report.trades import ClosedTrade, OpenPosition, closed_trades, fees_in_reference
from octobot.report.valuation import MONEY_CONTEXT, PriceTable, rounded_money
from octobot.report.wallets import rounding, wallets

if TYPE_CHECKING:
    from octobot.backtesting.result import BacktestResult
    from octobot_trading.history import CandleSeries
    from octobot_trading.personal_data.trades.fill import Fill

# A share of the value below this is dust that rounding left, not an investment.
_DUST_SHARE = 0.01


def compute_summary(result: BacktestResult) -> Summary:
    """The figures of ``result``, recomputed from its candles, starting portfolio and fills alone."""
    summary = _summary_of_world(result)
    return replace(summary, band=compute_band(result, summary, _summary_of_world))


def _summary_of_world(result: BacktestResult) -> Summary:
    table = PriceTable(result.candles, result.reference_market)
    curves = curves_from_prices(result, table)
    held = final_holdings(result.starting_portfolio, result.fills, result.payments)
    balances = wallets(held, result.fills)
    closed, still_open = closed_trades(result, table)
    start_time = curves.start_time if curves.start_time is not None else 0.0
    daily, first_day = ratios.daily_values(start_time, float(curves.start_value), curves.times, curves.equity)
    return Summary(
        span=_span(result, curves),
        performance=replace(_performance(result, table, curves, held), final_holdings=balances),
        risk=_risk(curves, ratios.daily_returns(daily)),
        trades=_trade_statistics(result, closed, still_open),
        monthly_returns=ratios.monthly_returns(daily, first_day),
        closed_trades=tuple(closed),
        open_positions=tuple(still_open),
        data=tuple(_quality(series) for _, series in sorted(result.candles.items())),
        portfolio_differences=_differences(result.final_portfolio, balances, rounding(result.fills)),
        unvalued_assets=tuple(asset for asset, amount in held.items() if amount and not table.knows(asset)),
        remarks=tuple(result.remarks),
        payments=tuple(result.payments),
    )


def _span(result: BacktestResult, curves: Curves) -> Span:
    start, end = curves.start_time, float(curves.times[-1]) if len(curves) else None
    return Span(
        start_time=start,
        end_time=end,
        seconds=end - start if end is not None and start is not None else 0.0,
        candles=sum(len(series.close) for series in result.candles.values()),
    )


def _performance(result: BacktestResult, table: PriceTable, curves: Curves, held: dict[str, Decimal]) -> Performance:
    start_value, end_value = curves.start_value, portfolio_value(held, table, at_start=False)
    start, end = float(start_value), float(end_value)
    held_value = None if curves.buy_and_hold is None else float(curves.buy_and_hold[-1])
    seconds = float(curves.times[-1]) - curves.start_time if curves.start_time is not None else 0.0
    return Performance(
        reference_market=result.reference_market,
        start_value=rounded_money(start_value),
        end_value=rounded_money(end_value),
        profit=rounded_money(end_value - start_value),
        profit_percent=float((end_value - start_value) / start_value * 100) if start_value > 0 else None,
        annual_percent=ratios.annual_return_percent(start, end, seconds),
        buy_and_hold_value=None if held_value is None else rounded_money(Decimal(repr(held_value))),
        buy_and_hold_percent=None if held_value is None else ratios.percent_change(start, held_value),
        fees=rounded_money(fees_in_reference(result.fills, table)),
        fees_by_asset=_fees_by_asset(result.fills),
        final_holdings=held,
    )


def _risk(curves: Curves, returns: np.ndarray[tuple[int], np.dtype[np.float64]] | None) -> Risk:
    deepest, start, low, end = _worst_drawdown(curves)
    count = len(curves)
    return Risk(
        max_drawdown_percent=deepest,
        drawdown_start_time=start,
        drawdown_low_time=low,
        drawdown_end_time=end,
        sharpe=ratios.sharpe_ratio(returns),
        sortino=ratios.sortino_ratio(returns),
        exposure_percent=float(np.mean(curves.invested)) * 100 if count else None,
        time_in_market_percent=float(np.mean(curves.invested > _DUST_SHARE)) * 100 if count else None,
    )


def _worst_drawdown(curves: Curves) -> tuple[float | None, float | None, float | None, float | None]:
    """Depth, and the times of the high before, of the low, and of the recovery. The first of equally deep ones."""
    if not len(curves):
        return None, None, None, None
    low = int(np.argmax(curves.drawdown))
    deepest = float(curves.drawdown[low])
    if deepest <= 0:
        return 0.0, None, None, None
    at_high = np.flatnonzero(curves.drawdown[:low] == 0)
    # Below the start from the first candle on: the high was the start itself.
    high_time = float(curves.times[at_high[-1]]) if len(at_high) else curves.start_time
    recovered = np.flatnonzero(curves.drawdown[low:] == 0)
    end_time = float(curves.times[low + int(recovered[0])]) if len(recovered) else None
    return deepest, high_time, float(curves.times[low]), end_time


def _trade_statistics(
    result: BacktestResult, closed: Sequence[ClosedTrade], still_open: Sequence[OpenPosition]
) -> TradeStatistics:
    profits = [trade.profit for trade in closed]
    won = sum((profit for profit in profits if profit > 0), Decimal(0))
    lost = -sum((profit for profit in profits if profit < 0), Decimal(0))
    wins = sum(profit > 0 for profit in profits)
    buys = sum(is_buy(fill) for fill in result.fills)
    total = sum(profits, Decimal(0))
    statuses = Counter(str(to_jsonable(order.get("status", "unknown"))).lower() for order in result.orders)
    held_seconds = [trade.exit_time - trade.entry_time for trade in closed]
    return TradeStatistics(
        orders=len(result.orders),
        orders_by_status=dict(sorted(statuses.items())),
        fills=len(result.fills),
        buys=buys,
        sells=len(result.fills) - buys,
        closed=len(closed),
        wins=wins,
        win_rate_percent=wins / len(closed) * 100 if closed else None,
        profit_factor=float(won / lost) if lost else None,
        closed_profit=rounded_money(total),
        open_profit=rounded_money(sum((position.profit for position in still_open), Decimal(0))),
        average_profit=rounded_money(total / len(closed)) if closed else None,
        best_profit=max(profits, default=None),
        worst_profit=min(profits, default=None),
        average_held_seconds=sum(held_seconds) / len(held_seconds) if held_seconds else None,
    )


def _fees_by_asset(fills: Sequence[Fill]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    with localcontext(MONEY_CONTEXT):
        for fill in fills:
            if fill.fee:
                totals[fill.fee_asset] = totals.get(fill.fee_asset, Decimal(0)) + fill.fee
    return dict(sorted(totals.items()))


def _differences(
    portfolio: dict[str, Decimal], explained: dict[str, Decimal], limits: dict[str, Decimal]
) -> dict[str, Decimal]:
    with localcontext(MONEY_CONTEXT):
        assets = sorted({*portfolio, *explained})
        changes = {asset: portfolio.get(asset, Decimal(0)) - explained.get(asset, Decimal(0)) for asset in assets}
    return {asset: change for asset, change in changes.items() if abs(change) > limits.get(asset, 0)}


def _quality(series: CandleSeries) -> DataQuality:
    quality = series.quality
    return DataQuality(
        symbol=series.symbol,
        time_frame=str(series.time_frame.value),
        exchange_name=series.exchange_name,
        source=series.source,
        sha256=series.sha256,
        candles=len(series.close),
        start_time=float(series.open_times[0]) if len(series.close) else None,
        end_time=float(series.close_times[-1]) if len(series.close) else None,
        rows_read=quality.rows_read,
        duplicates=quality.duplicates,
        gaps=len(quality.gaps),
        missing=quality.missing,
        zero_volume=quality.zero_volume,
        incomplete=quality.incomplete,
        derived_from=quality.derived_from,
        remarks=tuple(quality.remarks),
    )
