# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""Whether every evaluation that a strategy waits for is there, kept up to date note by note."""

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from libc.math cimport INFINITY

from octobot_evaluators.matrix._note cimport _month_seconds

cdef double _expiry(double eval_time, double seconds) except? -1.0:
    if eval_time == -INFINITY:
        return -INFINITY
    if seconds < 0.0:
        return eval_time + _month_seconds(eval_time)
    return eval_time + seconds


cdef class Cycle:
    """See `_cycle.pyi`."""

    def __cinit__(self, double allowed_delta=0.0):
        self.allowed_delta = allowed_delta
        self.latest_time = -INFINITY

    def __dealloc__(self):
        PyMem_Free(self._cells)

    def __len__(self):
        return self._present

    @property
    def is_complete(self):
        return self._present > 0 and self._valid == self._present and self._awaited == 0

    def add(self, seconds=INFINITY, double eval_time=-INFINITY):
        cdef Py_ssize_t capacity
        cdef Cell* cells
        cdef double length = -1.0 if seconds is None else seconds
        cdef double expiry_time = _expiry(eval_time, length)
        if self._size == self._capacity:
            capacity = 2 * self._capacity + 8
            cells = <Cell*>PyMem_Realloc(self._cells, capacity * sizeof(Cell))
            if cells is NULL:
                raise MemoryError
            self._cells = cells
            self._capacity = capacity
        self._cells[self._size] = Cell(eval_time, length, expiry_time, True, False, False)
        self._size += 1
        self._present += 1
        if not self._advance(eval_time):
            self._refresh(&self._cells[self._size - 1])
        return self._size - 1

    def remove(self, Py_ssize_t slot):
        cdef Cell* cell = self._cell(slot)
        if not cell.is_present:
            return
        self._leave(cell)
        cell.is_present = False
        self._present -= 1

    cpdef bint evaluated(self, Py_ssize_t slot, double eval_time, bint report=True) except -1:
        cdef Cell* cell = self._cell(slot)
        if not cell.is_present:
            return False
        cell.eval_time = eval_time
        cell.expiry_time = _expiry(eval_time, cell.seconds)
        if not self._advance(eval_time):
            self._refresh(cell)
        if cell.is_awaited:
            cell.is_awaited = False
            self._awaited -= 1
        if not report or self._is_called or self._awaited or self._valid != self._present:
            return False
        self._is_called = True
        return True

    def invalidate(self, Py_ssize_t slot):
        self._leave(self._cell(slot))

    def expect(self, slots):
        cdef Cell* cell
        for slot in slots:
            cell = self._cell(slot)
            if cell.is_present and not cell.is_awaited:
                cell.is_awaited = True
                self._awaited += 1
        if self._awaited:
            self._is_called = False

    cpdef double fresh_until(self) noexcept:
        cdef double earliest = INFINITY
        cdef Py_ssize_t i
        for i in range(self._size):
            if self._cells[i].is_present and self._cells[i].expiry_time < earliest:
                earliest = self._cells[i].expiry_time
        return earliest + self.allowed_delta

    cdef Cell* _cell(self, Py_ssize_t slot) except NULL:
        if slot < 0 or slot >= self._size:
            raise IndexError(f"this cycle has no slot {slot}")
        return &self._cells[slot]

    cdef void _leave(self, Cell* cell) noexcept:
        """Nothing is known of this cell any more."""
        if cell.is_awaited:
            cell.is_awaited = False
            self._awaited -= 1
        cell.eval_time = cell.expiry_time = -INFINITY
        self._refresh(cell)

    cdef bint _advance(self, double eval_time) noexcept:
        """A later time begins the next cycle: what was called or awaited belongs to the previous one."""
        cdef Py_ssize_t i
        if not eval_time > self.latest_time + self.allowed_delta:
            return False
        self.latest_time = eval_time
        self._is_called = False
        self._awaited = 0
        for i in range(self._size):
            self._cells[i].is_awaited = False
            self._refresh(&self._cells[i])
        return True

    cdef void _refresh(self, Cell* cell) noexcept:
        cdef bint is_valid = cell.is_present and cell.expiry_time > self.latest_time + self.allowed_delta
        if is_valid != cell.is_valid:
            self._valid += 1 if is_valid else -1
            cell.is_valid = is_valid
