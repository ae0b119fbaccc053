# SPDX-License-Identifier: Apache-2.0
"""From what an exchange tells of an account, in any order and any number of times, to events that happen once each.

Streams and answers to requests tell of the same fills and orders, later ones sometimes first. A fill is known by its
id, and counts for its order also where the order itself was not told of yet. An order has ended for the listener once
all of its fills were told of: until then ``lacking`` names it, so that its fills are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderStatus
from octobot_trading.exchanges.exchange import AccountListener
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.trades.fill import Fill

_ENDS = frozenset({OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED})


class Report(Protocol):
    """What is said of one order."""

    @property
    def order_id(self) -> str: ...
    @property
    def symbol(self) -> str: ...
    @property
    def status(self) -> OrderStatus | None: ...
    @property
    def filled_quantity(self) -> Decimal: ...
    @property
    def time(self) -> float | None: ...
    @property
    def update_time(self) -> float | None: ...


@dataclass(slots=True)
class _Known:
    """One order that was told of and has not ended for the listener."""

    symbol: str
    told: Decimal = ZERO
    filled: Decimal = ZERO
    ending: tuple[OrderStatus, float] | None = None


class AccountReports:
    """One account's. ``listener`` tells who listens now; ``now`` the time of endings that are told without one."""

    def __init__(self, listener: Callable[[], AccountListener | None], now: Callable[[], float]) -> None:
        self._listener = listener
        self._now = now
        self._orders: dict[str, _Known] = {}
        self._ended: dict[str, None] = {}
        self._fills: dict[str, set[str]] = {}
        self._balances: dict[str, Balance] = {}

    def follow(self, order_id: str, symbol: str) -> None:
        """An order that is open."""
        if order_id not in self._ended:
            self._orders.setdefault(order_id, _Known(symbol))

    def symbol_of(self, order_id: str) -> str | None:
        """Where an order that has not ended was made."""
        known = self._orders.get(order_id)
        return None if known is None else known.symbol

    def open_orders(self) -> dict[str, str]:
        """The symbol of each order that has not ended, by its id."""
        return {order_id: known.symbol for order_id, known in self._orders.items()}

    def lacking(self) -> dict[str, str]:
        """Orders of which more has filled than was told: their symbols by id."""
        return {order_id: known.symbol for order_id, known in self._orders.items() if known.told < known.filled}

    def see_fill(self, fill: Fill) -> None:
        """Part of an order was executed."""
        known_fills = self._fills.setdefault(fill.symbol, set())
        if fill.fill_id in known_fills:
            return
        known_fills.add(fill.fill_id)
        listener = self._listener()
        if listener is not None:
            listener.on_fill(fill)
        if fill.order_id not in self._ended:
            known = self._orders.setdefault(fill.order_id, _Known(fill.symbol))
            known.told += fill.quantity
            self._end(fill.order_id, known)

    def see_order(self, report: Report) -> None:
        """An order was so at some time; what is known already, or is older than that, changes nothing."""
        if report.order_id in self._ended:
            return
        known = self._orders.setdefault(report.order_id, _Known(report.symbol))
        known.filled = max(known.filled, report.filled_quantity)
        if report.status in _ENDS and known.ending is None:
            assert report.status is not None
            known.ending = report.status, report.update_time or self._now()
        self._end(report.order_id, known)

    def see_balances(self, balances: Mapping[str, Balance], *, whole: bool = False) -> None:
        """What assets hold; ``whole``: these are all that hold anything."""
        changed = {asset: balance for asset, balance in balances.items() if self._balances.get(asset) != balance}
        if whole:
            nothing = Balance(ZERO, ZERO)
            changed |= {asset: nothing for asset, held in self._balances.items() if asset not in balances
                        and held != nothing}  # fmt: skip
        self._balances.update(changed)
        listener = self._listener()
        if changed and listener is not None:
            listener.on_balances(changed)

    def _end(self, order_id: str, known: _Known) -> None:
        if known.ending is None or known.told < known.filled:
            return
        del self._orders[order_id]
        self._ended[order_id] = None
        listener = self._listener()
        if listener is not None:
            status, time = known.ending
            listener.on_order_closed(order_id, status, time, None)
