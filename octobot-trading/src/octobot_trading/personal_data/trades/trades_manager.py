# SPDX-License-Identifier: Apache-2.0
"""The fills of one exchange account."""

from __future__ import annotations

from octobot_trading.personal_data.trades.fill import Fill


class TradesManager:
    """Every fill, oldest first."""

    def __init__(self) -> None:
        self.fills: list[Fill] = []

    def add(self, fill: Fill) -> None:
        """Keep a fill."""
        self.fills.append(fill)

    def get_trades(self, symbol: str | None = None) -> list[Fill]:
        """The fills of a symbol, or all of them."""
        return [fill for fill in self.fills if symbol is None or fill.symbol == symbol]
