# SPDX-License-Identifier: Apache-2.0
"""Binance's spot market on loopback: REST, streams and the websocket API, with accounts that trade.

::

    server.py             what a test starts            venue.py     markets and accounts; prices come from the test
    market_routes.py      recorded candles and trades   tape.py      one pair: trades, candles, order book
    rest.py               requests by HTTP              account.py   one account: our matching engine, told in
    sockets.py            websockets                                 Binance's words
    *_operations.py       what requests do              orders.py, account_events.py, market_answers.py: payloads
    streams.py            who is told of what           keys.py, limits.py, faults.py: who may, how often, what fails

Accounts do not trade with each other, and orders of theirs are not in the order book: fills come from the trades that
the test tells, and of the book or the last price where an order crosses them.

Sources: https://developers.binance.com/docs/binance-spot-api-docs/rest-api, payloads as recorded from the exchange.
"""

from __future__ import annotations

from octobot_trading.testing.binance.candles import KnownCandles
from octobot_trading.testing.binance.faults import Fault, Faults, RequestFault, StreamFault
from octobot_trading.testing.binance.keys import ApiKey
from octobot_trading.testing.binance.limits import RequestWeights
from octobot_trading.testing.binance.server import BinanceServer

__all__ = [
    "ApiKey",
    "BinanceServer",
    "Fault",
    "Faults",
    "KnownCandles",
    "RequestFault",
    "RequestWeights",
    "StreamFault",
]
