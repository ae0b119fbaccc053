# SPDX-License-Identifier: Apache-2.0
"""From text to symbols and back."""

from __future__ import annotations

import re
from functools import lru_cache

from octobot_commons.errors import SymbolError
from octobot_commons.symbols.symbol import Symbol

_ASSET = r"[^\s/:\-][^\s/:]*"
_PATTERN = re.compile(
    rf"(?P<base>{_ASSET})/(?P<quote>{_ASSET})"
    r"(?::(?P<settlement_asset>[^\s/:\-]+)"
    r"(?:-(?P<identifier>\d+)(?:-(?P<strike_price>\d+(?:\.\d+)?)-(?P<option_type>[CP]))?)?)?"
)


@lru_cache(maxsize=4096)
def parse_symbol(symbol: str) -> Symbol:
    """Take ``BTC/USDT``, ``BTC/USDT:USDT`` or ``BTC/USDT:USDT-231229-30000-C`` apart.

    Raises:
        SymbolError: text of another form.
    """
    match = _PATTERN.fullmatch(symbol)
    if match is None:
        raise SymbolError(f"{symbol!r} is no symbol", remedy="write it BASE/QUOTE, like BTC/USDT")
    return Symbol(**match.groupdict())


def is_symbol(text: str) -> bool:
    """Whether ``parse_symbol`` takes this text."""
    return _PATTERN.fullmatch(text) is not None


def merge_currencies(
    currency: str,
    market: str,
    settlement_asset: str | None = None,
    market_separator: str = "/",
    settlement_separator: str = ":",
) -> str:
    """The symbol of these assets: ``merge_currencies("BTC", "USDT")`` is ``"BTC/USDT"``."""
    merged = f"{currency}{market_separator}{market}"
    return f"{merged}{settlement_separator}{settlement_asset}" if settlement_asset else merged
