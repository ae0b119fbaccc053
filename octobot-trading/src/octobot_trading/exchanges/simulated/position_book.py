# SPDX-License-Identifier: Apache-2.0
"""The positions of a futures account, their settings and the brackets of their markets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from octobot_trading.constants import ONE
from octobot_trading.enums import MarginType, OrderSide, PositionMode, PositionSide
from octobot_trading.errors import InvalidOrder, InvalidSetting
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.positions.brackets import MaintenanceBrackets
from octobot_trading.personal_data.positions.position import Position

_UNKNOWN_BRACKETS = MaintenanceBrackets.flat(Decimal("0.005"), Decimal(125))


class PositionBook:
    """Positions by symbol and side. Settings of a symbol hold for its positions to come, too."""

    def __init__(
        self, brackets: Mapping[str, MaintenanceBrackets], leverage: Decimal, position_mode: PositionMode
    ) -> None:
        self.position_mode = position_mode
        self._brackets = dict(brackets)
        self._default_leverage = leverage
        self._leverages: dict[str, Decimal] = {}
        self._margin_types: dict[str, MarginType] = {}
        self._positions: dict[tuple[str, PositionSide], Position] = {}
        self._changed: dict[tuple[str, PositionSide], Position] = {}

    def __iter__(self) -> Iterator[Position]:
        """The open positions."""
        return iter([position for position in self._positions.values() if position.is_open])

    def get(self, market: Market, side: PositionSide = PositionSide.BOTH) -> Position:
        """The position of a symbol, one without contracts where there is none.

        Raises:
            InvalidOrder: the side does not exist in this mode.
        """
        if (side is PositionSide.BOTH) is not (self.position_mode is PositionMode.ONE_WAY):
            raise InvalidOrder(
                f"{market.symbol}: no position side {side} in {self.position_mode} mode",
                rule="position_side",
                remedy="one-way mode has BOTH, hedge mode LONG and SHORT",
            )
        position = self._positions.get((market.symbol, side))
        if position is None:
            position = Position(
                market,
                side,
                self.leverage_of(market.symbol),
                self._margin_types.get(market.symbol, MarginType.CROSS),
            )
            self._positions[market.symbol, side] = position
        return position

    def closes(self, side: PositionSide, order_side: OrderSide) -> bool:
        """Whether an order for this side of hedge mode can only close."""
        return (side is PositionSide.LONG and order_side is OrderSide.SELL) or (
            side is PositionSide.SHORT and order_side is OrderSide.BUY
        )

    def of_symbol(self, symbol: str) -> list[Position]:
        """The open positions of a symbol, at most two."""
        return [position for position in self if position.market.symbol == symbol]

    def of_settlement(self, asset: str) -> list[Position]:
        """The open positions that are settled in an asset."""
        return [position for position in self if position.market.settlement == asset]

    def leverage_of(self, symbol: str) -> Decimal:
        """The leverage of a symbol's positions, also of those to come."""
        return self._leverages.get(symbol, self._default_leverage)

    def brackets_of(self, symbol: str) -> MaintenanceBrackets:
        """The maintenance brackets of a symbol."""
        return self._brackets.get(symbol, _UNKNOWN_BRACKETS)

    def changed(self, position: Position) -> None:
        """Note that a position is not what it was."""
        self._changed[position.market.symbol, position.side] = position

    def take_changes(self) -> list[Position]:
        """The positions that changed since the last call, also those that were closed."""
        changed, self._changed = self._changed, {}
        return list(changed.values())

    def check_leverage(self, symbol: str, leverage: Decimal) -> None:
        """Look whether the brackets and the present position allow a leverage.

        Raises:
            InvalidSetting: they do not.
        """
        brackets = self.brackets_of(symbol)
        positions = self.of_symbol(symbol)
        most = min([brackets.brackets[0].max_leverage, *(brackets.max_leverage(one.value) for one in positions)])
        if not leverage.is_finite() or not ONE <= leverage <= most:
            raise InvalidSetting(
                f"{symbol}: a leverage of {leverage}", field="leverage", remedy=f"give one from 1 to {most:f}"
            )
        if any(one.is_isolated and leverage < one.leverage for one in positions):
            raise InvalidSetting(
                f"{symbol}: the leverage of an isolated position cannot become lower",
                field="leverage",
                remedy="add to its margin, or close it first",
            )

    def set_leverage(self, symbol: str, leverage: Decimal) -> None:
        """Set the leverage of a symbol; see ``check_leverage``."""
        self.check_leverage(symbol, leverage)
        self._leverages[symbol] = leverage
        for position in self._all_of(symbol):
            position.leverage = leverage
            self.changed(position)

    def set_margin_type(self, symbol: str, margin_type: MarginType, has_orders: bool) -> None:
        """Set the margin type of a symbol; refused, as Binance does, while it has a position or open orders.

        Raises:
            InvalidSetting: it has.
        """
        if has_orders or self.of_symbol(symbol):
            raise InvalidSetting(
                f"{symbol}: the margin type cannot change with a position or open orders",
                field="margin_type",
                remedy="close and cancel them first",
            )
        self._margin_types[symbol] = margin_type
        for position in self._all_of(symbol):
            position.margin_type = margin_type

    def set_mode(self, position_mode: PositionMode, has_orders: bool) -> None:
        """Set the position mode; refused, as Binance does, with any position or open order.

        Raises:
            InvalidSetting: there is one.
        """
        if position_mode is self.position_mode:
            return
        if has_orders or any(self):
            raise InvalidSetting(
                "the position mode cannot change with positions or open orders",
                field="position_mode",
                remedy="close and cancel them first",
            )
        self.position_mode = position_mode
        self._positions.clear()

    def _all_of(self, symbol: str) -> list[Position]:
        return [position for (name, _), position in self._positions.items() if name == symbol]
