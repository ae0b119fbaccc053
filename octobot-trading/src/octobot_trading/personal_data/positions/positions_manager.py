# SPDX-License-Identifier: Apache-2.0
"""The positions of one exchange account, as the bot knows them."""

from __future__ import annotations

from octobot_trading.enums import PositionSide
from octobot_trading.personal_data.positions.position import Position


class PositionsManager:
    """Open positions by symbol and side."""

    def __init__(self) -> None:
        self._positions: dict[tuple[str, PositionSide], Position] = {}

    def set(self, position: Position) -> bool:
        """Take over what the exchange says of a position; returns whether it was known."""
        key = (position.market.symbol, position.side)
        is_known = key in self._positions
        if position.is_open:
            self._positions[key] = position
        else:
            self._positions.pop(key, None)
        return is_known

    def get_position(self, symbol: str, side: PositionSide = PositionSide.BOTH) -> Position | None:
        """The open position of a symbol; None where there is none."""
        return self._positions.get((symbol, side))

    def get_positions(self, symbol: str | None = None) -> list[Position]:
        """Open positions, of a symbol where it is given."""
        return [one for (name, _), one in self._positions.items() if symbol is None or name == symbol]
