# SPDX-License-Identifier: Apache-2.0
# Private to this package: _routes.pyx reads these fields for each message.
from libc.stdint cimport int64_t


cdef class MailboxCore:
    cdef readonly Py_ssize_t maxsize
    cdef list _ring
    cdef Py_ssize_t _mask
    cdef Py_ssize_t _head
    cdef Py_ssize_t _size
    cdef Py_ssize_t _unfinished
    # Futures of those who wait; None until somebody waits for the first time.
    cdef list _getters
    cdef list _putters
    cdef list _joiners
    cdef ConsumerCore _owner

    cdef int _append(self, object item) except -1
    cdef object _pop(self)
    cdef int _grow(self) except -1
    cdef int _finish_one(self) except -1
    cpdef wake_joiners(self)
    cdef int _wake_first(self, list waiters) except -1


cdef class ConsumerCore:
    cdef object _queue
    # Called with each message's items as keyword arguments.
    cdef public object callback
    # The queue again when it is a mailbox of this engine, else None.
    cdef MailboxCore _mailbox
    cdef ReadySet _ready_set
    # Its Seat while an event loop's engine serves it.
    cdef object _seat
    cdef int64_t _registration
    cdef int64_t _ready_priority
    cdef bint _is_ready
    # True when perform or consume_ends may be something else than this package's own.
    cdef public bint overridden
    cdef public bint should_stop
    cdef public int64_t priority_level


cdef class ReadySet:
    # Sorted, from _first to _end; the places around are kept for later.
    cdef list _ready
    cdef Py_ssize_t _first
    cdef Py_ssize_t _end
    cdef Py_ssize_t _pending
    cdef int64_t _registrations
    cdef ConsumerCore _running
    cdef MailboxCore _running_mailbox
    cdef object _message
    cdef bint _is_draining
    # An event loop drains it: senders may be made to wait for room and for their turn.
    cdef bint _is_live
    # Messages since senders were last made to let others go on.
    cdef Py_ssize_t _appended
    cdef readonly Py_ssize_t delivered

    cpdef end_drain(self)
    cpdef drain(self)
    cdef int _finish(self) except -1
    cdef object _start(self, ConsumerCore consumer)
    cdef int _push(self, ConsumerCore consumer) except -1
    cdef int _pop_first(self) except -1
