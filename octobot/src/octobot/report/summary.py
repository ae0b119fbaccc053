# SPDX-License-Identifier: Apache-2.0
"""The figures of one run. How each is computed is said where it is computed, in ``metrics``, ``ratios``, ``trades``
and ``equity``.

Money is Decimal in the reference market, rounded to ten decimals. Percentages are floats, 100.0 meaning all of it. A
figure that is not defined (no trade, no spread, nothing to start from) is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from octobot.report.band import Band
from octobot.report.jsonable import to_jsonable
from octobot.report.ratios import MonthlyReturn
from octobot.report.trades import ClosedTrade, OpenPosition
from octobot_trading.personal_data.transactions.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Span:
    """What was replayed: from the first open to the last close, and the candles of all series together."""

    start_time: float | None
    end_time: float | None
    seconds: float
    candles: int


@dataclass(frozen=True, slots=True)
class Performance:
    """What came of the money. ``buy_and_hold_percent`` is described at ``Curves``, ``annual_percent`` is None under 30
    days.
    """

    reference_market: str
    start_value: Decimal
    end_value: Decimal
    profit: Decimal
    profit_percent: float | None
    annual_percent: float | None
    buy_and_hold_value: Decimal | None
    buy_and_hold_percent: float | None
    fees: Decimal
    fees_by_asset: dict[str, Decimal]
    final_holdings: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Risk:
    """The way there.

    ``max_drawdown_percent`` is positive: the deepest fall of equity at a close below its highest value before. It
    started at ``drawdown_start_time``, was deepest at ``drawdown_low_time`` and was made good at ``drawdown_end_time``
    (None: not yet). ``exposure_percent`` is the mean value of what is held outside the reference market, short
    positions counted like long ones, in percent of equity; ``time_in_market_percent`` the share of closes at which that
    was more than 1 % of the value (less is dust left by rounding).
    """

    max_drawdown_percent: float | None
    drawdown_start_time: float | None
    drawdown_low_time: float | None
    drawdown_end_time: float | None
    sharpe: float | None
    sortino: float | None
    exposure_percent: float | None
    time_in_market_percent: float | None


@dataclass(frozen=True, slots=True)
class TradeStatistics:
    """Orders by status, fills, and what the closed trades earned (``trades`` says what a closed trade is).

    ``win_rate_percent``: closed trades with a profit, of all closed ones. ``profit_factor``: sum of profits over sum
    of losses, None without losses.
    """

    orders: int
    orders_by_status: dict[str, int]
    fills: int
    buys: int
    sells: int
    closed: int
    wins: int
    win_rate_percent: float | None
    profit_factor: float | None
    closed_profit: Decimal
    open_profit: Decimal
    average_profit: Decimal | None
    best_profit: Decimal | None
    worst_profit: Decimal | None
    average_held_seconds: float | None


@dataclass(frozen=True, slots=True)
class DataQuality:
    """What one input series was like. ``missing`` counts the candles that its ``gaps`` leave out; nothing was filled
    in.
    """

    symbol: str
    time_frame: str
    exchange_name: str
    source: str
    sha256: str
    candles: int
    start_time: float | None
    end_time: float | None
    rows_read: int
    duplicates: int
    gaps: int
    missing: int
    zero_volume: int
    incomplete: int
    derived_from: str | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a report says about a run but for the curves.

    ``portfolio_differences`` is what the run's own final portfolio holds more (or less) than starting portfolio and
    fills explain: always empty unless something is wrong. ``unvalued_assets`` have no price in the reference market
    and count as 0. ``remarks`` and ``payments`` are those of ``BacktestResult``.
    """

    span: Span
    performance: Performance
    risk: Risk
    trades: TradeStatistics
    monthly_returns: tuple[MonthlyReturn, ...]
    closed_trades: tuple[ClosedTrade, ...]
    open_positions: tuple[OpenPosition, ...]
    data: tuple[DataQuality, ...]
    portfolio_differences: dict[str, Decimal]
    unvalued_assets: tuple[str, ...]
    band: Band | None = None
    remarks: tuple[str, ...] = ()
    payments: tuple[Transaction, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe and the same for the same run: Decimals as strings, floats in their shortest exact form."""
        converted: dict[str, Any] = to_jsonable(self)
        return converted
