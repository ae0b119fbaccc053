# SPDX-License-Identifier: Apache-2.0
# The fields of MatchingBook, for the compiled modules of this package.

cdef class RestingOrder:
    cdef long long key, seq
    cdef int kind, place
    cdef Py_ssize_t index
    # Limit or trigger price; of a trailing order its present stop, NAN before it has seen a price.
    cdef double price
    # Of a trailing order: how far its stop follows, in quote or as a part of the price.
    cdef double distance
    cdef bint is_relative
    cdef double effective_time, end_time
    # Whether exactly its limit was traded since it rests, which may have filled it or not.
    cdef bint was_touched


cdef struct Candle:
    double open, high, low, close


cdef struct Path:
    # Where an order begins to be looked at, and how far along the neutral path (0 at the open, 3 at the close).
    double price, position, end
    # What the price may still reach, what it certainly does, and where it certainly ends.
    double high, low, sure_high, sure_low, close


cdef struct Reached:
    bint is_reached, is_taker, at_own_price
    double price, position


cdef class MatchingBook:
    cdef dict _by_key
    # Orders that a rising and a falling price reaches (heaps, nearest first), trailing stops, market orders that wait for
    # a price, and orders that came since the last price.
    cdef list _up, _down, _trailing, _waiting, _arriving
    cdef long long _last_seq
    # Orders that end at a known time.
    cdef Py_ssize_t _ending
    cdef Candle _candle
    cdef double _open_time, _close_time
    cdef readonly int rule
    cdef readonly double price
    cdef readonly bint is_ambiguous
    cdef readonly Py_ssize_t gap_through_stops
    # Whether every candle must be asked about, as something else depends on the price.
    cdef public bint must_ask
    # Whether every candle must be told, as its volume counts for what fills later.
    cdef public bint follows_volume

    cdef bint _is_reached(self, double high, double low)
    cdef RestingOrder _find(self, long long key)
    cdef int _insert(self, RestingOrder order) except -1
    cdef int _take_out(self, RestingOrder order) except -1
    cdef int _open(self, RestingOrder order, double price, bint arrives, list found) except -1
    cdef int _touch(self, RestingOrder order, list found) except -1
    cdef int _arrive(self, RestingOrder order, list found) except -1
    cdef object _activate(self, RestingOrder order, double price, double position, bint from_open)
    cdef Reached _meet(self, RestingOrder order, Path* path)
    cdef int _see(self, double open, double high, double low, double close, double open_time, double close_time) except -1
