# SPDX-License-Identifier: Apache-2.0
# The fields of CandleRing, for the compiled modules of this package.

cdef enum:
    COLUMNS = 6


cdef class CandleRing:
    cdef double *_block
    cdef Py_ssize_t _room, _start, _size
    cdef double _construction[COLUMNS]
    cdef readonly bint has_construction
    cdef readonly Py_ssize_t capacity
    cdef readonly double seconds
    cdef readonly long long late

    cdef int _make_room(self) except -1
    cdef void _write(self, Py_ssize_t row, double time, double open, double high, double low, double close,
                     double volume) noexcept
    cpdef bint append(self, double time, double open, double high, double low, double close,
                      double volume) except -1
    cpdef double bucket_start(self, double time)
    cpdef int set_construction(self, double time, double open, double high, double low, double close,
                               double volume) except -1
    cpdef int merge_construction(self, double time, double open, double high, double low, double close,
                                 double volume) except -1
    cpdef double last(self, Py_ssize_t index) except? -1.0
    cpdef list candle(self, Py_ssize_t position=*)
