# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""Decides which open orders of one symbol a candle fills, in which order, and at which price.

What a candle does not say is answered by the book's rule, see `octobot/docs/matching.md` of the repository. Doubles
decide whether something happens; the amounts themselves are the exchange's Decimals.

    _matching.pyx   the book: who rests where, and what the next price or candle reaches
    _heap.pxi       orders by price, the nearest first, each knowing its place
    _intrabar.pxi   what one order meets on the way through a candle, under each rule
"""
from types import GenericAlias

from libc.math cimport INFINITY, NAN, fabs, isnan

Match = GenericAlias(tuple, (float, int, int, float, bool, bool, float, bool))

MARKET, BUY_LIMIT, SELL_LIMIT, BUY_STOP, SELL_STOP, BUY_TAKE, SELL_TAKE, BUY_TRAIL, SELL_TRAIL = range(9)
PESSIMISTIC, NEUTRAL, OPTIMISTIC = range(3)

cdef enum Kind:
    K_MARKET, K_BUY_LIMIT, K_SELL_LIMIT, K_BUY_STOP, K_SELL_STOP, K_BUY_TAKE, K_SELL_TAKE, K_BUY_TRAIL, K_SELL_TRAIL

cdef enum Rule:
    R_PESSIMISTIC, R_NEUTRAL, R_OPTIMISTIC

cdef enum Place:
    P_ARRIVING, P_WAITING, P_TRAILING, P_UP, P_DOWN


cdef inline bint _is_limit(int kind):
    return kind == K_BUY_LIMIT or kind == K_SELL_LIMIT


cdef inline bint _is_trailing(int kind):
    return kind >= K_BUY_TRAIL


cdef inline bint _rises(int kind):
    """Whether rising prices reach an order of this kind."""
    return kind == K_SELL_LIMIT or kind == K_BUY_STOP or kind == K_SELL_TAKE or kind == K_BUY_TRAIL


cdef inline bint _is_adverse(int kind):
    """Whether it trades after the price has moved against its side."""
    return kind == K_BUY_STOP or kind == K_SELL_STOP or _is_trailing(kind)


cdef inline bint _reaches(int kind, double price, double market):
    return market >= price if _rises(kind) else market <= price


cdef inline double _nearer(bint rises, double first, double second):
    return min(first, second) if rises else max(first, second)


include "_heap.pxi"
include "_intrabar.pxi"


cdef class MatchingBook:
    """The open orders of one symbol."""

    def __cinit__(self, int rule=R_PESSIMISTIC):
        if not R_PESSIMISTIC <= rule <= R_OPTIMISTIC:
            raise ValueError(f"unknown rule {rule}")
        self.rule = rule
        self._by_key = {}
        self._up, self._down, self._trailing, self._waiting, self._arriving = [], [], [], [], []
        self.price = NAN

    def __len__(self):
        return len(self._by_key)

    def __contains__(self, long long key):
        return key in self._by_key

    def follow(self, double price):
        """A price that fills nothing, such as a candle's close."""
        self.price = price

    def add(self, long long key, int kind, double price=NAN, double distance=NAN, bint is_relative=False,
            double effective_time=-INFINITY):
        """Take an order in. It is looked at from the first price on that is told at ``effective_time`` or later.

        ``price`` is the limit or trigger price; of a trailing stop the first stop, where it has one. ``distance`` is how
        far a trailing stop follows the best price: in quote, or as a part of that price where it ``is_relative``.
        """
        cdef RestingOrder order
        if key in self._by_key:
            raise ValueError(f"order {key} is in the book already")
        if not K_MARKET <= kind <= K_SELL_TRAIL:
            raise ValueError(f"unknown order kind {kind}")
        if _is_trailing(kind):
            if not 0 < distance < (1 if is_relative else INFINITY):
                raise ValueError(f"order {key}: {distance} is no distance")
            if not isnan(price) and not 0 < price < INFINITY:
                raise ValueError(f"order {key}: {price} is no price")
        elif kind != K_MARKET and not 0 < price < INFINITY:
            raise ValueError(f"order {key}: {price} is no price")
        order = RestingOrder.__new__(RestingOrder)
        self._last_seq += 1
        order.key, order.seq, order.kind, order.price = key, self._last_seq, kind, price
        order.distance, order.is_relative = distance, is_relative
        order.effective_time, order.end_time = effective_time, INFINITY
        order.place = P_ARRIVING
        order.index = len(self._arriving)
        self._arriving.append(order)
        self._by_key[key] = order

    def remove(self, long long key):
        """Take an order out; False when it is not in the book."""
        cdef RestingOrder order = self._by_key.pop(key, None)
        if order is None:
            return False
        self._take_out(order)
        if order.end_time < INFINITY:
            self._ending -= 1
        return True

    def set_end(self, long long key, double end_time):
        """An order ends at a time that may lie inside a candle: what it meets later there is no longer certain."""
        cdef RestingOrder order = self._find(key)
        if order.end_time == INFINITY:
            self._ending += 1
        order.end_time = end_time

    def stop_price(self, long long key):
        """The trigger price of an order as it is now, of a trailing one too."""
        return self._find(key).price

    def is_reached(self, double high, double low):
        """Whether a candle with this range must be asked about."""
        return self._is_reached(high, low)

    cdef bint _is_reached(self, double high, double low):
        if self.must_ask or self.follows_volume or self._arriving or self._waiting or self._trailing or self._ending:
            return True
        if self._up and (<RestingOrder>self._up[0]).price <= high:
            return True
        return len(self._down) > 0 and (<RestingOrder>self._down[0]).price >= low

    cdef RestingOrder _find(self, long long key):
        order = self._by_key.get(key)
        if order is None:
            raise KeyError(key)
        return <RestingOrder>order

    cdef int _insert(self, RestingOrder order) except -1:
        """Let an order rest where the next price finds it."""
        if order.kind == K_MARKET:
            _append(self._waiting, order, P_WAITING)
        elif _is_trailing(order.kind):
            _append(self._trailing, order, P_TRAILING)
        elif _rises(order.kind):
            _push(self._up, order, P_UP, 1.0)
        else:
            _push(self._down, order, P_DOWN, -1.0)
        return 0

    cdef int _take_out(self, RestingOrder order) except -1:
        if order.place == P_UP:
            _delete(self._up, order.index, 1.0)
        elif order.place == P_DOWN:
            _delete(self._down, order.index, -1.0)
        elif order.place == P_TRAILING:
            _swap_out(self._trailing, order.index)
        elif order.place == P_WAITING:
            _swap_out(self._waiting, order.index)
        else:
            _swap_out(self._arriving, order.index)
        return 0

    def match_open(self, double price, double time=INFINITY):
        """What a price fills that is told at ``time``, such as a candle's open: a list of matches by arrival."""
        cdef RestingOrder order
        cdef list found = []
        cdef list reached = []
        self._see(price, price, price, price, time, time)
        if not self._by_key:
            return found
        _collect(self._up, 0, price, 1.0, reached)
        _collect(self._down, 0, price, -1.0, reached)
        for order in reached + self._waiting + self._trailing:
            self._open(order, price, False, found)
        if self._arriving:
            for order in [each for each in self._arriving if (<RestingOrder>each).effective_time <= time]:
                self._take_out(order)
                self._insert(order)
                self._open(order, price, True, found)
        if len(found) > 1:
            found.sort()
        return found

    cdef int _open(self, RestingOrder order, double price, bint arrives, list found) except -1:
        """Match one order with a single price. A limit that was waiting for it makes, whatever else fills takes."""
        cdef bint at_own
        if _is_trailing(order.kind) and not (order.price > 0 and _reaches(order.kind, order.price, price)):
            _trail(order, price)
            return 0
        if order.kind != K_MARKET and not _reaches(order.kind, order.price, price):
            return 0
        # A limit at which exactly was traded before may have been filled there: no better price for a pessimist.
        at_own = order.was_touched and self.rule == R_PESSIMISTIC
        at_own = at_own or (order.kind != K_MARKET and not _is_trailing(order.kind) and order.price == price)
        if _is_adverse(order.kind) and not arrives and not at_own:
            self.gap_through_stops += 1
        found.append((0.0, order.seq, order.key, price, at_own, arrives or not _is_limit(order.kind), 0.0, True))
        return 0

    def match_range(self, double open, double high, double low, double close, double open_time=-INFINITY,
                    double close_time=INFINITY):
        """What the candle fills after its open: a list of matches, to be processed in its order.

        A match that follows another one (``activate``) is put where it belongs by its first two members.
        """
        cdef RestingOrder order
        cdef list found = []
        cdef list reached = []
        self._see(open, high, low, close, open_time, close_time)
        if not self._is_reached(high, low):
            return found
        _collect(self._up, 0, high, 1.0, reached)
        _collect(self._down, 0, low, -1.0, reached)
        for order in reached:
            self._touch(order, found)
        for order in self._trailing:
            if not _stays_behind(order, high, low):
                self._touch(order, found)
        if self._arriving:
            for order in [each for each in self._arriving if (<RestingOrder>each).effective_time < close_time]:
                self._arrive(order, found)
        if len(found) > 1:
            found.sort()
        return found

    def activate(self, long long key, double price, double position, bint from_open):
        """Match an order that something in the last candle or price has brought up: what it meets from there on, or None.

        ``price`` and ``position`` are those of the match that caused it; ``from_open`` tells whether the price came
        there from the open for the first time, so that the further extreme is still ahead.
        """
        return self._activate(self._find(key), price, position, from_open)

    cdef int _see(self, double open, double high, double low, double close, double open_time,
                  double close_time) except -1:
        self._candle.open, self._candle.high, self._candle.low, self._candle.close = open, high, low, close
        self._open_time, self._close_time = open_time, close_time
        self.price = close
        self.is_ambiguous = False
        return 0

    cdef int _touch(self, RestingOrder order, list found) except -1:
        """Match an order that was there at the candle's open."""
        cdef Reached reached
        cdef Path path
        if not _is_trailing(order.kind) and _reaches(order.kind, order.price, self._candle.open):
            # It could not fill completely at the open, which is beyond its price.
            reached.price, reached.position, reached.is_taker = self._candle.open, 0.0, not _is_limit(order.kind)
            reached.at_own_price = order.price == self._candle.open
            found.append(_match(order, &reached, self.rule, True))
            return 0
        path.price, path.position, path.close = self._candle.open, 0.0, self._candle.close
        path.high = path.sure_high = self._candle.high
        path.low = path.sure_low = self._candle.low
        path.end = 3.0
        if order.end_time < self._close_time:
            path.end = _position(order.end_time, self._open_time, self._close_time)
            path.sure_high = path.sure_low = path.close = self._candle.open
        reached = self._meet(order, &path)
        if reached.is_reached:
            found.append(_match(order, &reached, self.rule, not _is_trailing(order.kind)))
        elif _is_limit(order.kind):
            order.was_touched = True
        return 0

    cdef int _arrive(self, RestingOrder order, list found) except -1:
        """Match an order that came while the candle was open, at a price on the straight line from open to close."""
        cdef double position = _position(order.effective_time, self._open_time, self._close_time)
        cdef double price = self._candle.open + (self._candle.close - self._candle.open) * position / 3
        match = self._activate(order, price, position, position == 0)
        if match is not None:
            found.append(match)
        return 0

    cdef object _activate(self, RestingOrder order, double price, double position, bint from_open):
        cdef Candle* candle = &self._candle
        cdef Reached reached
        cdef Path path
        self._take_out(order)
        self._insert(order)
        if order.kind == K_MARKET or (not isnan(order.price) and _reaches(order.kind, order.price, price)):
            reached.price, reached.position, reached.is_taker = price, position, True
            reached.at_own_price = order.price == price
            return _match(order, &reached, self.rule, from_open)
        path.price, path.position, path.end, path.close = price, position, 3.0, candle.close
        path.high, path.low = candle.high, candle.low
        path.sure_high, path.sure_low = max(price, candle.close), min(price, candle.close)
        if from_open:
            if price <= candle.open:
                path.sure_low = candle.low
            if price >= candle.open:
                path.sure_high = candle.high
        if order.end_time < self._close_time:
            path.end = _position(order.end_time, self._open_time, self._close_time)
            path.sure_high = path.sure_low = path.close = price
        reached = self._meet(order, &path)
        return _match(order, &reached, self.rule, False) if reached.is_reached else None

    cdef Reached _meet(self, RestingOrder order, Path* path):
        """What the order meets under the book's rule; notes whether another rule would say otherwise."""
        cdef Reached worst, best
        cdef double stop = order.price
        cdef double trailed
        worst = _meets(order, &self._candle, path, R_PESSIMISTIC)
        trailed = order.price
        order.price = stop
        best = _meets(order, &self._candle, path, R_OPTIMISTIC)
        if worst.is_reached != best.is_reached or (worst.price if worst.is_reached else trailed) != (
                best.price if best.is_reached else order.price):
            self.is_ambiguous = True
        if self.rule == R_OPTIMISTIC:
            return best
        order.price = stop
        return _meets(order, &self._candle, path, self.rule)
