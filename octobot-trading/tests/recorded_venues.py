# SPDX-License-Identifier: Apache-2.0
"""ccxt's exchanges whose requests are answered with what others have recorded."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

_PARENTS = Path(__file__).resolve().parents
PAYLOADS = _PARENTS[min(3, len(_PARENTS) - 1)] / "shared" / "data" / "api"


def recorded(archive: str, member: str) -> Any:
    """A recorded body; the files of some projects begin with three lines about the request."""
    file = PAYLOADS / archive
    if not file.exists():
        pytest.skip(f"no recorded payloads: {file.name} is not there")
    text = zipfile.ZipFile(file).read(member).decode()
    return json.loads(text.split("\n", 3)[3] if text.startswith(("GET\n", "POST\n", "DELETE\n")) else text)


def market_of(symbol: str, venue_id: str, **fields: Any) -> dict[str, Any]:
    """A market structure of ccxt that knows no more than the symbol."""
    pair, _, settle = symbol.partition(":")
    base, quote = pair.split("/")
    is_swap = bool(settle)
    return {
        "id": venue_id, "symbol": symbol, "base": base, "quote": quote, "settle": settle or None, "baseId": base,
        "quoteId": quote, "settleId": settle or None, "type": "swap" if is_swap else "spot", "spot": not is_swap,
        "margin": False, "swap": is_swap, "future": False, "option": False, "active": True, "contract": is_swap,
        "linear": settle == quote if is_swap else None, "inverse": settle == base if is_swap else None,
        "contractSize": "1" if is_swap else None, "precision": {"amount": "1e-8", "price": "1e-8"}, "limits": {},
        "info": {}, **fields,
    }  # fmt: skip


def answering(venue: str, markets: list[dict[str, Any]], answer: Any) -> Any:
    """An exchange of ccxt with these markets that gets this answer to everything."""
    ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed")
    keys = {"apiKey": "key", "secret": "c2VjcmV0", "password": "pass", "uid": "1"}
    exchange = getattr(ccxt, venue)({**keys, "enableRateLimit": False})
    exchange.number = str
    exchange.options["warnOnFetchOpenOrdersWithoutSymbol"] = False
    exchange.set_markets(markets)
    exchange.load_markets = lambda *_, **__: exchange.markets
    exchange.fetch = lambda *_, **__: answer
    return exchange
