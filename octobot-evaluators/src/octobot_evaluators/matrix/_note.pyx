# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""A note that was written: it never changes, so whoever holds one holds what was known then."""

cimport cython
from libc.math cimport INFINITY

from octobot_commons import constants as _constants

cdef str _PENDING = _constants.START_PENDING_EVAL_NOTE


cpdef double month_seconds(double time) noexcept:
    return _month_seconds(time)


@cython.final
@cython.freelist(256)
cdef class Note:
    """See `_note.pyi`."""

    def __init__(self, *args, **kwargs):
        raise TypeError("notes are made by a matrix: write one with set_tentacle_value or evaluation_completed")

    def is_set(self, double now=-INFINITY):
        return now < self.fresh_until and self._is_set()

    def is_valid(self, double now, double allowed_delta=0.0):
        return self._is_valid(now, allowed_delta)

    cdef bint _is_set(self) noexcept:
        value = self.value
        if value is None or value is _PENDING:
            return False
        if isinstance(value, float):
            return <double>value == <double>value
        return not isinstance(value, str) or <str>value != _PENDING

    cdef double _valid_until(self, double allowed_delta) except? -1.0:
        cdef double time = self.time
        cdef double seconds = self._seconds if self._seconds >= 0.0 else _month_seconds(time)
        return min(self.fresh_until, time + seconds + allowed_delta)

    cdef bint _is_valid(self, double now, double allowed_delta) except -1:
        return now < self._valid_until(allowed_delta)

    def __repr__(self):
        return f"Note(value={self.value!r}, time={self.time!r})"

    @staticmethod
    cdef Note make(
        object value, object time, object value_type, object description, object metadata, double fresh_until,
        double seconds
    ):
        cdef Note note = Note.__new__(Note)
        note.value = value
        note.time = time
        note.value_type = value_type
        note.description = description
        note.metadata = metadata
        note.fresh_until = fresh_until
        note._seconds = seconds
        return note
