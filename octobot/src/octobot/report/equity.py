# SPDX-License-Identifier: Apache-2.0
"""The value of the portfolio over time, recomputed from the starting portfolio and the fills alone.

Nothing here asks the portfolio that the run kept: what the report shows is an independent account of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

import numpy as np

from octobot.report.valuation import MONEY_CONTEXT, FloatArray, PriceTable
from octobot_commons.symbols import parse_symbol
from octobot_trading.enums import OrderSide

if TYPE_CHECKING:
    from octobot.backtesting.result import BacktestResult
    from octobot_trading.personal_data.trades.fill import Fill
    from octobot_trading.personal_data.transactions.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Curves:
    """Values at each candle close, in the reference market, beside the value at the start.

    A fill counts from the first close at or after its time. ``equity`` is cash plus holdings at their last close.
    Positions of linear contracts count with what opening them would have cost as cash that is gone, so that equity is
    the wallet with its open profit. ``buy_and_hold`` is the starting value split evenly over the traded base assets,
    bought at the first open of each without fees and held (None when no traded asset can be valued). ``drawdown`` is
    how far equity stands below its highest value so far, the start included, in percent and never negative.
    ``invested`` is the value of everything but the reference market, short positions counted like long ones, as a part
    of equity (0 where equity is 0).
    """

    start_time: float | None
    start_value: Decimal
    times: FloatArray
    equity: FloatArray
    buy_and_hold: FloatArray | None
    drawdown: FloatArray
    invested: FloatArray

    def __len__(self) -> int:
        return len(self.times)


def compute_curves(result: BacktestResult) -> Curves:
    """The curves of one run. Assets that no traded symbol leads to count as nothing (``Summary.unvalued_assets`` names
    them).
    """
    return curves_from_prices(result, PriceTable(result.candles, result.reference_market))


def curves_from_prices(result: BacktestResult, table: PriceTable) -> Curves:
    """``compute_curves`` for a caller that has the price table already."""
    cash = np.zeros(len(table.close_times))
    holdings, exposed = np.zeros(len(table.close_times)), np.zeros(len(table.close_times))
    changes = [(fill.time, *movement) for fill in result.fills for movement in movements(fill)]
    changes += [(payment.time, payment.asset, payment.amount) for payment in result.payments]
    for asset, amounts in _amounts_over(table.close_times, result.starting_portfolio, changes).items():
        if asset == result.reference_market:
            cash = amounts
        elif table.knows(asset):
            value = amounts * table.prices(asset)
            holdings, exposed = holdings + value, exposed + np.abs(value)
    equity = cash + holdings
    start_value = portfolio_value(result.starting_portfolio, table, at_start=True)
    invested = np.divide(exposed, equity, out=np.zeros_like(equity), where=equity != 0)
    return Curves(
        start_time=table.start_time,
        start_value=start_value,
        times=table.close_times,
        equity=equity,
        buy_and_hold=_buy_and_hold(list(result.candles), table, float(start_value)),
        drawdown=drawdown_percent(float(start_value), equity),
        invested=invested,
    )


def movements(fill: Fill) -> Iterator[tuple[str, Decimal]]:
    """What a fill adds to each asset: base and quote change hands, the fee leaves in its own asset.

    Of a linear contract, whose contracts are of one base here, the position takes the place of base, by its symbol.
    """
    symbol = parse_symbol(fill.symbol)
    sign = 1 if is_buy(fill) else -1
    yield symbol.base if symbol.is_spot() else fill.symbol, sign * fill.quantity
    yield symbol.quote, -sign * fill.cost
    if fill.fee:
        yield fill.fee_asset, -fill.fee


def is_buy(fill: Fill) -> bool:
    """Whether the fill brings base in."""
    return fill.side is OrderSide.BUY


def final_holdings(
    starting: Mapping[str, Decimal], fills: Iterable[Fill], payments: Iterable[Transaction] = ()
) -> dict[str, Decimal]:
    """Starting amounts plus every movement and payment, exact, by asset name."""
    totals = dict(starting)
    with localcontext(MONEY_CONTEXT):
        for fill in fills:
            for asset, amount in movements(fill):
                totals[asset] = totals.get(asset, Decimal(0)) + amount
        for payment in payments:
            totals[payment.asset] = totals.get(payment.asset, Decimal(0)) + payment.amount
    return dict(sorted(totals.items()))


def portfolio_value(holdings: Mapping[str, Decimal], table: PriceTable, *, at_start: bool) -> Decimal:
    """Exact value in the reference market at the first opens or at the last closes; unknown assets count as nothing."""
    value = Decimal(0)
    with localcontext(MONEY_CONTEXT):
        for asset, amount in holdings.items():
            if table.knows(asset):
                value += amount * (table.first_price(asset) if at_start else table.last_price(asset))
    return value


def drawdown_percent(start_value: float, equity: FloatArray) -> FloatArray:
    """Percent below the running maximum of start value and equity; 0 where that maximum is not positive."""
    peak = np.maximum(np.maximum.accumulate(equity), start_value) if len(equity) else equity
    return np.divide((peak - equity) * 100.0, peak, out=np.zeros_like(equity), where=peak > 0)


def _amounts_over(
    close_times: FloatArray, starting: Mapping[str, Decimal], movements: Iterable[tuple[float, str, Decimal]]
) -> dict[str, FloatArray]:
    """The amount of each asset at each close, from (time, asset, what was added). Running totals are Decimal: rounding
    to float happens once per step."""
    totals = dict(starting)
    changes: dict[str, tuple[list[float], list[float]]] = {asset: ([], []) for asset in totals}
    # What comes after the last close still belongs to the result: it is accounted for at that close.
    latest = float(close_times[-1]) if len(close_times) else 0.0
    with localcontext(MONEY_CONTEXT):
        for time, asset, amount in sorted(movements, key=lambda one: one[0]):
            totals[asset] = totals.get(asset, Decimal(0)) + amount
            times, amounts = changes.setdefault(asset, ([], []))
            times.append(min(time, latest))
            amounts.append(float(totals[asset]))
    return {
        asset: np.array([float(starting.get(asset, 0)), *amounts])[np.searchsorted(times, close_times, side="right")]
        for asset, (times, amounts) in changes.items()
    }


def _buy_and_hold(symbols: Sequence[str], table: PriceTable, start_value: float) -> FloatArray | None:
    bases = dict.fromkeys(parse_symbol(symbol).base for symbol in sorted(symbols))
    bought = [asset for asset in bases if asset != table.reference_market and table.knows(asset)]
    if not bought or not len(table.close_times):
        return None
    growth = sum((table.prices(asset) / float(table.first_price(asset)) for asset in bought), np.zeros(1))
    return np.asarray(start_value / len(bought) * growth)
