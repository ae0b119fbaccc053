# SPDX-License-Identifier: Apache-2.0
"""Profit of each closed trade, by average cost.

A closed trade is one fill that sells. Its cost is the average price, fees included, of what was bought through the
same symbol until then. What the account held before the run counts as bought at the symbol's first open (by the first
symbol, in alphabetical order, that has it as base). What was sold without having been bought through the symbol counts
at the price it was sold for: no profit is claimed for it. Results are in the reference market at the price known when
the trade closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from octobot.report.equity import is_buy
from octobot.report.valuation import DECIMAL_PRECISION, PriceTable, exact, rounded_money
from octobot_commons.symbols import parse_symbol

if TYPE_CHECKING:
    from octobot.backtesting.result import BacktestResult
    from octobot_trading.personal_data.trades.fill import Fill

_DIVISION_PRECISION = 28
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """What one selling fill earned. Prices are in the symbol's quote and include fees, ``profit`` is in the reference
    market.

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


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """What is left of a symbol's purchases at the last close."""

    symbol: str
    quantity: Decimal
    entry_price: Decimal
    last_price: Decimal
    profit: Decimal


@dataclass(slots=True)
class _Position:
    quantity: Decimal = _ZERO
    cost: Decimal = _ZERO
    average_time: float = 0.0

    def add(self, quantity: Decimal, cost: Decimal, time: float) -> None:
        total = self.quantity + quantity
        if total > 0:
            self.average_time += (time - self.average_time) * float(quantity / total)
        self.quantity, self.cost = total, self.cost + cost

    def take(self, quantity: Decimal) -> Decimal:
        """Remove ``quantity`` (at most what is there) and return what it had cost."""
        cost = self.cost if quantity == self.quantity else self.cost * quantity / self.quantity
        self.quantity, self.cost = self.quantity - quantity, self.cost - cost
        return cost


def closed_trades(result: BacktestResult, table: PriceTable) -> tuple[list[ClosedTrade], list[OpenPosition]]:
    """Every closed trade in order of time, and what is still held by symbol."""
    with localcontext() as context:
        context.prec = _DIVISION_PRECISION
        positions = _starting_positions(result)
        closed: list[ClosedTrade] = []
        for fill in sorted(result.fills, key=lambda one: one.time):
            position = positions.setdefault(fill.symbol, _Position())
            if is_buy(fill):
                received, paid = _received_and_paid(fill, table)
                position.add(received, paid, fill.time)
            else:
                closed.append(_close(position, fill, table))
        return closed, _open_positions(positions, result, table)


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
    with localcontext() as context:
        context.prec = DECIMAL_PRECISION
        for fill in fills:
            total += fee_in_quote(fill, table) * _quote_price(fill, table)
    return total


def _quote_price(fill: Fill, table: PriceTable) -> Decimal:
    quote = parse_symbol(fill.symbol).quote
    return table.price_at(quote, fill.time) if table.knows(quote) else _ZERO


def _received_and_paid(fill: Fill, table: PriceTable) -> tuple[Decimal, Decimal]:
    """Base received and quote paid by a purchase. A fee in base reduces what came in, any other adds to the cost."""
    if fill.fee_asset == parse_symbol(fill.symbol).base:
        return fill.quantity - fill.fee, fill.cost
    return fill.quantity, fill.cost + fee_in_quote(fill, table)


def _close(position: _Position, fill: Fill, table: PriceTable) -> ClosedTrade:
    in_base = fill.fee_asset == parse_symbol(fill.symbol).base
    quantity = fill.quantity + fill.fee if in_base else fill.quantity
    proceeds = fill.cost if in_base else fill.cost - fee_in_quote(fill, table)
    known = min(quantity, max(position.quantity, _ZERO))
    entry_time = position.average_time if known else fill.time
    cost = (position.take(known) if known else _ZERO) + proceeds * (quantity - known) / quantity
    gain = proceeds - cost
    return ClosedTrade(
        fill_id=str(fill.fill_id),
        symbol=fill.symbol,
        quantity=quantity,
        entry_price=rounded_money(cost / quantity),
        exit_price=rounded_money(proceeds / quantity),
        entry_time=entry_time,
        exit_time=fill.time,
        profit=rounded_money(gain * _quote_price(fill, table)),
        profit_percent=float(gain / cost * 100) if cost > 0 else None,
    )


def _starting_positions(result: BacktestResult) -> dict[str, _Position]:
    positions: dict[str, _Position] = {}
    placed: set[str] = {result.reference_market}
    for symbol in sorted(result.candles):
        series, base = result.candles[symbol], parse_symbol(symbol).base
        held = result.starting_portfolio.get(base, _ZERO)
        if base in placed or held <= 0 or not len(series.open):
            continue
        placed.add(base)
        positions[symbol] = _Position(held, held * exact(series.open[0]), float(series.open_times[0]))
    return positions


def _open_positions(positions: dict[str, _Position], result: BacktestResult, table: PriceTable) -> list[OpenPosition]:
    still_open = []
    for symbol, position in sorted(positions.items()):
        series = result.candles.get(symbol)
        if position.quantity <= 0 or series is None or not len(series.close):
            continue
        last_price, quote = exact(series.close[-1]), parse_symbol(symbol).quote
        gain = position.quantity * last_price - position.cost
        still_open.append(
            OpenPosition(
                symbol=symbol,
                quantity=position.quantity,
                entry_price=rounded_money(position.cost / position.quantity),
                last_price=last_price,
                profit=rounded_money(gain * table.last_price(quote)) if table.knows(quote) else _ZERO,
            )
        )
    return still_open
