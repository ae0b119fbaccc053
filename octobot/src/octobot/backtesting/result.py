# SPDX-License-Identifier: Apache-2.0
"""What a backtest returns: all that a report, a comparison or a test needs, and nothing that is still running."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from octobot_trading.enums import FillRule
    from octobot_trading.history import CandleSeries
    from octobot_trading.personal_data.orders.decision import Explanation
    from octobot_trading.personal_data.trades.fill import Fill
    from octobot_trading.personal_data.transactions.transaction import Transaction


@dataclass(slots=True)
class WorldResult:
    """What came of one account: ``ambiguous_candles`` could have ended otherwise for an order, had their prices come in
    another order; ``gap_through_stops`` are stops that the price jumped over; ``refusals`` counts the orders that each
    protection has refused; ``payments`` are what changed balances and no fill tells."""

    fill_rule: FillRule
    final_portfolio: dict[str, Decimal]
    orders: list[dict[str, Any]] = field(repr=False)
    decisions: list[bytes | None] = field(repr=False)
    fills: list[Fill] = field(repr=False)
    ambiguous_candles: int
    gap_through_stops: int
    refusals: dict[str, int] = field(default_factory=dict)
    payments: list[Transaction] = field(default_factory=list, repr=False)


@dataclass(slots=True)
class BacktestResult:
    """One finished run.

    ``candles`` holds the base series that were replayed, by symbol; ``orders`` are ``Order.to_dict()``, ``decisions``
    what each was made from, as ``Decision.encode`` tells it, where that was kept; ``notes`` the last note of each
    evaluator; ``failures`` how often an evaluator, a strategy or a trading mode raised and did nothing; ``timings``
    (run_seconds, load_seconds, candles, candles_per_second) is all that may differ between two runs. ``worlds`` has one
    account for each fill rule asked for; ``orders``, ``decisions``, ``fills``, ``refusals``, ``payments`` and
    ``final_portfolio`` are those of the first. ``shares_random``: several accounts ran while somebody drew from
    Python's one stream of random numbers; where that was a trading mode, each account may differ from its run alone.
    ``remarks``: what whoever reads the result has to know, such as that candles were made up.
    """

    # What grows with a run is not in its repr, which `asyncio.run` of a coroutine that returns it asks for (up to
    # Python 3.11, for an error that it then catches).
    settings: dict[str, Any]
    inputs: list[dict[str, Any]] = field(repr=False)
    candles: dict[str, CandleSeries] = field(repr=False)
    starting_portfolio: dict[str, Decimal]
    final_portfolio: dict[str, Decimal]
    reference_market: str
    orders: list[dict[str, Any]] = field(default_factory=list, repr=False)
    fills: list[Fill] = field(default_factory=list, repr=False)
    notes: dict[str, Any] = field(default_factory=dict, repr=False)
    timings: dict[str, Any] = field(default_factory=dict)
    worlds: list[WorldResult] = field(default_factory=list)
    shares_random: bool = False
    decisions: list[bytes | None] = field(default_factory=list, repr=False)
    failures: dict[str, int] = field(default_factory=dict)
    explanations: list[Explanation] = field(default_factory=list, repr=False)
    remarks: list[str] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)
    payments: list[Transaction] = field(default_factory=list, repr=False)

    def of_world(self, world: WorldResult) -> BacktestResult:
        """The result of another account of the same run."""
        return replace(
            self,
            orders=world.orders,
            decisions=world.decisions,
            fills=world.fills,
            final_portfolio=world.final_portfolio,
            refusals=world.refusals,
            payments=world.payments,
        )
