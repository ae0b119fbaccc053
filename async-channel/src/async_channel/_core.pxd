# SPDX-License-Identifier: Apache-2.0
# Private to this package: _routes.pyx reads these fields for each message.
from libc.stdint cimport int64_t, uint32_t

from async_channel._mailbox cimport MailboxCore, MailboxOwner

# Less than 1, 2, 4… microseconds; the last, from 2 to the 22nd on, is 4 seconds and more.
cdef enum:
    TIME_BUCKETS = 24


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
    # Whose senders may not be in another thread; 0 is any.
    cdef unsigned long _thread
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
