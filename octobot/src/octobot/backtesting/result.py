# SPDX-License-Identifier: Apache-2.0
"""What a backtest returns: all that a report, a comparison or a test needs, and nothing that is still running."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from octobot_trading.history import CandleSeries
    from octobot_trading.personal_data.trades.fill import Fill


@dataclass(slots=True)
class BacktestResult:
    """One finished run.

    ``candles`` holds the base series that were replayed, by symbol; ``orders`` are ``Order.to_dict()``; ``notes`` the
    last note of each evaluator; ``timings`` (run_seconds, load_seconds, candles, candles_per_second) is all that may
    differ between two runs.
    """

    settings: dict[str, Any]
    inputs: list[dict[str, Any]]
    candles: dict[str, CandleSeries]
    starting_portfolio: dict[str, Decimal]
    final_portfolio: dict[str, Decimal]
    reference_market: str
    orders: list[dict[str, Any]] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    timings: dict[str, Any] = field(default_factory=dict)
