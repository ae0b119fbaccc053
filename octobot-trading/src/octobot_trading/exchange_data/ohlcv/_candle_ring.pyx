# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""Closed candles of one symbol and time frame, newest last, and the one in construction.

Six columns lie one after another in one block, each contiguous, with room for more than ``capacity`` rows. Rows are
written behind the last one; when the room ends, the newest ``capacity`` rows move to its front. A row moves at most
once per ``capacity`` appends, so an append costs the same however full the ring is, and every column stays one
contiguous piece that a reader copies at once.
"""
from libc.math cimport floor
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy, memmove

cimport numpy
from numpy cimport NPY_DOUBLE, PyArray_DATA, PyArray_SimpleNew, import_array, npy_intp

import_array()

cdef enum:
    FIRST_ROOM = 64

cdef double DAY = 86400.0
cdef double FIRST_MONDAY = 345600.0
cdef double WEEK = 604800.0


cdef double _month_start(double time):
    # Howard Hinnant's civil_from_days and days_from_civil (howardhinnant.github.io/date_algorithms.html),
    # reduced to "the first of this day's month".
    cdef long long days = <long long>floor(time / DAY) + 719468
    cdef long long era = (days if days >= 0 else days - 146096) // 146097
    cdef long long day_of_era = days - era * 146097
    cdef long long year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    cdef long long day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    cdef long long month = (5 * day_of_year + 2) // 153
    cdef long long day_of_month = day_of_year - (153 * month + 2) // 5
    return <double>(days - day_of_month - 719468) * DAY


cdef class CandleRing:
    """The last ``capacity`` closed candles. Times are open times in seconds, prices and volumes doubles.

    ``seconds`` is the time frame's length; 0 stands for calendar months.
    """

    def __cinit__(self, double seconds, Py_ssize_t capacity):
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        if not seconds >= 0:
            raise ValueError(f"seconds must not be negative, not {seconds}")
        self.capacity = capacity
        self.seconds = seconds
        self._room = min(<Py_ssize_t>FIRST_ROOM, 2 * capacity)
        self._block = <double *>malloc(COLUMNS * self._room * sizeof(double))
        if self._block == NULL:
            raise MemoryError()

    def __dealloc__(self):
        free(self._block)

    def __len__(self):
        return self._size

    cdef int _make_room(self) except -1:
        cdef Py_ssize_t column, room = self._room
        cdef double *block
        if self._room < 2 * self.capacity:
            room = min(2 * self._room, 2 * self.capacity)
            block = <double *>malloc(COLUMNS * room * sizeof(double))
            if block == NULL:
                raise MemoryError()
            for column in range(COLUMNS):
                memcpy(block + column * room, self._block + column * self._room + self._start,
                       self._size * sizeof(double))
            free(self._block)
            self._block = block
            self._room = room
        else:
            for column in range(COLUMNS):
                memmove(self._block + column * room, self._block + column * room + self._start,
                        self._size * sizeof(double))
        self._start = 0
        return 0

    cdef void _write(self, Py_ssize_t row, double time, double open, double high, double low, double close,
                     double volume) noexcept:
        cdef double *cell = self._block + row
        cdef Py_ssize_t room = self._room
        cell[0] = time
        cell[room] = open
        cell[2 * room] = high
        cell[3 * room] = low
        cell[4 * room] = close
        cell[5 * room] = volume

    cpdef bint append(self, double time, double open, double high, double low, double close,
                      double volume) except -1:
        """Add a closed candle; True when it was new.

        A candle with the open time of the last one replaces it. An older one is late: it is counted and left out,
        because what was computed since cannot be taken back.
        """
        cdef Py_ssize_t end = self._start + self._size
        cdef double last
        # Of one grid that is the candle that closes; of two it began within the closed one.
        if self.has_construction and (self._construction[0] <= time or self._construction[0] < time + self.seconds):
            self.has_construction = False
        if self._size:
            last = self._block[end - 1]
            if time == last:
                self._write(end - 1, time, open, high, low, close, volume)
                return False
            if time < last:
                self.late += 1
                return False
        if end == self._room:
            self._make_room()
            end = self._start + self._size
        self._write(end, time, open, high, low, close, volume)
        if self._size == self.capacity:
            self._start += 1
        else:
            self._size += 1
        return True

    cpdef double bucket_start(self, double time):
        """When the candle of this time frame that covers ``time`` opens, as the newest closed one lies (UTC).

        Without one weeks open on Monday and others on multiples of their length. Exchanges do not agree on weeks and
        three days.
        """
        cdef double offset
        if self.seconds == 0:
            return _month_start(time)
        if self._size:
            offset = self._block[self._start + self._size - 1]
        else:
            offset = FIRST_MONDAY if self.seconds == WEEK else 0.0
        return floor((time - offset) / self.seconds) * self.seconds + offset

    cpdef int set_construction(self, double time, double open, double high, double low, double close,
                               double volume) except -1:
        """Replace the candle in construction; 0 for one older than it or not newer than the last closed candle."""
        if self._size and time <= self._block[self._start + self._size - 1]:
            return 0
        if self.has_construction and time < self._construction[0]:
            return 0
        self._construction[0] = time
        self._construction[1] = open
        self._construction[2] = high
        self._construction[3] = low
        self._construction[4] = close
        self._construction[5] = volume
        self.has_construction = True
        return 1

    cpdef int merge_construction(self, double time, double open, double high, double low, double close,
                                 double volume) except -1:
        """Add a shorter closed candle, opened at ``time``, to the candle in construction; 0 where that is refused."""
        cdef double start = self.bucket_start(time)
        cdef double *candle = self._construction
        if not self.has_construction or candle[0] != start:
            return self.set_construction(start, open, high, low, close, volume)
        if high > candle[2]:
            candle[2] = high
        if low < candle[3]:
            candle[3] = low
        candle[4] = close
        candle[5] += volume
        return 1

    def column(self, Py_ssize_t index, Py_ssize_t limit=-1, bint include_in_construction=False):
        """A fresh float64 array of one column, oldest first; ``limit`` counts from the newest, -1 means all."""
        cdef Py_ssize_t extra = 1 if include_in_construction and self.has_construction else 0
        cdef Py_ssize_t closed = self._size
        cdef npy_intp rows
        cdef double *target
        if index < 0 or index >= COLUMNS:
            raise IndexError(f"a candle has columns 0 to 5, not {index}")
        if limit >= 0 and limit < closed + extra:
            if limit == 0:
                extra = 0
            closed = limit - extra
        rows = closed + extra
        result = PyArray_SimpleNew(1, &rows, NPY_DOUBLE)
        target = <double *>PyArray_DATA(<numpy.ndarray>result)
        memcpy(target, self._block + index * self._room + self._start + self._size - closed, closed * sizeof(double))
        if extra:
            target[closed] = self._construction[index]
        return result

    cpdef double last(self, Py_ssize_t index) except? -1.0:
        """The newest closed candle's value in one column; IndexError when there is none."""
        if index < 0 or index >= COLUMNS:
            raise IndexError(f"a candle has columns 0 to 5, not {index}")
        if not self._size:
            raise IndexError("no closed candle yet")
        return self._block[index * self._room + self._start + self._size - 1]

    cpdef list candle(self, Py_ssize_t position=-1):
        """A closed candle as [open time, open, high, low, close, volume]; -1 is the newest."""
        cdef Py_ssize_t row = position + self._size if position < 0 else position
        cdef double *cell
        cdef Py_ssize_t room = self._room
        if row < 0 or row >= self._size:
            raise IndexError(f"candle {position} of {self._size}")
        cell = self._block + self._start + row
        return [cell[0], cell[room], cell[2 * room], cell[3 * room], cell[4 * room], cell[5 * room]]

    def construction(self):
        """The candle in construction in the same form, or None."""
        if not self.has_construction:
            return None
        return [self._construction[0], self._construction[1], self._construction[2], self._construction[3],
                self._construction[4], self._construction[5]]
