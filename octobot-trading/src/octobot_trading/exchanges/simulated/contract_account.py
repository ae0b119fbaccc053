# SPDX-License-Identifier: Apache-2.0
"""The simulated exchange's ledger of a futures account: margins, profits, fees and funding of perpetual contracts.

For each settlement asset, total is the wallet balance (without unrealised profit), and locked what is not available:
the margins of orders and positions, and the unrealised loss of cross positions. An unrealised profit is not available:
venues differ, and it may be gone tomorrow.

An isolated position loses no more than its margin, cross positions no more than the wallet but for isolated margins,
whatever a gap, a fee or a funding payment would take: the rest is recorded as a bankruptcy.

``position_book.py`` holds the positions and their settings, ``liquidator.py`` decides on liquidations.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.enums import MarginType, OrderSide, PositionMode
from octobot_trading.errors import InsufficientFunds, InvalidOrder, InvalidSetting, NothingToReduce
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.exchanges.simulated.bankruptcy import Bankruptcy
from octobot_trading.exchanges.simulated.ledger import hold_of
from octobot_trading.exchanges.simulated.position_book import PositionBook
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.order_holds import Hold, OrderHolds
from octobot_trading.personal_data.portfolio.portfolio import Balance, Portfolio
from octobot_trading.personal_data.positions import contracts
from octobot_trading.personal_data.positions.brackets import MaintenanceBrackets
from octobot_trading.personal_data.positions.position import Position, rounded_down, rounded_up
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.personal_data.transactions.transaction import Transaction, TransactionType


class ContractAccount:
    """Linear and inverse contracts with cross or isolated margin, one-way or hedged.

    Args:
        brackets: maintenance brackets by symbol; others keep 0.5 % and may have a leverage of up to 125.
        leverage: of symbols for which none was set.

    Attributes:
        bankruptcies: what could not be paid, liquidations included.
        payments: what changed wallets and no fill tells: funding, and what a fill lost beyond the wallet, which the
            venue bore.
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
        self._holds = OrderHolds()
        #: What the open orders of each settlement asset hold.
        self._held: dict[str, Decimal] = {}
        #: The symbols of open orders.
        self._ordered: dict[str, str] = {}
        self.bankruptcies: list[Bankruptcy] = []
        self.payments: list[Transaction] = []
        self._changed: dict[str, Balance] = {}

    # Ledger

    def hold(self, order_id: str, request: OrderRequest, market: Market, quantity: Decimal, price: Decimal) -> None:
        """Lock the initial margin and the fee of the part of an order that opens; see ``Ledger``."""
        position = self._position(request, market)
        opening = self._opening_part(request, position, quantity)
        self._check_leverage(position, opening, price)
        asset = market.settlement
        amount = self._margin_needed(request, position, opening, price)
        hold = hold_of(order_id, request, asset, amount)
        change = self._holds.change_of_locked({order_id: hold})
        more = change[asset]
        available = self.portfolio.available(asset)
        if more > available:
            raise InsufficientFunds(
                f"{asset}: {more} of margin needed, {available} available",
                remedy="trade less, or with a higher leverage",
            )
        self._ordered[order_id] = request.symbol
        self._set_hold(order_id, hold, change)

    def put_back(self, order_id: str, request: OrderRequest, held: Hold) -> None:
        """Let an order hold what it needs, available or not."""
        self._ordered[order_id] = request.symbol
        self._set_hold(order_id, held, self._holds.change_of_locked({order_id: held}))

    def release(self, order_id: str) -> Hold:
        """Unlock what only this order needed, and return what it held."""
        held = self._holds.get(order_id)
        if held is None:
            raise KeyError(order_id)
        del self._ordered[order_id]
        self._set_hold(order_id, None, self._holds.change_of_locked({order_id: None}))
        return held

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
            fee, _ = self.fee(request, market, closing, price, is_taker)
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
        return self._fee_model.fee(market, request.side, quantity, market.cost_of(quantity, price), is_taker)

    def apply(self, fill: Fill, market: Market, request: OrderRequest) -> None:
        """Book a fill: profit of what it closes, margin of what it opens, fee."""
        position = self._position(request, market)
        quantity = fill.quantity if fill.side is OrderSide.BUY else -fill.quantity
        closing = position.closing_part(quantity)
        released = self._release_margin(position, closing)
        most = released if position.is_isolated else self.cross_wallet(market.settlement)
        missing = self.settle(market.settlement, position.change(quantity, fill.price), most, fill.time)
        self._pay(TransactionType.LIQUIDATION, market.settlement, missing, fill.time, fill.symbol)
        if fill.fee_asset == market.settlement:
            position.fees += fill.fee
        missing = self.settle(fill.fee_asset, -fill.fee, self.cross_wallet(fill.fee_asset), fill.time)
        self._pay(TransactionType.LIQUIDATION, fill.fee_asset, missing, fill.time, fill.symbol)
        opened = fill.quantity - closing
        if position.is_isolated and opened:
            margin = rounded_up(contracts.initial_margin(market, opened, fill.price, position.leverage))
            position.isolated_margin += min(margin, self.cross_wallet(market.settlement))
            self.balance_changed(market.settlement)
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

    def pay_funding(self, symbol: str, rate: Decimal, mark_price: Decimal, time: float) -> dict[Position, Decimal]:
        """Pay or receive funding at a funding time; returns what each position received, negative when it owed."""
        paid = {}
        for position in self.positions.of_symbol(symbol):
            payment = rounded_down(contracts.funding_payment(position.market, position.quantity, mark_price, rate))
            asset = position.market.settlement
            most = position.isolated_margin if position.is_isolated else self.cross_wallet(asset)
            position.funding += payment
            if position.is_isolated:
                position.isolated_margin = max(ZERO, position.isolated_margin + payment)
            received = payment + self.settle(asset, payment, most, time)
            self._pay(TransactionType.FUNDING, asset, received, time, symbol)
            self.positions.changed(position)
            paid[position] = payment
        return paid

    def add_isolated_margin(self, position: Position, amount: Decimal) -> None:
        """Move available funds into an isolated position's margin, or back where negative.

        Raises:
            InvalidSetting: it has no margin of its own.
            InsufficientFunds: there is not as much, or the position needs it.
        """
        asset, symbol = position.market.settlement, position.market.symbol
        if not (position.is_isolated and position.is_open):
            raise InvalidSetting(
                f"{symbol}: no open position with isolated margin",
                field="isolated_margin",
                remedy="isolate the margin of the symbol before opening a position",
            )
        if not amount.is_finite() or not -self._removable_margin(position) <= amount <= self.portfolio.available(asset):
            raise InsufficientFunds(f"{asset}: {amount} cannot be moved into or out of the margin of {symbol}")
        position.isolated_margin += amount
        self.positions.changed(position)
        self.balance_changed(asset)

    # Settings

    def set_leverage(self, symbol: str, leverage: Decimal) -> None:
        """Set the leverage of a symbol.

        Raises:
            InvalidSetting: below 1, more than the brackets allow for the present position, lower with an isolated one
                (Binance, error -4161), or lower than available funds allow (-2028).
        """
        self.positions.check_leverage(symbol, leverage)
        for position in self.positions.of_symbol(symbol):
            before = position.margin
            more = WIDE.divide(WIDE.multiply(before, position.leverage), leverage) - before
            if not position.is_isolated and more > self.portfolio.available(position.market.settlement):
                raise InvalidSetting(
                    f"{symbol}: with a leverage of {leverage} its position needs {rounded_up(more)} more of margin",
                    field="leverage",
                    remedy="reduce the position first",
                )
        self.positions.set_leverage(symbol, leverage)
        for position in self.positions.of_symbol(symbol):
            self.balance_changed(position.market.settlement)

    def set_margin_type(self, symbol: str, margin_type: MarginType) -> None:
        """Set the margin type of a symbol; refused, as Binance does, while it has a position or open orders.

        Raises:
            InvalidSetting: it has.
        """
        self.positions.set_margin_type(symbol, margin_type, has_orders=symbol in self._ordered.values())

    def set_position_mode(self, position_mode: PositionMode) -> None:
        """Set the position mode; refused, as Binance does, with any position or open order.

        Raises:
            InvalidSetting: there is one.
        """
        self.positions.set_mode(position_mode, has_orders=bool(self._ordered))

    # Wallets

    def settle(self, asset: str, amount: Decimal, most: Decimal, time: float) -> Decimal:
        """Add to a wallet; of a loss no more than ``most``. What is beyond it is recorded as a bankruptcy and
        returned."""
        missing = max(ZERO, -amount - most)
        if missing:
            self.bankruptcies.append(Bankruptcy(time, asset, missing))
        self.portfolio.set(asset, Balance(self.portfolio.total(asset) + amount + missing, ZERO))
        self.balance_changed(asset)
        return missing

    def cross_wallet(self, asset: str) -> Decimal:
        """The wallet that cross positions share: all but isolated margins."""
        isolated = (one.isolated_margin for one in self.positions.of_settlement(asset))
        return self.portfolio.total(asset) - sum(isolated, ZERO)

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

    def _pay(self, kind: TransactionType, asset: str, amount: Decimal, time: float, symbol: str) -> None:
        if amount:
            name = f"payment-{len(self.payments) + 1}"
            self.payments.append(Transaction(name, kind, time, asset, amount, symbol))

    def _release_margin(self, position: Position, closing: Decimal) -> Decimal:
        """The part of an isolated margin that belongs to the contracts that are closed."""
        if not closing:
            return ZERO
        part = WIDE.divide(WIDE.multiply(position.isolated_margin, closing), abs(position.quantity))
        released = position.isolated_margin if closing == abs(position.quantity) else rounded_down(part)
        position.isolated_margin -= released
        return released

    def _removable_margin(self, position: Position) -> Decimal:
        """Source: Binance, "How to Adjust Margin Balance in Cross/Isolated Margin Mode": max(0, min(isolated wallet -
        maintenance margin, isolated wallet + unrealised profit - value at mark price / leverage))."""
        kept = self.positions.brackets_of(position.market.symbol).maintenance_margin(position.value)
        initial = WIDE.divide(position.value, position.leverage)
        rest = min(position.isolated_margin - kept, position.isolated_margin + position.unrealised_pnl - initial)
        return max(ZERO, rounded_down(rest))

    def _set_hold(self, order_id: str, hold: Hold | None, change: Mapping[str, Decimal]) -> None:
        for asset, more in change.items():
            self._held[asset] = self._held.get(asset, ZERO) + more
            self.balance_changed(asset)
        self._holds.take_over({order_id: hold})

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
        fee, asset = self.fee(request, position.market, opening, price, is_taker=True)
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
