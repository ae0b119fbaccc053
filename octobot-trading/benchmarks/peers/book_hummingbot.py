# SPDX-License-Identifier: Apache-2.0
"""hummingbot's order book (C++ sets behind Cython): row objects built from the lists, or built before."""

import sys
from importlib import metadata
from itertools import count

from book_rows import load, rows
from hummingbot.core.data_type.order_book import OrderBook
from hummingbot.core.data_type.order_book_row import OrderBookRow
from measured import reply


class Book:
    numbers = count(1)

    def __init__(self, session):
        self.book = OrderBook()

    def prepared(self, bids, asks):
        number = next(self.numbers)
        made = [[OrderBookRow(price, size, number) for price, size in side] for side in (bids, asks)]
        return (*made, number)

    def replace(self, bids, asks):
        self.book.apply_snapshot(*self.prepared(bids, asks))

    def update(self, bids, asks):
        self.book.apply_diffs(*self.prepared(bids, asks))

    def replace_prepared(self, whole):
        self.book.apply_snapshot(*whole)

    def update_prepared(self, delta):
        self.book.apply_diffs(*delta)

    def best(self):
        return self.book.get_price(False), self.book.get_price(True)

    def top(self, count):
        sides = (self.book.bid_entries(), self.book.ask_entries())
        return [[[row.price, row.amount] for row, _ in zip(side, range(count), strict=False)] for side in sides]

    def volume_to(self, price):
        return self.book.get_volume_for_price(True, price).result_volume

    def price_for(self, volume):
        return self.book.get_vwap_for_volume(True, volume).result_price


reply(f"hummingbot {metadata.version('hummingbot')}", rows(Book, load(sys.argv[1])))
