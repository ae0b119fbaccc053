# SPDX-License-Identifier: Apache-2.0
"""The chain that led to one order of a stored run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from octobot_commons.errors import UserInputError, did_you_mean

if TYPE_CHECKING:
    from octobot.runs.records import StoredRun
    from octobot_trading.personal_data.trades.fill import Fill


@dataclass(frozen=True, slots=True)
class OrderChain:
    """Everything that is kept of how an order came about and what became of it.

    Attributes:
        decision: a ``Decision.to_dict()``; None where no mode decided it, or causes were not kept.
        parents: the orders whose fills brought it up, the first one first.
    """

    run_id: str
    decision: dict[str, Any] | None
    parents: list[dict[str, Any]]
    order: dict[str, Any]
    fills: list[Fill]

    def to_dict(self) -> dict[str, Any]:
        """For JSON, in the order in which things happened."""
        return {
            "run": self.run_id,
            "decision": self.decision,
            "parents": self.parents,
            "order": self.order,
            "fills": [fill.to_dict() for fill in self.fills],
        }


def order_chain(run: StoredRun, order_id: str, symbol: str | None = None) -> OrderChain:
    """The chain of an order; ``symbol`` where several have its id.

    Raises:
        UserInputError: the run has no such order, or several.
    """
    found = [
        number
        for number, order in enumerate(run.orders)
        if order["order_id"] == order_id and symbol in (None, order["symbol"])
    ]
    if not found:
        known = [order["order_id"] for order in run.orders]
        remedy = did_you_mean(order_id, known, f"`octobot runs show {run.id} --orders` shows them")
        raise UserInputError(f"run {run.id} has no order {order_id}", field="ORDER_ID", remedy=remedy)
    if len(found) > 1:
        symbols = ", ".join(run.orders[number]["symbol"] for number in found)
        raise UserInputError(f"several orders are {order_id}", field="--symbol", remedy=f"choose one of {symbols}")
    (number,) = found
    order = run.orders[number]
    return OrderChain(
        run_id=run.id,
        decision=run.causal_records[number],
        parents=_parents(run, order),
        order=order,
        fills=[fill for fill in run.fills if (fill.order_id, fill.symbol) == (order["order_id"], order["symbol"])],
    )


def _parents(run: StoredRun, order: dict[str, Any]) -> list[dict[str, Any]]:
    by_id = {one["order_id"]: one for one in run.orders}
    parents: list[dict[str, Any]] = []
    while (parent := by_id.get(order.get("parent_id", ""))) is not None:
        parents.insert(0, parent)
        order = parent
    return parents
