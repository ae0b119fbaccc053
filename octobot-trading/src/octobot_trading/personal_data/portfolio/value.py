# SPDX-License-Identifier: Apache-2.0
"""What assets are worth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.exchanges.market import WIDE


def value_in(reference_market: str, totals: Mapping[str, Decimal], prices: Mapping[str, Decimal | None]) -> Decimal:
    """``totals`` by asset in the reference market, through ``prices`` by symbol (``BASE/QUOTE``).

    An asset without a price counts nothing; ``rates_in`` says which ones have none.
    """
    return value_at(totals, rates_in(reference_market, prices))


def value_at(totals: Mapping[str, Decimal], rates: Mapping[str, Decimal]) -> Decimal:
    """``totals`` by asset at the ``rates`` by asset; an asset without a rate counts nothing."""
    value = ZERO
    for asset, amount in totals.items():
        rate = rates.get(asset)
        if rate is not None:
            value = WIDE.fma(amount, rate, value)
    return value


def rates_in(reference_market: str, prices: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """What one unit of each asset is worth in the reference market, through ``prices`` by symbol.

    An asset is priced by its own symbol with the reference market, either way round, or through one other asset.
    Perpetual contracts (``BTC/USDT:USDT``) give a price where no spot market does.
    """
    rates = {reference_market: ONE}
    pairs = [pair for pair in map(_pair, prices.items()) if pair is not None]
    pairs.sort(key=lambda pair: pair[3])  # spot first; sorting keeps the order of equals
    for _ in range(2):  # directly, then through one other asset
        found: dict[str, Decimal] = {}
        for base, quote, price, _ in pairs:
            if quote in rates:
                found.setdefault(base, WIDE.multiply(price, rates[quote]))
            elif base in rates:
                found.setdefault(quote, WIDE.divide(rates[base], price))
        rates = found | rates
    return rates


def _pair(item: tuple[str, Decimal | None]) -> tuple[str, str, Decimal, bool] | None:
    """(base, quote, price, whether it is a contract), None where there is no price or the contract expires."""
    symbol, price = item
    base, _, rest = symbol.partition("/")
    quote, _, settlement = rest.partition(":")
    return (base, quote, price, bool(settlement)) if price and "-" not in settlement else None
