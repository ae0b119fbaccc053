# SPDX-License-Identifier: Apache-2.0
"""How an exchange of ccxt is reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from octobot_trading.exchanges.credentials import Credentials

if TYPE_CHECKING:
    import aiohttp


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """One account on one exchange, or its public data alone.

    Attributes:
        exchange_name: ccxt's id of the exchange.
        market_type: ccxt's: spot, swap or future.
        credentials: None for public data alone.
        sandbox: whether it is the exchange's test network.
        proxy: an http, https or socks5 address that everything goes through.
        streams: whether websockets may be used.
        cache_folder: where the list of markets is kept between starts; None: nowhere.
        options: of ccxt's exchange, beyond those that are always set.
        make_session: makes the HTTP session, which is closed here; by default ccxt makes its own.
    """

    exchange_name: str
    market_type: str = "spot"
    credentials: Credentials | None = field(default=None, repr=False)
    sandbox: bool = False
    proxy: str | None = field(default=None, repr=False)
    streams: bool = True
    timeout_seconds: float = 10.0
    cache_folder: Path | None = None
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    make_session: Callable[[], aiohttp.ClientSession] | None = field(default=None, repr=False)
