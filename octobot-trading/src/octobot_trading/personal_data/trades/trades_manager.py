# SPDX-License-Identifier: Apache-2.0
"""The fills of one exchange account, and the trades that they closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from octobot_commons.symbols import parse_symbol
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.trades.closed_trade import ClosedTrade, Direction
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.personal_data.trades.trade_ledger import MatchingMethod, OpenPosition, TradeLedger

#: The price of an asset in another one, None where it is not known.
PriceOf = Callable[[str, str], Decimal | None]


@dataclass(frozen=True, slots=True)
class _Known:
    """A fill with what the ledgers need beside it."""

    fill: Fill
    owner: str | None
    position_side: Direction | None
    fee_value: Decimal | None


class TradesManager:
    """Every fill, oldest first. What they closed is worked out when somebody asks, each fill once per method.

    ``price_of`` values fees in a third asset at the time of their fill; without it, or without a price, they are listed
    in the trade and count nothing. ``opens_spot_shorts`` is for margin accounts.
    """

    def __init__(self, price_of: PriceOf | None = None, *, opens_spot_shorts: bool = False) -> None:
        self.fills: list[Fill] = []
        self._price_of = price_of
        self._opens_spot_shorts = opens_spot_shorts
        self._known: list[_Known] = []
        self._matched: dict[MatchingMethod, _Matched] = {}

    def add(self, fill: Fill, owner: str | None = None, position_side: Direction | None = None) -> None:
        """Keep a fill, of an order of this owner. ``position_side`` is for hedge mode."""
        self.fills.append(fill)
        self._known.append(_Known(fill, owner, position_side, self._fee_value(fill)))

    def get_trades(self, symbol: str | None = None) -> list[Fill]:
        """The fills of a symbol, or all of them."""
        return [fill for fill in self.fills if symbol is None or fill.symbol == symbol]

    def closed_trades(
        self,
        method: MatchingMethod = MatchingMethod.FIFO,
        *,
        symbol: str | None = None,
        since: float | None = None,
        until: float | None = None,
        order_id: str | None = None,
        owner: str | None = None,
    ) -> list[ClosedTrade]:
        """What was closed and fits all that is given, oldest exit first.

        Exits from ``since`` on and before ``until``; ``order_id`` is that of the entry or the exit.
        """
        return [
            trade
            for trade in self._up_to_date(method).closed
            if (symbol is None or trade.symbol == symbol)
            and (since is None or trade.exit_time >= since)
            and (until is None or trade.exit_time < until)
            and (order_id is None or order_id == trade.exit_order_id or order_id in trade.entry_order_ids)
            and (owner is None or trade.owner == owner)
        ]

    def closed_by(self, fill: Fill) -> list[ClosedTrade]:
        """What the fill that was added last has closed, the newest entry first; FIFO."""
        closed = []
        for trade in reversed(self._up_to_date(MatchingMethod.FIFO).closed):
            if trade.exit_fill_id != fill.fill_id:
                break
            closed.append(trade)
        return closed

    def open_positions(self, method: MatchingMethod = MatchingMethod.FIFO) -> list[OpenPosition]:
        """What was entered and is not closed; not to be changed."""
        return self._up_to_date(method).ledger.open_positions()

    def _up_to_date(self, method: MatchingMethod) -> _Matched:
        matched = self._matched.get(method)
        if matched is None:
            matched = self._matched[method] = _Matched(TradeLedger(method, opens_spot_shorts=self._opens_spot_shorts))
        matched.take(self._known)
        return matched

    def _fee_value(self, fill: Fill) -> Decimal | None:
        symbol = parse_symbol(fill.symbol)
        result_asset = symbol.settlement_asset or symbol.quote
        is_base = symbol.is_spot() and fill.fee_asset == symbol.base
        if not fill.fee or is_base or fill.fee_asset == result_asset or self._price_of is None:
            return None
        price = self._price_of(fill.fee_asset, result_asset)
        return None if price is None else WIDE.multiply(fill.fee, price)


class _Matched:
    """The trades of one method, up to some fill."""

    def __init__(self, ledger: TradeLedger) -> None:
        self.ledger = ledger
        self.closed: list[ClosedTrade] = []
        self._count = 0

    def take(self, known: list[_Known]) -> None:
        for one in known[self._count :]:
            self._count += 1
            self.closed += self.ledger.add(one.fill, one.fee_value, owner=one.owner, position_side=one.position_side)
