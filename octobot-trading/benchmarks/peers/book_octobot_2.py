# SPDX-License-Identifier: Apache-2.0
"""The order book manager of OctoBot 2, by the signatures that help() prints; its updates are orders with a side."""

import sys
from importlib import metadata

from book_rows import load, rows
from measured import reply

from octobot_trading.exchange_data import OrderBookManager


class Book:
    def __init__(self, session):
        self.book = OrderBookManager()
        self.known = (set(), set())

    def replace(self, bids, asks):
        self.book.handle_new_books(asks, bids, 1.0)
        self.known = tuple({price for price, _ in side} for side in (bids, asks))

    def update(self, bids, asks):
        changed, added, gone = [], [], []
        for name, side, known in (("buy", bids, self.known[0]), ("sell", asks, self.known[1])):
            for price, size in side:
                order = {"side": name, "price": price, "size": size, "order_id": None}
                if price not in known:
                    if size:
                        known.add(price)
                        added.append(order)
                elif size:
                    changed.append(order)
                else:
                    known.remove(price)
                    gone.append(order)
        self.book.handle_book_updates(changed)
        self.book.handle_book_adds(added)
        self.book.handle_book_deletes(gone)

    def best(self):
        return self.book.get_bid()[0], self.book.get_ask()[0]

    def top(self, count):
        bids, asks = list(self.book.bids.items()), list(self.book.asks.items())
        return [
            [[price, sum(float(order["size"]) for order in orders)] for price, orders in side]
            for side in (bids[: -count - 1 : -1], asks[:count])
        ]


reply(f"OctoBot {metadata.version('octobot')}", rows(Book, load(sys.argv[1])))
