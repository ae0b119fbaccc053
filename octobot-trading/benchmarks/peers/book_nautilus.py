# SPDX-License-Identifier: Apache-2.0
"""NautilusTrader's book: order objects built from the same rows, or built before."""

import sys
from importlib import metadata

from book_rows import load, rows
from measured import reply
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.data import BookOrder, OrderBookDelta, OrderBookDeltas
from nautilus_trader.model.enums import BookAction, BookType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.objects import Price, Quantity

INSTRUMENT = InstrumentId.from_str("BTCUSDT.BINANCE")


class Book:
    def __init__(self, session):
        self.price_digits, self.size_digits = session["price_digits"], session["size_digits"]
        self.book = OrderBook(INSTRUMENT, BookType.L2_MBP)

    def replace(self, bids, asks):
        self.replace_prepared(self.prepared(bids, asks))

    def update(self, bids, asks):
        self.book.apply_deltas(self.prepared(bids, asks))

    def prepared(self, bids, asks):
        made = []
        for side, changes in ((OrderSide.BUY, bids), (OrderSide.SELL, asks)):
            for price, size in changes:
                order = BookOrder(side, Price(price, self.price_digits), Quantity(size, self.size_digits), 0)
                action = BookAction.UPDATE if size else BookAction.DELETE
                made.append(OrderBookDelta(INSTRUMENT, action, order, 0, 0, 0, 0))
        return OrderBookDeltas(INSTRUMENT, made)

    def replace_prepared(self, deltas):
        self.book.clear(0, 0)
        self.book.apply_deltas(deltas)

    def update_prepared(self, deltas):
        self.book.apply_deltas(deltas)

    def best(self):
        return float(self.book.best_bid_price()), float(self.book.best_ask_price())

    def top(self, count):
        return [
            [[level.price.as_double(), level.size()] for level in side[:count]]
            for side in (self.book.bids(), self.book.asks())
        ]

    def volume_to(self, price):
        return self.book.get_quantity_for_price(Price(price, self.price_digits), OrderSide.BUY)

    def price_for(self, volume):
        return self.book.get_avg_px_for_quantity(Quantity(volume, self.size_digits), OrderSide.BUY)


reply(f"NautilusTrader {metadata.version('nautilus_trader')}", rows(Book, load(sys.argv[1])))
