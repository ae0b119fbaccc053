# SPDX-License-Identifier: Apache-2.0
"""Binance's public REST interface on loopback.

::

    candles.py   what the exchange knows: candles by pair and interval
    records.py   what it knows beside: trades and funding rates
    markets.py   what is traded
    limits.py    request weights per minute, 429 and 418
    faults.py    what may go wrong, switched on by tests
    answers.py   good answers and faulty ones
    server.py    the routes

Sources: https://developers.binance.com/docs/binance-spot-api-docs/rest-api, payloads as recorded from the exchange.
"""

from __future__ import annotations

from octobot_trading.testing.binance.candles import KnownCandles
from octobot_trading.testing.binance.faults import Fault
from octobot_trading.testing.binance.limits import RequestWeights
from octobot_trading.testing.binance.server import BinanceServer

__all__ = ["BinanceServer", "Fault", "KnownCandles", "RequestWeights"]
