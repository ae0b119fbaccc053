# SPDX-License-Identifier: Apache-2.0
# The fields of MatchingBook, for the compiled modules of this package.

cdef class MatchingBook:
    cdef list _orders
    cdef dict _by_key
    # The nearest price of each kind: a candle inside these bounds fills nothing and is not looked at further.
    cdef double _highest_buy_limit, _lowest_sell_limit, _lowest_buy_stop, _highest_sell_stop
    cdef Py_ssize_t _market_count
    cdef bint _has_fresh, _bounds_known
    # The last price seen, not a number before the first.
    cdef readonly double price

    cdef void _find_bounds(self)
    cdef bint _outside(self, double high, double low)
    cdef bint _is_reached(self, double high, double low)
