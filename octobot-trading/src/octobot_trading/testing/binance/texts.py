# SPDX-License-Identifier: Apache-2.0
"""Numbers as Binance writes them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from octobot_trading.exchanges.market import ASSET_STEP, WIDE


def amount(value: Decimal | None) -> str:
    """Eight decimals."""
    return f"{(value or Decimal(0)).quantize(ASSET_STEP, ROUND_HALF_EVEN, WIDE):f}"


def levels(rows: Iterable[tuple[Decimal, Decimal]]) -> list[list[str]]:
    """Prices and quantities."""
    return [[amount(price), amount(quantity)] for price, quantity in rows]
