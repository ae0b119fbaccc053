# SPDX-License-Identifier: Apache-2.0
# The fields of Cycle, for the compiled modules of this package.

cdef struct Cell:
    double eval_time
    double seconds  # infinite without a time frame, negative for a calendar month
    double expiry_time
    bint is_present
    bint is_valid
    bint is_awaited


cdef class Cycle:
    cdef Cell* _cells
    cdef Py_ssize_t _size
    cdef Py_ssize_t _capacity
    cdef Py_ssize_t _present
    cdef Py_ssize_t _valid
    cdef Py_ssize_t _awaited
    cdef bint _is_called
    cdef readonly double latest_time
    cdef readonly double allowed_delta

    cpdef bint evaluated(self, Py_ssize_t slot, double eval_time, bint report=*) except -1
    cpdef double fresh_until(self) noexcept
    cdef Cell* _cell(self, Py_ssize_t slot) except NULL
    cdef void _leave(self, Cell* cell) noexcept
    cdef bint _advance(self, double eval_time) noexcept
    cdef void _refresh(self, Cell* cell) noexcept
