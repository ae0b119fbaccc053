# SPDX-License-Identifier: Apache-2.0
"""What a file's name tells: ``BTC_USDT-1h_2017-2024.csv.xz`` holds BTC/USDT, ``binance_btcusdt_day.csv`` too."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import PurePath

from octobot_commons.enums import TimeFrames

#: In the order of preference: data_ETH_BTC is ETH/BTC and not DATA/ETH.
_STABLE = ["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USDP", "DAI"]
_FIAT = ["USD", "EUR", "GBP", "JPY", "KRW", "TRY", "BRL", "AUD", "CAD", "CHF", "RUB", "UAH", "PLN"]
_QUOTES = [*_STABLE, *_FIAT, "BTC", "XBT", "ETH", "BNB"]
#: BTCUSDT ends in USDT and not in a shorter name.
_LONGEST_FIRST = sorted(_QUOTES, key=len, reverse=True)
_EXCHANGES = frozenset(
    """
    ascendex binance binanceus binanceusdm bingx bitfinex bitflyer bitget bithumb bitmart bitmex bitso bitstamp
    bitvavo bybit coinbase coinex cryptocom deribit gateio gemini hitbtc htx huobi hyperliquid kraken krakenfutures
    kucoin lbank mexc okx phemex poloniex upbit whitebit woo
    """.split()  # noqa: SIM905 - forty quoted names would be hard to read
)
_SEPARATORS = re.compile(r"[_\-.\s]+")
_ASSET = re.compile(r"[A-Z0-9]*[A-Z][A-Z0-9]*")
_SMALLEST_BASE = 2


def symbol_of_file(path: str) -> str | None:
    """The symbol in a file's name, None when there is none that is sure."""
    tokens = [token.upper() for token in _tokens(path)]
    pairs = [
        (_QUOTES.index(quote), index)
        for index, (base, quote) in enumerate(pairwise(tokens))
        if quote in _QUOTES and base != quote and _is_base(base)
    ]
    if pairs:
        base, quote, *rest = tokens[min(pairs)[1] :]
        return f"{base}/{quote}:{rest[0]}" if rest[:1] in ([base], [quote]) else f"{base}/{quote}"
    return next((symbol for symbol in map(split_symbol, tokens) if symbol), None)


def split_symbol(text: str) -> str | None:
    """``btcusdt`` as ``BTC/USDT``; None when the text does not end in a known quote asset."""
    upper = text.upper()
    for quote in _LONGEST_FIRST:
        base = upper.removesuffix(quote)
        if base != upper and len(base) >= _SMALLEST_BASE and _is_base(base):
            return f"{base}/{quote}"
    return None


def exchange_of_file(path: str) -> str | None:
    """The exchange in a file's name."""
    return next((token for token in map(str.lower, _tokens(path)) if token in _EXCHANGES), None)


def time_frame_of_file(path: str) -> TimeFrames | None:
    """The time frame in a file's name."""
    known = {member.value: member for member in TimeFrames}
    return next((known[token] for token in _tokens(path) if token in known), None)


def _is_base(token: str) -> bool:
    return token.lower() not in _EXCHANGES and _ASSET.fullmatch(token) is not None


def _tokens(path: str) -> list[str]:
    return [token for token in _SEPARATORS.split(PurePath(path).name) if token]
