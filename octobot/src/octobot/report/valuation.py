# SPDX-License-Identifier: Apache-2.0
"""What an asset is worth in the reference market, at any close of the candles that a run was fed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from octobot_commons.symbols import parse_symbol

if TYPE_CHECKING:
    from octobot_trading.history import CandleSeries

FloatArray = npt.NDArray[np.float64]

#: Enough digits for any sum of products of prices and amounts to stay exact, whatever a library has made of the
#: process's own context: ccxt lets it round half up.
MONEY_CONTEXT = Context(prec=80, rounding=ROUND_HALF_EVEN)
# Money is shown and stored with this many decimals: below the smallest unit of any reference market.
MONEY_STEP = Decimal("1e-10")


class _Hop(NamedTuple):
    """One conversion on the way from an asset to the reference market."""

    symbol: str
    inverted: bool


def exact(price: float) -> Decimal:
    """The shortest Decimal that reads back as this float: the price as the exchange wrote it."""
    return Decimal(repr(float(price)))


def rounded_money(amount: Decimal) -> Decimal:
    """``amount`` with at most ten decimals, half even, without trailing zeros or exponent."""
    with localcontext(MONEY_CONTEXT):
        quantized = amount.quantize(MONEY_STEP).normalize()
        return quantized.quantize(Decimal(1)) if quantized == quantized.to_integral_value() else quantized


class PriceTable:
    """Prices in the reference market over the common axis of all series.

    ``close_times`` is the sorted union of the series' close times and ``start_time`` the first open. An asset is
    priced through the shortest chain of symbols that leads to the reference market (ETH/BTC then BTC/USDT). At a time
    at which a symbol has no candle its last close counts; before its first candle, its first open. A position of a
    linear contract is an asset by the contract's symbol, priced at its candles.
    """

    def __init__(self, candles: Mapping[str, CandleSeries], reference_market: str) -> None:
        self.reference_market = reference_market
        self._candles = {symbol: series for symbol, series in candles.items() if len(series.close)}
        series = list(self._candles.values())
        closes = [one.close_times for one in series]
        self.close_times: FloatArray = np.unique(np.concatenate(closes)) if closes else np.empty(0)
        self.start_time: float | None = min((float(one.open_times[0]) for one in series), default=None)
        self._routes = _routes(list(self._candles), reference_market)
        self._aligned: dict[str, FloatArray] = {}

    def knows(self, asset: str) -> bool:
        """Whether ``asset`` can be valued at all."""
        return asset in self._routes

    def prices(self, asset: str) -> FloatArray:
        """The asset's price at every close of the axis. Raises KeyError for an asset that is not known."""
        prices = np.ones(len(self.close_times))
        for hop in self._routes[asset]:
            closes = self._closes(hop.symbol)
            prices = prices / closes if hop.inverted else prices * closes
        return prices

    def first_price(self, asset: str) -> Decimal:
        """The price at the start: the first open of every symbol on the way."""
        return self._product(
            asset, {hop.symbol: float(self._candles[hop.symbol].open[0]) for hop in self._routes[asset]}
        )

    def last_price(self, asset: str) -> Decimal:
        """The price at the last close of every symbol on the way."""
        return self._product(
            asset, {hop.symbol: float(self._candles[hop.symbol].close[-1]) for hop in self._routes[asset]}
        )

    def price_at(self, asset: str, time: float) -> Decimal:
        """The price known at ``time``: the last close at or before it, else the first open."""
        position = int(np.searchsorted(self.close_times, time, side="right")) - 1
        if position < 0:
            return self.first_price(asset)
        hops = self._routes[asset]
        return self._product(asset, {hop.symbol: float(self._closes(hop.symbol)[position]) for hop in hops})

    def _product(self, asset: str, prices: Mapping[str, float]) -> Decimal:
        value = Decimal(1)
        with localcontext(MONEY_CONTEXT):
            for hop in self._routes[asset]:
                price = exact(prices[hop.symbol])
                value = value / price if hop.inverted else value * price
        return value

    def _closes(self, symbol: str) -> FloatArray:
        aligned = self._aligned.get(symbol)
        if aligned is None:
            series = self._candles[symbol]
            if len(series.close) == len(self.close_times):
                aligned = series.close
            else:
                known = np.concatenate((series.open[:1], series.close))
                aligned = known[np.searchsorted(series.close_times, self.close_times, side="right")]
            self._aligned[symbol] = aligned
        return aligned


def _routes(symbols: list[str], reference_market: str) -> dict[str, tuple[_Hop, ...]]:
    """The shortest way of every reachable asset, found breadth first from the reference market, ties by symbol name."""
    routes: dict[str, tuple[_Hop, ...]] = {reference_market: ()}
    waiting = deque([reference_market])
    pairs = [(symbol, parsed.base, parsed.quote) for symbol in sorted(symbols) for parsed in (parse_symbol(symbol),)]
    while waiting:
        target = waiting.popleft()
        for symbol, base, quote in pairs:
            if quote == target and base not in routes:
                asset, hop = base, _Hop(symbol, inverted=False)
            elif base == target and quote not in routes:
                asset, hop = quote, _Hop(symbol, inverted=True)
            else:
                continue
            routes[asset] = (hop, *routes[target])
            waiting.append(asset)
    for symbol, _, quote in pairs:
        if quote in routes and not parse_symbol(symbol).is_spot():
            routes[symbol] = (_Hop(symbol, inverted=False), *routes[quote])
    return routes
