# SPDX-License-Identifier: Apache-2.0
"""The simulated exchange's ledger of a futures account: margins, profits, fees and funding of perpetual contracts.

For each settlement asset, total is the wallet balance (without unrealised profit), and locked what is not available:
the margins of orders and positions, and the unrealised loss of cross positions. An unrealised profit is not available:
venues differ, and it may be gone tomorrow.

``position_book.py`` holds the positions and their settings, ``liquidator.py`` decides on liquidations.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import OrderSide, PositionMode
from octobot_trading.errors import InsufficientFunds, InvalidOrder, NothingToReduce
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.exchanges.simulated.holds import Holds
from octobot_trading.exchanges.simulated.position_book import PositionBook
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance, Portfolio
from octobot_trading.personal_data.positions import contracts
from octobot_trading.personal_data.positions.brackets import MaintenanceBrackets
from octobot_trading.personal_data.positions.position import Position, rounded_down, rounded_up
from octobot_trading.personal_data.trades.fill import Fill


class ContractAccount:
    """Linear and inverse contracts with cross or isolated margin, one-way or hedged.

    Args:
        brackets: maintenance brackets by symbol; others keep 0.5 % and may have a leverage of up to 125.
        leverage: of symbols for which none was set.
    """

    def __init__(
        self,
        starting_portfolio: Mapping[str, Decimal],
        fee_model: FeeModel | None = None,
        brackets: Mapping[str, MaintenanceBrackets] | None = None,
        leverage: Decimal = ONE,
        position_mode: PositionMode = PositionMode.ONE_WAY,
    ) -> None:
        self.portfolio = Portfolio(starting_portfolio)
        self.positions = PositionBook(brackets or {}, leverage, position_mode)
        self._fee_model = fee_model or FeeModel()
        self._holds = Holds()
        #: What the open orders of each settlement asset hold.
        self._held: dict[str, Decimal] = {}
        self._changed: dict[str, Balance] = {}

    # Ledger

    def hold(self, order_id: str, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal) -> None:
        """Lock the initial margin and the fee of the part of an order that opens; see ``Ledger``."""
        position = self._position(request, market)
        opening = self._opening_part(request, position, quantity)
        self._check_leverage(position, opening, price)
        asset = market.settlement
        amount = self._margin_needed(request, position, opening, price)
        need, more = self._holds.needs_more(order_id, request, asset, amount)
        available = self.portfolio.available(asset)
        if more > available:
            raise InsufficientFunds(
                f"{asset}: {more} of margin needed, {available} available",
                remedy="trade less, or with a higher leverage",
            )
        self._holds.add(order_id, need)
        self._held[asset] = self._held.get(asset, ZERO) + more
        self.balance_changed(asset)

    def release(self, order_id: str) -> None:
        """Unlock what only this order needed."""
        for asset, less in self._holds.remove(order_id).items():
            self._held[asset] += less
            self.balance_changed(asset)

    def fit(self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool) -> Decimal:
        """What the margin is enough for: all that reduces, and as much as can be paid of what opens."""
        position = self._position(request, market)
        closing = position.closing_part(_signed(request, quantity))
        if request.reduce_only or self._only_closes(request):
            return closing
        opening = quantity - closing
        free = self.portfolio.available(market.settlement)
        if closing:
            leaving = closing if position.quantity > ZERO else -closing
            freed = WIDE.divide(WIDE.multiply(position.margin, closing), abs(position.quantity))
            fee, _ = self._fee(request, market, closing, price, is_taker)
            free = max(ZERO, free + rounded_down(freed) + position.pnl_at(leaving, price) - fee)
        needed = self._margin_needed(request, position, opening, price)
        if needed <= free:
            return quantity
        part = market.quantize_amount(WIDE.divide(WIDE.multiply(opening, free), needed))
        while part > ZERO and self._margin_needed(request, position, part, price) > free:
            part -= market.amount_step  # margin and fee are each rounded up to a step
        return closing + max(ZERO, part)

    def fee(
        self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool
    ) -> tuple[Decimal, str]:
        """(fee of a fill, asset it is taken from)."""
        return self._fee(request, market, quantity, price, is_taker)

    def apply(self, fill: Fill, market: Market, request: OrderRequest) -> None:
        """Book a fill: profit of what it closes, margin of what it opens, fee."""
        position = self._position(request, market)
        quantity = fill.quantity if fill.side is OrderSide.BUY else -fill.quantity
        closing = position.closing_part(quantity)
        if closing:
            released = WIDE.divide(WIDE.multiply(position.isolated_margin, closing), abs(position.quantity))
            position.isolated_margin -= rounded_down(released)
        realised = position.change(quantity, fill.price)
        opened = fill.quantity - closing
        if not position.is_open:
            position.isolated_margin = ZERO
        elif position.is_isolated and opened:
            position.isolated_margin += rounded_up(
                contracts.initial_margin(market, opened, fill.price, position.leverage)
            )
        self.settle(market.settlement, realised)
        if fill.fee_asset == market.settlement:
            position.fees += fill.fee
        self.settle(fill.fee_asset, -fill.fee)
        self.positions.changed(position)

    def take_changes(self) -> dict[str, Balance]:
        """The balances that changed since the last call."""
        changed, self._changed = self._changed, {}
        return changed

    # What the market does

    def mark(self, symbol: str, price: Decimal) -> None:
        """The mark price of a symbol is now this."""
        for position in self.positions.of_symbol(symbol):
            position.mark_price = price
            self.positions.changed(position)
            self.balance_changed(position.market.settlement)

    def pay_funding(self, symbol: str, rate: Decimal, mark_price: Decimal) -> dict[Position, Decimal]:
        """Pay or receive funding at a funding time; returns what each position received, negative when paid."""
        paid = {}
        for position in self.positions.of_symbol(symbol):
            payment = rounded_down(contracts.funding_payment(position.market, position.quantity, mark_price, rate))
            position.funding += payment
            if position.is_isolated:
                position.isolated_margin = max(ZERO, position.isolated_margin + payment)
            self.settle(position.market.settlement, payment)
            self.positions.changed(position)
            paid[position] = payment
        return paid

    def add_isolated_margin(self, position: Position, amount: Decimal) -> None:
        """Move available funds into an isolated position's margin, or back where negative.

        Raises:
            InsufficientFunds: there is not as much.
        """
        asset = position.market.settlement
        if amount > self.portfolio.available(asset) or position.isolated_margin + amount < ZERO:
            symbol = position.market.symbol
            raise InsufficientFunds(f"{asset}: {amount} cannot be moved into or out of the margin of {symbol}")
        position.isolated_margin += amount
        self.positions.changed(position)
        self.balance_changed(asset)

    def settle(self, asset: str, amount: Decimal) -> None:
        """Add to a wallet, not below zero: what is lost beyond it is the venue's, see ``liquidator.py``."""
        total = self.portfolio.total(asset) + amount
        self.portfolio.set(asset, Balance(max(ZERO, total), ZERO))
        self.balance_changed(asset)

    def balance_changed(self, asset: str) -> None:
        """Count anew what is locked."""
        total = self.portfolio.total(asset)
        self.portfolio.set(asset, Balance(total, min(total, self.needed(asset))))
        self._changed[asset] = self.portfolio.balance(asset)

    def needed(self, asset: str) -> Decimal:
        """What open orders and positions settled in an asset keep from being available."""
        margins, cross_pnl = ZERO, ZERO
        for position in self.positions.of_settlement(asset):
            margins += position.margin
            if not position.is_isolated:
                cross_pnl += position.unrealised_pnl
        return self._held.get(asset, ZERO) + margins + max(ZERO, -cross_pnl)

    def _fee(
        self, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal, is_taker: bool
    ) -> tuple[Decimal, str]:
        return self._fee_model.fee(market, request.side, quantity, market.cost_of(quantity, price), is_taker)

    def _position(self, request: OrderRequest, market: Market) -> Position:
        if market.contract is None:
            raise InvalidOrder(
                f"{market.symbol} is no contract", rule="symbol", remedy="a futures account trades contracts"
            )
        return self.positions.get(market, request.position_side)

    def _only_closes(self, request: OrderRequest) -> bool:
        """In hedge mode a sale of the long position, or a purchase of the short one."""
        return self.positions.closes(request.position_side, request.side)

    def _opening_part(self, request: OrderRequest, position: Position, quantity: Decimal) -> Decimal:
        closing = position.closing_part(_signed(request, quantity))
        if not (request.reduce_only or self._only_closes(request)):
            return quantity - closing
        if not closing:
            held = "long" if request.side is OrderSide.SELL else "short"
            raise NothingToReduce(f"{request.symbol}: there is no {held} position to reduce")
        return ZERO

    def _margin_needed(self, request: OrderRequest, position: Position, opening: Decimal, price: Decimal) -> Decimal:
        if not opening:
            return ZERO
        fee, asset = self._fee(request, position.market, opening, price, is_taker=True)
        margin = rounded_up(contracts.initial_margin(position.market, opening, price, position.leverage))
        return margin + (fee if asset == position.market.settlement else ZERO)

    def _check_leverage(self, position: Position, opening: Decimal, price: Decimal) -> None:
        if not opening:
            return
        after = contracts.value(position.market, abs(position.quantity) + opening, price)
        most = self.positions.brackets_of(position.market.symbol).max_notional(position.leverage)
        if after > most:
            raise InvalidOrder(
                f"{position.market.symbol}: a position of {after:f} may not have a leverage of {position.leverage}",
                rule="leverage",
                remedy=f"keep it below {most:f}, or lower the leverage",
            )


def _signed(request: OrderRequest, quantity: Decimal) -> Decimal:
    return quantity if request.side is OrderSide.BUY else -quantity
