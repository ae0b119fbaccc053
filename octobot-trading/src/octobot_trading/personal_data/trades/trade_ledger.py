# SPDX-License-Identifier: Apache-2.0
"""Matches exits with entries, and says what each closed trade earned.

FIFO, first in, first out: an exit closes the oldest entries first, one closed trade per entry that it touches.
AVERAGE: the entries of a position are one at their average cost, and an exit is one closed trade. Both earn the same
in sum once everything is closed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from enum import StrEnum

from octobot_commons.symbols import Symbol, parse_symbol
from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide
from octobot_trading.exchanges.market import WIDE
from octobot_trading.personal_data.trades.closed_trade import ClosedTrade, Direction
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.personal_data.trades.open_entry import OpenEntry, added


class MatchingMethod(StrEnum):
    """Which entry an exit closes."""

    FIFO = "fifo"
    AVERAGE = "average"


@dataclass(slots=True)
class OpenPosition:
    """What one owner has entered and not closed of one symbol; in AVERAGE one entry at most."""

    symbol: str
    owner: str | None
    direction: Direction
    entries: deque[OpenEntry] = field(default_factory=deque)


class TradeLedger:
    """Open entries by symbol and owner. Contracts may be sold first; on spot nothing is sold that was not bought.

    ``opens_spot_shorts`` is for margin accounts, where a sale beyond what was bought opens a short trade.
    """

    def __init__(self, method: MatchingMethod = MatchingMethod.FIFO, *, opens_spot_shorts: bool = False) -> None:
        self.method = method
        self._opens_spot_shorts = opens_spot_shorts
        self._positions: dict[tuple[str, str | None, Direction | None], OpenPosition] = {}

    def add_holding(
        self, symbol: str, quantity: Decimal, price: Decimal, time: float, owner: str | None = None
    ) -> None:
        """Count what a spot account held before its first fill as bought at this price, without a fee."""
        with localcontext(WIDE):
            cost = quantity * price
            self._enter(self._position(symbol, owner, None), OpenEntry(quantity, cost, ZERO, cost, time))

    def add(
        self,
        fill: Fill,
        fee_value: Decimal | None = None,
        *,
        owner: str | None = None,
        position_side: Direction | None = None,
    ) -> list[ClosedTrade]:
        """Count a fill in and return what it closed, oldest entry first. Fills come in order of time.

        ``fee_value`` is the fee in the currency of results, for a fee in a third asset; None is not known.
        ``position_side`` is for hedge mode, where long and short are kept apart.
        """
        with localcontext(WIDE):
            leg = _Leg(fill, parse_symbol(fill.symbol), fee_value)
            position = self._position(fill.symbol, owner, position_side)
            closed: list[ClosedTrade] = []
            if position.entries and fill.side is not position.direction.entry_side:
                closed = self._close(position, leg)
            if leg.left.quantity:
                opened = position_side or _direction_of(fill.side)
                if fill.side is opened.entry_side and self._may_open(leg.symbol, opened):
                    position.direction = opened
                    self._enter(position, leg.left)
                else:
                    self._close_unmatched(closed, position, leg)
            return closed

    def open_positions(self) -> list[OpenPosition]:
        """What is not closed yet, symbols in order of their first fill."""
        return [position for position in self._positions.values() if position.entries]

    def _position(self, symbol: str, owner: str | None, side: Direction | None) -> OpenPosition:
        key = (symbol, owner, side)
        if key not in self._positions:
            self._positions[key] = OpenPosition(symbol, owner, side or Direction.LONG)
        return self._positions[key]

    def _may_open(self, symbol: Symbol, direction: Direction) -> bool:
        return direction is Direction.LONG or not symbol.is_spot() or self._opens_spot_shorts

    def _enter(self, position: OpenPosition, entry: OpenEntry) -> None:
        if self.method is MatchingMethod.AVERAGE and position.entries:
            position.entries[0].merge(entry)
        else:
            position.entries.append(entry)

    def _close(self, position: OpenPosition, leg: _Leg) -> list[ClosedTrade]:
        closed = []
        while position.entries and leg.left.quantity:
            oldest = position.entries[0]
            quantity = min(oldest.quantity, leg.left.quantity)
            closed.append(leg.close(position, oldest.take(quantity), leg.left.take(quantity)))
            if not oldest.quantity:
                position.entries.popleft()
        return closed

    def _close_unmatched(self, closed: list[ClosedTrade], position: OpenPosition, leg: _Leg) -> None:
        """Close what was never entered here, in AVERAGE as part of the same trade."""
        if not position.entries and not closed:
            position.direction = Direction.LONG if leg.fill.side is OrderSide.SELL else Direction.SHORT
        unmatched = leg.close_unmatched(position)
        if self.method is MatchingMethod.AVERAGE and closed:
            closed[-1] = _combined(closed[-1], unmatched)
        else:
            closed.append(unmatched)


class _Leg:
    """A fill on its way through the entries that it closes; ``left`` is what has found none yet."""

    def __init__(self, fill: Fill, symbol: Symbol, fee_value: Decimal | None) -> None:
        self.fill, self.symbol = fill, symbol
        self._is_inverse = symbol.is_inverse()
        self._pnl_asset = symbol.settlement_asset or symbol.quote
        self.left = self._whole(fee_value)

    def _whole(self, fee_value: Decimal | None) -> OpenEntry:
        """The fill as an entry. A fee in base makes a purchase smaller, and a sale larger, by what it took."""
        fill, fees, in_base, unvalued = self.fill, fee_value or ZERO, ZERO, {}
        if fill.fee_asset == self._pnl_asset:
            fees = fill.fee
        elif fill.fee_asset == self.symbol.base and self.symbol.is_spot():
            in_base = -fill.fee if fill.side is OrderSide.BUY else fill.fee
            fees = fill.fee * fill.price
        elif fee_value is None and fill.fee:
            unvalued = {fill.fee_asset: fill.fee}
        quantity = fill.quantity + in_base
        value = quantity / fill.price if self._is_inverse else quantity * fill.price
        cost = fill.cost + in_base * fill.price
        return OpenEntry(quantity, cost, fees, value, fill.time, (fill.order_id,), unvalued)

    def close(self, position: OpenPosition, entry: OpenEntry, exit_: OpenEntry) -> ClosedTrade:
        gross = (exit_.cost - entry.cost) * self._sign(position)
        return self._trade(position, entry, exit_, gross, unmatched=ZERO)

    def close_unmatched(self, position: OpenPosition) -> ClosedTrade:
        exit_ = self.left.take(self.left.quantity)
        cost = exit_.cost - exit_.fees * self._sign(position)
        entry = OpenEntry(exit_.quantity, cost, ZERO, exit_.value, exit_.time)
        return self._trade(position, entry, exit_, exit_.fees, unmatched=exit_.quantity)

    def _sign(self, position: OpenPosition) -> Decimal:
        return ONE if (position.direction is Direction.LONG) is not self._is_inverse else -ONE

    def _trade(
        self, position: OpenPosition, entry: OpenEntry, exit_: OpenEntry, gross: Decimal, *, unmatched: Decimal
    ) -> ClosedTrade:
        fill = self.fill
        return ClosedTrade(
            symbol=fill.symbol,
            direction=position.direction,
            quantity=exit_.quantity,
            entry_price=entry.price(self._is_inverse),
            exit_price=fill.price,
            entry_cost=entry.cost,
            exit_cost=exit_.cost,
            entry_fees=entry.fees,
            exit_fees=exit_.fees,
            gross_pnl=gross,
            entry_time=entry.time,
            exit_time=fill.time,
            entry_order_ids=entry.order_ids,
            exit_order_id=fill.order_id,
            exit_fill_id=fill.fill_id,
            pnl_asset=self._pnl_asset,
            unmatched_quantity=unmatched,
            unvalued_fees=tuple(sorted(added(entry.unvalued_fees, exit_.unvalued_fees, ONE).items())),
            owner=position.owner,
        )


def _direction_of(side: OrderSide) -> Direction:
    return Direction.LONG if side is OrderSide.BUY else Direction.SHORT


def _combined(matched: ClosedTrade, unmatched: ClosedTrade) -> ClosedTrade:
    """One trade of both; when it was entered is known of the matched part only."""
    quantity = matched.quantity + unmatched.quantity
    price = (matched.entry_price * matched.quantity + unmatched.entry_price * unmatched.quantity) / quantity
    return replace(
        matched,
        quantity=quantity,
        entry_price=price,
        entry_cost=matched.entry_cost + unmatched.entry_cost,
        exit_cost=matched.exit_cost + unmatched.exit_cost,
        exit_fees=matched.exit_fees + unmatched.exit_fees,
        gross_pnl=matched.gross_pnl + unmatched.gross_pnl,
        unmatched_quantity=unmatched.quantity,
        unvalued_fees=tuple(sorted(added(dict(matched.unvalued_fees), dict(unmatched.unvalued_fees), ONE).items())),
    )
