# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""Decides which open orders of one symbol a candle fills, in which order, and at which price.

Pessimistic rules, for candles of which only open, high, low and close are known:

- at the open, whatever the open's price reaches fills at the open: market orders, limits and stops that the price
  jumped over (a gap fills at the gap, not at the order's price);
- inside the candle stops come before limits; a stop triggers when its price is touched and fills at it; a limit fills
  at its price only when the market trades *through* it, since a touch may leave it in the queue;
- an order that came after the candle's open and is already beyond it fills at the open's price; a market order
  that came after the open waits for the next one.

Doubles decide whether something happens; the amounts themselves are the exchange's Decimals.
"""
from libc.math cimport INFINITY, NAN

MARKET = 0
BUY_LIMIT = 1
SELL_LIMIT = 2
BUY_STOP = 3
SELL_STOP = 4

cdef enum Kind:
    K_MARKET = 0
    K_BUY_LIMIT = 1
    K_SELL_LIMIT = 2
    K_BUY_STOP = 3
    K_SELL_STOP = 4


cdef class _Resting:
    cdef long long key
    cdef int kind
    cdef double price
    # Whether the order has not yet seen the open of a candle: filled there it takes, later it makes.
    cdef bint is_fresh


cdef inline bint _reached(int kind, double price, double market):
    if kind == K_BUY_LIMIT or kind == K_SELL_STOP:
        return market <= price
    return market >= price


cdef class MatchingBook:
    """The open orders of one symbol, in order of arrival."""

    def __cinit__(self):
        self._orders = []
        self._by_key = {}
        self._bounds_known = False
        self.price = NAN

    def __len__(self):
        return len(self._orders)

    def add(self, long long key, int kind, double price):
        """Take an order in. ``price`` is the limit or stop price; it means nothing for a market order."""
        cdef _Resting order
        if key in self._by_key:
            raise ValueError(f"order {key} is in the book already")
        if kind < K_MARKET or kind > K_SELL_STOP:
            raise ValueError(f"unknown order kind {kind}")
        if kind != K_MARKET and not (0 < price < INFINITY):
            raise ValueError(f"order {key}: {price} is no price")
        order = _Resting.__new__(_Resting)
        order.key = key
        order.kind = kind
        order.price = price
        order.is_fresh = True
        self._orders.append(order)
        self._by_key[key] = order
        self._has_fresh = True
        self._bounds_known = False

    def remove(self, long long key):
        """Take an order out; False when it is not in the book."""
        order = self._by_key.pop(key, None)
        if order is None:
            return False
        self._orders.remove(order)
        self._bounds_known = False
        return True

    cdef void _find_bounds(self):
        cdef _Resting order
        self._highest_buy_limit = self._highest_sell_stop = -INFINITY
        self._lowest_sell_limit = self._lowest_buy_stop = INFINITY
        self._market_count = 0
        for order in self._orders:
            if order.kind == K_MARKET:
                self._market_count += 1
            elif order.kind == K_BUY_LIMIT:
                self._highest_buy_limit = max(self._highest_buy_limit, order.price)
            elif order.kind == K_SELL_LIMIT:
                self._lowest_sell_limit = min(self._lowest_sell_limit, order.price)
            elif order.kind == K_BUY_STOP:
                self._lowest_buy_stop = min(self._lowest_buy_stop, order.price)
            else:
                self._highest_sell_stop = max(self._highest_sell_stop, order.price)
        self._bounds_known = True

    cdef bint _outside(self, double high, double low):
        return (low > self._highest_buy_limit and high < self._lowest_sell_limit
                and high < self._lowest_buy_stop and low > self._highest_sell_stop)

    cdef bint _is_reached(self, double high, double low):
        """Whether a candle with this range could fill something."""
        if not self._orders:
            return False
        if not self._bounds_known:
            self._find_bounds()
        return not self._outside(high, low)

    def match_open(self, double price):
        """What the open's price fills: a list of (key, True when the order takes liquidity), by arrival."""
        cdef _Resting order
        cdef list fills = []
        self.price = price
        if not self._orders:
            return fills
        if not self._bounds_known:
            self._find_bounds()
        if self._market_count or not self._outside(price, price):
            for order in self._orders:
                if order.kind == K_MARKET or _reached(order.kind, order.price, price):
                    fills.append((order.key, order.is_fresh or order.kind not in (K_BUY_LIMIT, K_SELL_LIMIT)))
        if self._has_fresh:
            for order in self._orders:
                order.is_fresh = False
            self._has_fresh = False
        return fills

    def match_range(self, double open, double high, double low, double close):
        """What the candle fills after its open: a list of (key, takes liquidity, fills at the open's price)."""
        cdef _Resting order
        cdef list stops, limits
        self.price = close
        if not self._is_reached(high, low):
            return []
        stops = []
        limits = []
        for order in self._orders:
            if order.kind == K_MARKET:
                continue
            at_open = order.is_fresh and _reached(order.kind, order.price, open)
            if order.kind == K_BUY_STOP:
                if high >= order.price:
                    stops.append((order.key, True, at_open))
            elif order.kind == K_SELL_STOP:
                if low <= order.price:
                    stops.append((order.key, True, at_open))
            elif order.kind == K_BUY_LIMIT:
                if at_open or low < order.price:
                    limits.append((order.key, at_open, at_open))
            elif at_open or high > order.price:
                limits.append((order.key, at_open, at_open))
        return stops + limits
