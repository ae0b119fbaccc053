# SPDX-License-Identifier: Apache-2.0
"""The market rules of backtests: Binance spot's for the pairs it trades most, eight decimals for the rest.

Source of the numbers: Binance's public ``exchangeInfo`` (LOT_SIZE, PRICE_FILTER, NOTIONAL). A market's rules change
over the years; these are those of 2024.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from octobot_commons.symbols import parse_symbol
from octobot_trading.exchanges.market import Market

#: symbol → (amount step, price tick); the minimum amount is one step, the minimum cost 5 USDT.
_BINANCE_SPOT = {
    "BTC/USDT": ("0.00001", "0.01"),
    "ETH/USDT": ("0.0001", "0.01"),
    "BNB/USDT": ("0.001", "0.1"),
    "SOL/USDT": ("0.001", "0.01"),
    "XRP/USDT": ("1", "0.0001"),
    "ADA/USDT": ("0.1", "0.0001"),
}
_MIN_COST = Decimal(5)


def simulated_markets(symbols: Iterable[str], exchange_name: str = "binance") -> dict[str, Market]:
    """The rules of each symbol."""
    return {symbol: _market(symbol, exchange_name) for symbol in symbols}


def _market(symbol: str, exchange_name: str) -> Market:
    rules = _BINANCE_SPOT.get(symbol) if exchange_name == "binance" else None
    if rules is None:
        return Market.default(symbol)
    parsed = parse_symbol(symbol)
    step, tick = (Decimal(text) for text in rules)
    return Market(symbol, parsed.base, parsed.quote, step, tick, min_amount=step, min_cost=_MIN_COST)
