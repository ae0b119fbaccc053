# SPDX-License-Identifier: Apache-2.0
# Private to this package: _core.pyx, _live.pyx and _routes.pyx read these fields for each message.


cdef class MailboxOwner:
    cdef int _message_came(self) except -1
    cdef int _message_went(self) except -1


cdef class MailboxCore:
    cdef readonly Py_ssize_t maxsize
    cdef readonly object overflow
    # The most messages that ever waited, and those that overflow threw away.
    cdef readonly Py_ssize_t high_water
    cdef readonly Py_ssize_t dropped
    cdef MailboxOwner _owner
    cdef list _ring
    cdef Py_ssize_t _mask
    cdef Py_ssize_t _head
    cdef Py_ssize_t _size
    cdef Py_ssize_t _unfinished
    # Unlimited and not conflating: a message is appended, whatever is in it.
    cdef bint _is_plain
    cdef int _kind
    # Conflating: a function of the message, and where the latest of each key waits, as a number of messages since the start.
    cdef object _key_of
    cdef dict _places
    cdef Py_ssize_t _taken
    # Room that senders were woken for and have not used yet.
    cdef Py_ssize_t _reserved
    # Futures of those who wait; None until somebody waits for the first time.
    cdef list _getters
    cdef list _putters
    cdef list _joiners

    cdef int _append(self, object item) except -1
    cdef int _put(self, object item, object key) except -1
    cdef object _pop(self)
    cdef bint _has_room(self) noexcept
    cdef int _grow(self) except -1
    cdef int _finish_one(self) except -1
    cdef int _drop_oldest(self) except -1
    cpdef wake_joiners(self)
    cdef bint _wake_first(self, list waiters) except -1
