# SPDX-License-Identifier: Apache-2.0
"""What assets are worth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from octobot_trading.constants import ONE, ZERO


def value_in(reference_market: str, totals: Mapping[str, Decimal], prices: Mapping[str, Decimal | None]) -> Decimal:
    """``totals`` by asset in the reference market, through ``prices`` by symbol (``BASE/QUOTE``).

    An asset is priced by its own symbol with the reference market, either way round, or through one other asset.
    One without any such price counts nothing.
    """
    rates = _rates(reference_market, prices)
    return sum((amount * rates.get(asset, ZERO) for asset, amount in totals.items()), ZERO)


def _rates(reference_market: str, prices: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    rates = {reference_market: ONE}
    for _ in range(2):  # directly, then through one other asset
        found: dict[str, Decimal] = {}
        for symbol, price in prices.items():
            base, _, quote = symbol.partition("/")
            if not price:
                continue
            if quote in rates:
                found.setdefault(base, price * rates[quote])
            elif base in rates:
                found.setdefault(quote, rates[base] / price)
        rates = found | rates
    return rates
