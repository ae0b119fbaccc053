# SPDX-License-Identifier: Apache-2.0
"""ccxt's order book, as its websocket clients fill it; its sides order themselves row by row."""

import sys
from importlib import metadata

from book_rows import load, rows
from ccxt.async_support.base.ws.order_book import OrderBook
from measured import reply


class Book:
    def __init__(self, session):
        self.book = OrderBook({}, None)

    def replace(self, bids, asks):
        self.book.reset({"bids": bids, "asks": asks})

    def update(self, bids, asks):
        for side, changes in (("bids", bids), ("asks", asks)):
            store = self.book[side].storeArray
            for row in changes:
                store(row)

    def best(self):
        return self.book["bids"][0][0], self.book["asks"][0][0]

    def top(self, count):
        return self.book["bids"][:count], self.book["asks"][:count]


reply(f"ccxt {metadata.version('ccxt')}", rows(Book, load(sys.argv[1])))
