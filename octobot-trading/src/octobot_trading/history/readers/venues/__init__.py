# SPDX-License-Identifier: Apache-2.0
"""Venues whose recorded sessions are read: one module each turns messages into ``events``.

``detection.py`` tells the venue of a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from octobot_trading.exchange_data.order_book.checksums import KRAKEN, OKX, ChecksumRule
from octobot_trading.history.readers.recorded_session import SessionMessage
from octobot_trading.history.readers.venues import (
    binance,
    bitflyer,
    bitmex,
    bybit,
    coinbase,
    deribit,
    gemini,
    huobi,
    hyperliquid,
    kraken,
    kucoin,
    okx,
    upbit,
)
from octobot_trading.history.readers.venues.events import Instruments, Parser


def _no_instruments(message: SessionMessage) -> Instruments:
    return {}


@dataclass(frozen=True, slots=True)
class Venue:
    """How the messages of a venue are read.

    ``parser`` makes one for a session; ``symbol`` turns the venue's name of a market into ours, None where the name
    does not tell; ``instruments`` reads the venue's own list of its markets, at an address that holds
    ``instruments_path``. ``contracts`` says which symbols are traded in contracts.
    """

    exchange_name: str
    hosts: tuple[str, ...]
    parser: Callable[[], Parser]
    symbol: Callable[[str], str | None]
    instruments: Callable[[SessionMessage], Instruments] = _no_instruments
    instruments_path: str = "\n"
    checksum: ChecksumRule | None = None
    contracts: Callable[[str], bool] = lambda symbol: False


def _stateless(parser: Parser) -> Callable[[], Parser]:
    return lambda: parser


def _is_derivative(symbol: str) -> bool:
    return ":" in symbol


def _is_inverse(symbol: str) -> bool:
    return "/USD:" in symbol


def _is_no_option(symbol: str) -> bool:
    return not symbol.endswith(("-C", "-P"))


VENUES: tuple[Venue, ...] = (
    Venue(
        "binance",
        ("api.binance.com", "stream.binance.com", "data-stream.binance.vision"),
        binance.Binance,
        binance.spot_symbol,
        binance.instruments,
        "/exchangeInfo",
    ),
    Venue(
        "binanceusdm",
        ("fapi.binance.com", "fstream.binance.com"),
        binance.Binance,
        binance.usdm_symbol,
        binance.instruments,
        "/exchangeInfo",
    ),
    Venue(
        "binancecoinm",
        ("dapi.binance.com", "dstream.binance.com"),
        binance.Binance,
        binance.coinm_symbol,
        binance.instruments,
        "/exchangeInfo",
        contracts=_is_derivative,
    ),
    Venue("bitflyer", ("bitflyer.com",), _stateless(bitflyer.bitflyer), bitflyer.to_symbol),
    Venue(
        "bitmex",
        ("bitmex.com",),
        bitmex.Bitmex,
        bitmex.to_symbol,
        bitmex.instruments,
        "/instrument",
        contracts=_is_derivative,
    ),
    Venue(
        "bybit",
        ("bybit.com",),
        _stateless(bybit.bybit_2021),
        bybit.to_symbol,
        bybit.instruments,
        "/v2/public/symbols",
        contracts=_is_inverse,
    ),
    Venue("coinbase", ("coinbase.com",), _stateless(coinbase.coinbase), coinbase.to_symbol),
    Venue("deribit", ("deribit.com",), _stateless(deribit.deribit), deribit.to_symbol, contracts=_is_no_option),
    Venue(
        "gemini",
        ("gemini.com",),
        _stateless(gemini.gemini),
        gemini.to_symbol,
        gemini.instruments,
        "/symbols/details",
    ),
    Venue("huobi", ("huobi.pro",), _stateless(huobi.huobi), huobi.to_symbol, huobi.instruments, "/v1/common/symbols"),
    Venue("hyperliquid", ("hyperliquid.xyz",), _stateless(hyperliquid.hyperliquid), hyperliquid.to_symbol),
    Venue("kraken", ("kraken.com",), _stateless(kraken.kraken), kraken.to_symbol, checksum=KRAKEN),
    Venue("kucoin", ("kucoin.com",), _stateless(kucoin.kucoin), kucoin.to_symbol, kucoin.instruments, "/v1/symbols"),
    Venue("okx", ("okx.com", "okex.com"), _stateless(okx.okx), okx.to_symbol, checksum=OKX, contracts=_is_derivative),
    Venue("upbit", ("upbit.com",), _stateless(upbit.upbit), upbit.to_symbol),
)
BY_NAME = {venue.exchange_name: venue for venue in VENUES}
#: Updates of these are written otherwise than on the venue's sockets.
BYBIT_ARCHIVE = Venue("bybit", (), _stateless(bybit.bybit_archive), bybit.to_symbol, contracts=_is_inverse)
