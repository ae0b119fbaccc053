# SPDX-License-Identifier: Apache-2.0
"""Profit of each closed trade, by average cost, as ``octobot_trading``'s ``TradeLedger`` matches them.

A closed trade is one fill that sells what was bought, or with contracts also buys back what was sold. Its cost is the
average price, fees included, of what was bought through the same symbol until then. What the account held before the
run counts as bought at the symbol's first open (by the first symbol, in alphabetical order, that has it as base). What
was sold without having been bought through the symbol counts at the price it was sold for: no profit is claimed for it.
Results are in the reference market at the price known when the trade closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from octobot.report.valuation import MONEY_CONTEXT, PriceTable, exact, rounded_money
from octobot_commons.symbols import parse_symbol
from octobot_trading.personal_data.trades.closed_trade import ClosedTrade as LedgerTrade
from octobot_trading.personal_data.trades.closed_trade import Direction
from octobot_trading.personal_data.trades.trade_ledger import MatchingMethod, TradeLedger

if TYPE_CHECKING:
    from octobot.backtesting.result import BacktestResult
    from octobot_trading.personal_data.trades.fill import Fill

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """What one closing fill earned. Prices are in the symbol's quote and include fees, ``profit`` is in the reference
    market; funding is not part of it. ``direction`` is long or short.

    ``entry_time`` is the amount-weighted average time at which the sold quantity was bought.
    """

    fill_id: str
    symbol: str
    quantity: Decimal
    entry_price: Decimal
    exit_price: Decimal
    entry_time: float
    exit_time: float
    profit: Decimal
    profit_percent: float | None
    direction: str = Direction.LONG.value


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """What is left of a symbol's purchases at the last close; of sales, with a negative quantity."""

    symbol: str
    quantity: Decimal
    entry_price: Decimal
    last_price: Decimal
    profit: Decimal


def closed_trades(result: BacktestResult, table: PriceTable) -> tuple[list[ClosedTrade], list[OpenPosition]]:
    """Every closed trade in order of time, and what is still held by symbol."""
    ledger = TradeLedger(MatchingMethod.AVERAGE)
    _add_starting_holdings(ledger, result)
    with localcontext(MONEY_CONTEXT):
        closed = [
            _reported(trade, table)
            for fill in sorted(result.fills, key=lambda one: one.time)
            for trade in ledger.add(fill, fee_in_quote(fill, table))
        ]
        return closed, _open_positions(ledger, result, table)


def fee_in_quote(fill: Fill, table: PriceTable) -> Decimal:
    """The fee at the fill's own price, or through the reference market when paid in a third asset."""
    symbol = parse_symbol(fill.symbol)
    if not fill.fee or fill.fee_asset == symbol.quote:
        return fill.fee
    if fill.fee_asset == symbol.base:
        return fill.fee * fill.price
    if table.knows(fill.fee_asset) and table.knows(symbol.quote):
        return fill.fee * table.price_at(fill.fee_asset, fill.time) / table.price_at(symbol.quote, fill.time)
    return _ZERO


def fees_in_reference(fills: Sequence[Fill], table: PriceTable) -> Decimal:
    """All fees at the prices of their fills; a fee in an asset without a price counts as nothing."""
    total = _ZERO
    with localcontext(MONEY_CONTEXT):
        for fill in fills:
            total += fee_in_quote(fill, table) * _quote_price(fill.symbol, fill.time, table)
    return total


def _quote_price(symbol: str, time: float, table: PriceTable) -> Decimal:
    quote = parse_symbol(symbol).quote
    return table.price_at(quote, time) if table.knows(quote) else _ZERO


def _reported(trade: LedgerTrade, table: PriceTable) -> ClosedTrade:
    cost, gain = trade.entry_cost + trade.entry_fees, trade.net_pnl
    entered, left = _with_fees(trade.direction, trade.entry_cost, trade.entry_fees, gain)
    return ClosedTrade(
        fill_id=trade.exit_fill_id,
        symbol=trade.symbol,
        quantity=trade.quantity,
        entry_price=rounded_money(entered / trade.quantity),
        exit_price=rounded_money(left / trade.quantity),
        entry_time=trade.entry_time,
        exit_time=trade.exit_time,
        profit=rounded_money(gain * _quote_price(trade.symbol, trade.exit_time, table)),
        profit_percent=float(gain / cost * 100) if cost > 0 else None,
        direction=trade.direction.value,
    )


def _with_fees(direction: Direction, cost: Decimal, fees: Decimal, gain: Decimal) -> tuple[Decimal, Decimal]:
    """What entry and exit exchanged with their fees: a purchase costs them, of a sale they are taken."""
    if direction is Direction.LONG:
        return cost + fees, cost + fees + gain
    return cost - fees, cost - fees - gain


def _add_starting_holdings(ledger: TradeLedger, result: BacktestResult) -> None:
    placed: set[str] = {result.reference_market}
    for symbol in sorted(result.candles):
        series, base = result.candles[symbol], parse_symbol(symbol).base
        held = result.starting_portfolio.get(base, _ZERO)
        is_held = parse_symbol(symbol).is_spot() and held > 0  # what a futures account holds is margin
        if base in placed or not is_held or not len(series.open):
            continue
        placed.add(base)
        ledger.add_holding(symbol, held, exact(series.open[0]), float(series.open_times[0]))


def _open_positions(ledger: TradeLedger, result: BacktestResult, table: PriceTable) -> list[OpenPosition]:
    still_open = []
    for position in sorted(ledger.open_positions(), key=lambda one: one.symbol):
        series, held = result.candles.get(position.symbol), position.entries[0]
        if series is None or not len(series.close):
            continue
        last_price, quote = exact(series.close[-1]), parse_symbol(position.symbol).quote
        sign = 1 if position.direction is Direction.LONG else -1
        entered, _ = _with_fees(position.direction, held.cost, held.fees, _ZERO)
        gain = sign * (held.quantity * last_price - entered)
        still_open.append(
            OpenPosition(
                symbol=position.symbol,
                quantity=sign * held.quantity,
                entry_price=rounded_money(entered / held.quantity),
                last_price=last_price,
                profit=rounded_money(gain * table.last_price(quote)) if table.knows(quote) else _ZERO,
            )
        )
    return still_open
