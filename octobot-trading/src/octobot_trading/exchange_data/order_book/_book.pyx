# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""Bids and asks by price, in C.

An update is read and checked into a scratch array first and applied when all of it is sound, so a refused one changes
nothing. ``_side.pxi`` holds one side's levels, ``_rows.pxi`` reads rows.
"""
import sys

from cpython.buffer cimport PyBUF_RECORDS_RO, PyBuffer_Release, PyObject_CheckBuffer, PyObject_GetBuffer
from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_CheckExact
from cpython.list cimport PyList_CheckExact, PyList_GET_ITEM, PyList_GET_SIZE
from cpython.sequence cimport PySequence_GetItem
from cpython.tuple cimport PyTuple_CheckExact, PyTuple_GET_ITEM, PyTuple_GET_SIZE
from cpython.unicode cimport PyUnicode_CheckExact, PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND
from libc.math cimport INFINITY, rint
from libc.stdint cimport int64_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy, memmove, memset

cimport numpy
from numpy cimport (
    NPY_DOUBLE,
    PyArray_CheckExact,
    PyArray_DATA,
    PyArray_DIM,
    PyArray_ISBEHAVED_RO,
    PyArray_NDIM,
    PyArray_SimpleNew,
    PyArray_STRIDE,
    PyArray_TYPE,
    import_array,
    npy_intp,
)

from octobot_trading.errors import InvalidLevelError

import_array()

cdef bytes NATIVE_DOUBLE = b"<d" if sys.byteorder == "little" else b">d"

include "_side.pxi"
include "_rows.pxi"

cdef enum:
    LARGEST_WINDOW = 1 << 24


cdef class Book:
    """The levels of one market. Prices and sizes are doubles; a size is never 0.

    ``tick_size`` is the market's price step, 0 where it is not known; with it, levels within ``window_ticks`` ticks
    around the best are found by their tick, others by search. It changes speed only, never a result.
    """

    cdef Side _bids
    cdef Side _asks
    cdef Grid _grid
    cdef Level *_scratch
    cdef Py_ssize_t _scratch_room
    cdef bint _reading

    def __init__(self, double tick_size=0.0, Py_ssize_t window_ticks=65536):
        if self._bids.sign:
            raise ValueError("a book is made once")
        if not 0 <= tick_size < INFINITY:
            raise ValueError(f"tick_size must be 0 or a finite price step, not {tick_size}")
        if not 64 <= window_ticks <= LARGEST_WINDOW:
            raise ValueError(f"window_ticks must be from 64 to {LARGEST_WINDOW}, not {window_ticks}")
        self._grid.tick = tick_size
        if tick_size and 1.0 / tick_size < LARGEST_TICK:
            self._grid.slots = (window_ticks + 63) & ~<Py_ssize_t>63
            self._grid.per_unit = rint(1.0 / tick_size)
            self._grid.divides = self._grid.per_unit > 0 and 1.0 / self._grid.per_unit == tick_size
            if not self._grid.divides:
                self._grid.per_unit = 1.0 / tick_size
        side_open(&self._bids, 1.0, &self._grid)
        side_open(&self._asks, -1.0, &self._grid)

    def __dealloc__(self):
        side_close(&self._bids)
        side_close(&self._asks)
        free(self._scratch)

    cdef Py_ssize_t _read(self, object rows, Py_ssize_t first, str side, double sign) except -1:
        # Appends to the scratch array behind its first rows; how many were read.
        cdef Py_buffer view
        cdef Py_ssize_t count
        cdef list listed
        if rows is None:
            return 0
        if isinstance(rows, list) or not PyObject_CheckBuffer(rows):
            listed = rows if isinstance(rows, list) else self._listed(rows, side)
            count = PyList_GET_SIZE(listed)
            self._scratch_for(first + count)
            # A number of an unusual type is converted by code that might call back.
            self._reading = True
            try:
                read_list(listed, side, sign, self._scratch + first, count)
            finally:
                self._reading = False
            return count
        if PyArray_CheckExact(rows) and is_array_table(<numpy.ndarray>rows):
            # The same without a description of the buffer, which would cost more than a few rows do.
            count = PyArray_DIM(<numpy.ndarray>rows, 0)
            self._scratch_for(first + count)
            read_table(<const char *>PyArray_DATA(<numpy.ndarray>rows), count, PyArray_STRIDE(<numpy.ndarray>rows, 0),
                       PyArray_STRIDE(<numpy.ndarray>rows, 1), side, sign, self._scratch + first)
            return count
        PyObject_GetBuffer(rows, &view, PyBUF_RECORDS_RO)
        try:
            if view.ndim and not view.shape[0]:
                return 0
            if not is_table(&view):
                raise InvalidLevelError("an array of levels is float64 and of shape (n, 2)", field=side)
            count = view.shape[0]
            self._scratch_for(first + count)
            read_table(<const char *>view.buf, count, view.strides[0], view.strides[1], side, sign,
                       self._scratch + first)
            return count
        finally:
            PyBuffer_Release(&view)

    cdef list _listed(self, object rows, str side):
        try:
            return list(rows)
        except TypeError as error:
            raise InvalidLevelError(f"it is no sequence of rows: {error}", field=side) from error

    cdef int _scratch_for(self, Py_ssize_t rows) except -1:
        # Twice the rows: the second half is for sorting.
        cdef Level *scratch
        if self._reading:
            raise RuntimeError("the book is changed while it reads an update")
        if rows > self._scratch_room:
            rows += rows >> 1
            scratch = <Level *>realloc(self._scratch, 2 * rows * sizeof(Level))
            if scratch == NULL:
                raise MemoryError()
            self._scratch = scratch
            self._scratch_room = rows
        return 0

    cpdef int update(self, object bids, object asks) except -1:
        """Set the size of each given price, a size of 0 taking the level away; how many rows that were.

        Each side is a sequence of rows ``[price, size]`` (floats, ints or their text; what follows in a row is
        ignored), a float64 array of shape (n, 2), or None. Of rows with the same price the last one counts.

        Raises:
            InvalidLevelError: a price is not finite and positive, a size is negative or not finite, or it is no row;
                names side and row, counted from 0. The book is as before.
        """
        cdef Py_ssize_t row, bid_count, count
        cdef Level *level
        bid_count = self._read(bids, 0, "bids", 1.0)
        count = bid_count + self._read(asks, bid_count, "asks", -1.0)
        side_reserve(&self._bids, bid_count)
        side_reserve(&self._asks, count - bid_count)
        level = self._scratch
        for row in range(bid_count):
            side_set(&self._bids, &self._grid, level[row].key, level[row].size)
        for row in range(bid_count, count):
            side_set(&self._asks, &self._grid, level[row].key, level[row].size)
        if self._grid.slots:
            side_settle(&self._bids, &self._grid, bid_count)
            side_settle(&self._asks, &self._grid, count - bid_count)
        return <int>count

    cpdef int replace(self, object bids, object asks) except -1:
        """Forget every level and take these, in any order, given as to ``update``; how many levels there are now.

        Raises:
            InvalidLevelError: as ``update``. The book is as before.
        """
        cdef Py_ssize_t bid_count, ask_count
        cdef Level *spare
        bid_count = self._read(bids, 0, "bids", 1.0)
        ask_count = self._read(asks, bid_count, "asks", -1.0)
        side_reserve(&self._bids, bid_count)
        side_reserve(&self._asks, ask_count)
        spare = self._scratch + self._scratch_room
        side_fill(&self._bids, &self._grid, self._scratch, put_in_order(self._scratch, bid_count, spare))
        side_fill(&self._asks, &self._grid, self._scratch + bid_count,
                  put_in_order(self._scratch + bid_count, ask_count, spare))
        return <int>len(self)

    def clear(self):
        """Forget every level."""
        side_clear(&self._bids)
        side_clear(&self._asks)

    def truncate(self, Py_ssize_t limit):
        """Keep the best ``limit`` levels of each side; how many were dropped."""
        if limit < 0:
            raise ValueError(f"limit must not be negative, not {limit}")
        return self._truncate(&self._bids, limit) + self._truncate(&self._asks, limit)

    cdef Py_ssize_t _truncate(self, Side *side, Py_ssize_t limit) except -1:
        cdef Py_ssize_t extra = side.count + side.held - limit
        cdef Py_ssize_t row = limit
        cdef Level level
        cdef Cursor cursor
        if extra <= 0:
            return 0
        self._scratch_for(limit)
        cursor = side_start(side)
        while row > 0 and side_next(side, &self._grid, &cursor, &level):
            row -= 1
            self._scratch[row] = level
        side_fill(side, &self._grid, self._scratch, limit)
        return extra

    def __len__(self):
        """How many levels there are on both sides."""
        return self._bids.count + self._bids.held + self._asks.count + self._asks.held

    @property
    def tick_size(self):
        """The price step that was given, 0.0 for none."""
        return self._grid.tick

    @property
    def bid_count(self):
        """How many bids there are."""
        return self._bids.count + self._bids.held

    @property
    def ask_count(self):
        """How many asks there are."""
        return self._asks.count + self._asks.held

    @property
    def best_bid(self):
        """The highest bid's price, None without one."""
        cdef Level level
        return level.key if side_best(&self._bids, &self._grid, &level) else None

    @property
    def best_ask(self):
        """The lowest ask's price, None without one."""
        cdef Level level
        return -level.key if side_best(&self._asks, &self._grid, &level) else None

    @property
    def best_bid_size(self):
        """The highest bid's size, None without one."""
        cdef Level level
        return level.size if side_best(&self._bids, &self._grid, &level) else None

    @property
    def best_ask_size(self):
        """The lowest ask's size, None without one."""
        cdef Level level
        return level.size if side_best(&self._asks, &self._grid, &level) else None

    @property
    def is_crossed(self):
        """Whether the highest bid is at or above the lowest ask."""
        cdef Level bid, ask
        if side_best(&self._bids, &self._grid, &bid) and side_best(&self._asks, &self._grid, &ask):
            return bid.key >= -ask.key
        return False

    @property
    def mid(self):
        """The middle between best bid and best ask, None while a side is empty."""
        cdef Level bid, ask
        if side_best(&self._bids, &self._grid, &bid) and side_best(&self._asks, &self._grid, &ask):
            return bid.key + (-ask.key - bid.key) / 2
        return None

    @property
    def micro_price(self):
        """The mid weighted by the opposite best sizes: nearer to the side about to be used up; None as for ``mid``."""
        cdef Level bid, ask
        if side_best(&self._bids, &self._grid, &bid) and side_best(&self._asks, &self._grid, &ask):
            return bid.key + (-ask.key - bid.key) * (bid.size / (bid.size + ask.size))
        return None

    cdef Side *_side(self, str side) except NULL:
        if side == "bids":
            return &self._bids
        if side == "asks":
            return &self._asks
        raise ValueError(f"side must be 'bids' or 'asks', not {side!r}")

    def levels(self, str side, Py_ssize_t limit=-1):
        """The best ``limit`` levels of a side, best first, as a fresh list of ``[price, size]``; -1 means all."""
        cdef Side *one = self._side(side)
        cdef Cursor cursor = side_start(one)
        cdef Level level
        cdef list result = []
        while limit and side_next(one, &self._grid, &cursor, &level):
            result.append([one.sign * level.key, level.size])
            limit -= 1
        return result

    def levels_array(self, str side, Py_ssize_t limit=-1):
        """``levels`` as a fresh float64 array of shape (n, 2)."""
        cdef Side *one = self._side(side)
        cdef Py_ssize_t row = 0, count = one.count + one.held
        cdef Cursor cursor = side_start(one)
        cdef Level level
        cdef npy_intp[2] shape
        cdef double *cell
        if 0 <= limit < count:
            count = limit
        shape[0] = count
        shape[1] = 2
        result = PyArray_SimpleNew(2, shape, NPY_DOUBLE)
        cell = <double *>PyArray_DATA(<numpy.ndarray>result)
        while row < count and side_next(one, &self._grid, &cursor, &level):
            cell[2 * row] = one.sign * level.key
            cell[2 * row + 1] = level.size
            row += 1
        return result

    def size_at(self, str side, double price):
        """The size at a price, 0.0 where there is no level."""
        cdef Side *one = self._side(side)
        cdef double key = one.sign * price
        cdef int64_t tick
        cdef Py_ssize_t row
        if self._grid.slots and whole_tick(&self._grid, key, &tick) and 0 <= tick - one.base < self._grid.slots:
            return one.slots[tick - one.base]
        row = lower_bound(one.levels, one.count, key)
        return one.levels[row].size if row < one.count and one.levels[row].key == key else 0.0

    def volume_to(self, str side, double price):
        """The sum of the sizes of a side's levels at ``price`` or better."""
        cdef Side *one = self._side(side)
        cdef Cursor cursor = side_start(one)
        cdef double total = 0.0, key = one.sign * price
        cdef Level level
        while side_next(one, &self._grid, &cursor, &level) and level.key >= key:
            total += level.size
        return total

    cdef bint _take(self, str side, double volume, double *average, double *worst) except -1:
        cdef Side *one = self._side(side)
        cdef Cursor cursor = side_start(one)
        cdef double left = volume, cost = 0.0
        cdef Level level
        if not 0 < volume < INFINITY:
            raise ValueError(f"volume must be finite and above 0, not {volume}")
        while side_next(one, &self._grid, &cursor, &level):
            if level.size >= left:
                average[0] = one.sign * (cost + left * level.key) / volume
                worst[0] = one.sign * level.key
                return True
            left -= level.size
            cost += level.size * level.key
        return False

    def average_price(self, str side, double volume):
        """The average price for taking ``volume`` off a side, None where it holds less."""
        cdef double average, worst
        return average if self._take(side, volume, &average, &worst) else None

    def worst_price(self, str side, double volume):
        """The price of the last level that taking ``volume`` off a side reaches, None where it holds less."""
        cdef double average, worst
        return worst if self._take(side, volume, &average, &worst) else None

    def imbalance(self, Py_ssize_t limit=1):
        """(bids - asks) / (bids + asks) of the sizes of the best ``limit`` levels: -1 to 1, None for an empty book."""
        cdef double bids = self._sum(&self._bids, limit), asks = self._sum(&self._asks, limit)
        if bids + asks == 0:
            return None
        return (bids - asks) / (bids + asks)

    cdef double _sum(self, Side *side, Py_ssize_t limit) noexcept:
        cdef Cursor cursor = side_start(side)
        cdef double total = 0.0
        cdef Level level
        while limit and side_next(side, &self._grid, &cursor, &level):
            total += level.size
            limit -= 1
        return total
