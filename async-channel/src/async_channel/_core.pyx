# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3, boundscheck=False, wraparound=False
"""The synchronous engine: mailboxes, consumers and the ready-set of the synchronized dispatcher.

Nothing here waits. Whatever waits is a thin Python subclass in mailbox.py, consumer.py and dispatcher.py. The fields are
declared in _core.pxd.
"""

from asyncio import QueueEmpty, QueueFull

from cpython.object cimport PyObject, PyObject_Call, PyObject_GenericSetAttr
from cpython.ref cimport Py_XDECREF

cdef extern from "Python.h":
    ctypedef enum PySendResult:
        PYGEN_RETURN
        PYGEN_ERROR
        PYGEN_NEXT
    PySendResult PyIter_Send(object iterator, object value, PyObject **result) except PYGEN_ERROR
    bint PyCoro_CheckExact(object candidate)

from async_channel.errors import DispatcherError
from async_channel.resume import as_coroutine

cdef Py_ssize_t SMALLEST_RING = 4
cdef Py_ssize_t LARGEST_IDLE_RING = 1024
cdef tuple NO_ARGUMENTS = ()


cdef class MailboxCore:
    """A FIFO of messages in a ring, the part of asyncio.Queue that does not wait."""

    def __cinit__(self, *args, **kwargs):
        self._ring = [None] * SMALLEST_RING
        self._mask = SMALLEST_RING - 1

    def __init__(self, Py_ssize_t maxsize=0):
        self.maxsize = maxsize

    def qsize(self):
        return self._size

    def empty(self):
        return self._size == 0

    def full(self):
        return 0 < self.maxsize <= self._size

    def put_nowait(self, item):
        if 0 < self.maxsize <= self._size:
            raise QueueFull
        self._append(item)

    def get_nowait(self):
        if self._size == 0:
            raise QueueEmpty
        return self._pop()

    def task_done(self):
        if self._unfinished <= 0:
            raise ValueError("task_done() called too many times")
        self._finish_one()

    def clear(self):
        """Drop every waiting message, as if each had been taken and done; returns how many."""
        cdef Py_ssize_t dropped = self._size
        while self._size:
            self._pop()
            if self._unfinished > 0:
                self._finish_one()
        return dropped

    @property
    def unfinished(self):
        return self._unfinished

    cdef int _append(self, object item) except -1:
        cdef ConsumerCore owner
        if self._size > self._mask:
            self._grow()
        self._ring[(self._head + self._size) & self._mask] = item
        self._size += 1
        self._unfinished += 1
        if self._getters is not None and self._getters:
            self._wake_first(self._getters)
        owner = self._owner
        if owner is not None and owner._ready_set is not None:
            owner._ready_set._pending += 1
            owner._ready_set._appended += 1
            if not owner._is_ready:
                owner._ready_set._push(owner)

    cdef object _pop(self):
        cdef object item = self._ring[self._head]
        self._ring[self._head] = None
        self._head = (self._head + 1) & self._mask
        self._size -= 1
        if self._owner is not None and self._owner._ready_set is not None:
            self._owner._ready_set._pending -= 1
        if self._putters is not None and self._putters:
            self._wake_first(self._putters)
        if self._size == 0 and self._mask >= LARGEST_IDLE_RING:
            # A burst went through: an idle mailbox does not keep its memory.
            self._ring = [None] * SMALLEST_RING
            self._mask = SMALLEST_RING - 1
            self._head = 0
        return item

    cdef int _grow(self) except -1:
        # Only when full, so the oldest message is at the head and the ring is unrolled from there.
        cdef list ring = self._ring
        cdef Py_ssize_t capacity = self._mask + 1
        self._ring = ring[self._head:] + ring[:self._head] + [None] * capacity
        self._mask = 2 * capacity - 1
        self._head = 0

    cdef int _finish_one(self) except -1:
        self._unfinished -= 1
        if self._unfinished == 0:
            self.wake_joiners()

    cdef int _wake_first(self, list waiters) except -1:
        while waiters:
            waiter = waiters.pop(0)
            if not waiter.done():
                waiter.set_result(None)
                break
        return 0

    cpdef wake_joiners(self):
        """Let everybody who waits in join() go on, whatever is left."""
        if self._joiners is not None:
            while self._joiners:
                self._wake_first(self._joiners)

    def _wait_for_item(self, future):
        if self._getters is None:
            self._getters = []
        self._getters.append(future)
        return future

    def _wait_for_room(self, future):
        if self._putters is None:
            self._putters = []
        self._putters.append(future)
        return future

    def _wait_for_end(self, future):
        if self._joiners is None:
            self._joiners = []
        self._joiners.append(future)
        return future

    def _getter_cancelled(self, future):
        """A getter gave up: the wake-up it may have received goes to the next one."""
        if future in self._getters:
            self._getters.remove(future)
        elif self._size and not future.cancelled():
            self._wake_first(self._getters)

    def _putter_cancelled(self, future):
        if future in self._putters:
            self._putters.remove(future)
        elif not self.full() and not future.cancelled():
            self._wake_first(self._putters)

    def _joiner_left(self, future):
        if future in self._joiners:
            self._joiners.remove(future)


cdef class ConsumerCore:
    """The attributes of a consumer that the engine reads for each message."""

    def __setattr__(self, name, value):
        # Methods set on one instance, by a test or a decorator, must be called as well.
        if name == "perform" or name == "consume_ends":
            self.overridden = True
        PyObject_GenericSetAttr(self, name, value)

    @property
    def queue(self):
        """Where messages wait; asyncio.Queue's interface."""
        return self._queue

    @queue.setter
    def queue(self, queue):
        cdef MailboxCore previous = self._mailbox
        cdef MailboxCore mailbox = queue if _is_plain_mailbox(queue) else None
        if self._ready_set is not None and self._ready_set._is_live:
            # Its own task takes over.
            self._ready_set.detach(self)
        if self._ready_set is not None:
            if mailbox is None:
                raise TypeError("the queue of a consumer that a dispatcher serves must be a Mailbox")
            if mailbox._owner is not None and mailbox._owner is not self:
                raise ValueError("the queue belongs to another consumer")
            self._ready_set._pending += mailbox._size - previous._size
        if previous is not None and previous._owner is self:
            previous._owner = None
        self._queue = queue
        self._mailbox = mailbox
        if mailbox is not None and mailbox._owner is None:
            mailbox._owner = self
            if self._ready_set is not None and mailbox._size and not self._is_ready:
                self._ready_set._push(self)

    @property
    def can_be_served(self):
        """Whether an engine may take its messages: nobody does and its queue is a mailbox of its own."""
        return self._ready_set is None and self._mailbox is not None and self._mailbox._owner is self



cdef bint _is_plain_mailbox(object queue) except -1:
    # A subclass with its own put_nowait or get_nowait is called like any other queue.
    cdef object cls = type(queue)
    return (
        isinstance(queue, MailboxCore)
        and cls.put_nowait is MailboxCore.put_nowait
        and cls.get_nowait is MailboxCore.get_nowait
    )


cdef class ReadySet:
    """Consumers with a message, lowest (priority, registration) first."""

    def __cinit__(self):
        self._ready = []
        self._pending = 0
        self._registrations = 0

    @property
    def pending(self):
        """Messages that wait to be delivered."""
        return self._pending

    @property
    def running(self):
        """The consumer whose callback runs, or None."""
        return self._running

    @property
    def message(self):
        """The message that it was given."""
        return self._message

    def attach(self, ConsumerCore consumer not None):
        """Serve this consumer from now on, after those of its priority attached before."""
        if consumer._ready_set is self:
            return
        if consumer._ready_set is not None:
            raise RuntimeError(f"{consumer!r} is served by another dispatcher already")
        if consumer._mailbox is None or consumer._mailbox._owner is not consumer:
            raise TypeError("the queue of a consumer that a dispatcher serves must be a Mailbox of its own")
        consumer._ready_set = self
        consumer._registration = self._registrations
        self._registrations += 1
        if consumer._mailbox._size:
            self._pending += consumer._mailbox._size
            self._push(consumer)

    def detach(self, ConsumerCore consumer not None):
        """Serve it no more; its messages stay in its mailbox."""
        cdef list remaining
        if consumer._ready_set is not self:
            return
        self._pending -= consumer._mailbox._size
        consumer._ready_set = None
        if consumer._is_ready:
            consumer._is_ready = False
            remaining = [other for other in self._ready[self._first:self._end] if other is not consumer]
            self._ready = remaining
            self._first = 0
            self._end = len(remaining)

    def begin_drain(self):
        """drain(), refused while another drain is not ended; ended already when it returns None or raises."""
        if self._is_draining:
            raise DispatcherError("messages are being delivered already: a callback or another task asked for it again")
        self._is_draining = True
        suspended = None
        try:
            suspended = self.drain()
        finally:
            if suspended is None:
                self.end_drain()
        return suspended

    cpdef end_drain(self):
        """Nothing runs any more; begin_drain() may be called again."""
        self._finish()
        self._is_draining = False

    cpdef drain(self):
        """Deliver until idle or until a callback suspends.

        Returns None when idle, else (the suspended coroutine, what it yielded): once that has ended, call drain() again.
        """
        cdef ConsumerCore consumer
        cdef PySendResult status
        cdef PyObject *result
        self._finish()
        while self._first < self._end:
            consumer = <ConsumerCore>self._ready[self._first]
            if consumer.should_stop:
                consumer._mailbox.clear()
            if consumer._mailbox._size == 0:
                self._pop_first()
                continue
            result = NULL
            try:
                coroutine = self._start(consumer)
                status = PyIter_Send(coroutine, None, &result)
            except Exception as error:
                consumer.failed(error, self._message)
            else:
                if status == PYGEN_NEXT:
                    yielded = <object>result
                    Py_XDECREF(result)
                    return coroutine, yielded
                Py_XDECREF(result)
            self._finish()
        return None

    cdef int _finish(self) except -1:
        # Report the message of the running consumer as done.
        cdef MailboxCore mailbox = self._running_mailbox
        self._running = None
        self._running_mailbox = None
        self._message = None
        if mailbox is not None and mailbox._unfinished > 0:
            mailbox._finish_one()
        return 0

    cdef object _start(self, ConsumerCore consumer):
        cdef MailboxCore mailbox = consumer._mailbox
        self._message = message = mailbox._pop()
        self._running = consumer
        self.delivered += 1
        if mailbox._size == 0:
            self._pop_first()
        if consumer.overridden or type(message) is not dict:
            # Its own methods decide, consume_ends included, when the message is done.
            return consumer.handle(message)
        self._running_mailbox = mailbox
        awaitable = PyObject_Call(consumer.callback, NO_ARGUMENTS, message)
        return awaitable if PyCoro_CheckExact(awaitable) else as_coroutine(awaitable)

    cdef int _push(self, ConsumerCore consumer) except -1:
        cdef list ready = self._ready
        cdef Py_ssize_t low = self._first
        cdef Py_ssize_t high = self._end
        cdef Py_ssize_t middle
        consumer._is_ready = True
        consumer._ready_priority = consumer.priority_level
        # Messages to many arrive in order of registration, so that most come last; the rest is a binary search.
        if low < high and not _before(<ConsumerCore>ready[high - 1], consumer):
            while low < high:
                middle = (low + high) >> 1
                if _before(<ConsumerCore>ready[middle], consumer):
                    low = middle + 1
                else:
                    high = middle
            if low == self._first and low > 0:
                self._first = low - 1
                ready[low - 1] = consumer
                return 0
            if self._end < len(ready):
                ready.pop()
            ready.insert(low, consumer)
        elif high < len(ready):
            ready[high] = consumer
        else:
            ready.append(consumer)
        self._end += 1
        return 0

    cdef int _pop_first(self) except -1:
        (<ConsumerCore>self._ready[self._first])._is_ready = False
        self._ready[self._first] = None
        self._first += 1
        if self._first == self._end:
            self._first = self._end = 0
        elif self._first >= LARGEST_IDLE_RING:
            del self._ready[:self._first]
            self._end -= self._first
            self._first = 0
        return 0


cdef inline bint _before(ConsumerCore one, ConsumerCore other) noexcept:
    if one._ready_priority != other._ready_priority:
        return one._ready_priority < other._ready_priority
    return one._registration < other._registration
