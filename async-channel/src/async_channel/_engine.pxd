# SPDX-License-Identifier: Apache-2.0
# The fields of what _engine.pyx includes; private to this package.
from libc.stdint cimport int64_t, uint32_t

# Less than 1, 2, 4… microseconds; the last, from 2 to the 22nd on, is 4 seconds and more.
cdef enum:
    TIME_BUCKETS = 24


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


cdef class ReadySet


cdef class ConsumerCore(MailboxOwner):
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
    # Messages given to the callback, the engine's clock then, and how long those took that were timed.
    cdef int64_t _delivered
    cdef int64_t _last_delivery
    cdef uint32_t[TIME_BUCKETS] _times

    cdef bint _handles_itself(self, object message) noexcept
    cdef int64_t _begins(self, int64_t now) except -1
    cdef int _ended(self, int64_t started) except -1


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
    # When the running callback began, if it is timed, and when the present drain did, in nanoseconds of the clock.
    cdef int64_t _started
    cdef int64_t _now
    # The last message that was given to a callback, and once another one gets it, its names and values.
    cdef object _unpacked
    cdef tuple _names
    cdef tuple _values
    cdef bint _is_draining
    # An event loop drains it: senders may be made to wait for room and for their turn.
    cdef bint _is_live
    # Messages since senders were last made to let others go on.
    cdef Py_ssize_t _appended
    cdef readonly Py_ssize_t delivered

    cdef object _call(self, object callback, object message)
    cpdef end_drain(self)
    cpdef drain(self)
    cdef int _finish(self) except -1
    cdef object _start(self, ConsumerCore consumer)
    cdef int _push(self, ConsumerCore consumer) except -1
    cdef int _pop_first(self) except -1
