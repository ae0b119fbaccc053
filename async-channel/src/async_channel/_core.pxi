# SPDX-License-Identifier: Apache-2.0
# Consumers and the ready-set of the synchronized dispatcher. Nothing here waits: whatever waits is a thin Python subclass
# in consumer.py and dispatcher.py.

# One callback in so many is timed: reading the clock for each would cost a tenth of a delivery.
cdef int64_t SAMPLING = 16


cdef class ConsumerCore(MailboxOwner):
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

    def after_failure(self, error, message):
        """What is to be run, a coroutine or None, after the callback raised."""
        self.failed(error, message)

    def begins(self):
        """Count a message that is handled without an engine; ended() takes what this returns."""
        return self._begins(PyTime_PerfCounterRaw())

    def ended(self, started):
        """The callback that began there has ended."""
        self._ended(started)

    @property
    def delivered(self):
        """Messages given to the callback."""
        return self._delivered

    @property
    def last_delivery(self):
        """time.perf_counter() when the engine last gave a message to the callback; 0 before the first."""
        return PyTime_AsSecondsDouble(self._last_delivery)

    @property
    def sampled_times(self):
        """How many of the timed callbacks took less than 1, 2, 4, 8… microseconds and not less than half of that."""
        return tuple([self._times[index] for index in range(TIME_BUCKETS)])

    cdef bint _handles_itself(self, object message) noexcept:
        return self.overridden or (type(message) is not dict and isinstance(message, dict))

    cdef int64_t _begins(self, int64_t now) except -1:
        # When it began if it is one of those that are timed, else 0.
        self._last_delivery = now
        self._delivered += 1
        if self._delivered % SAMPLING != 1:
            return 0
        return PyTime_PerfCounterRaw()

    cdef int _ended(self, int64_t started) except -1:
        cdef int64_t microseconds
        cdef int bucket = 0
        if started == 0:
            return 0
        microseconds = (PyTime_PerfCounterRaw() - started) // 1000
        while microseconds and bucket < TIME_BUCKETS - 1:
            microseconds >>= 1
            bucket += 1
        self._times[bucket] += 1
        return 0

    cdef int _message_came(self) except -1:
        cdef ReadySet ready_set = self._ready_set
        if ready_set is not None:
            ready_set._pending += 1
            ready_set._appended += 1
            if not self._is_ready:
                ready_set._push(self)
        return 0

    cdef int _message_went(self) except -1:
        if self._ready_set is not None:
            self._ready_set._pending -= 1
        return 0


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
        self._unpacked = self._names = self._values = None
        self._is_draining = False

    cpdef drain(self):
        """Deliver until idle or until a callback suspends.

        Returns None when idle, else (the suspended coroutine, what it yielded): once that has ended, call drain() again.
        """
        cdef ConsumerCore consumer
        cdef PySendResult status
        cdef PyObject *result
        self._finish()
        self._now = PyTime_PerfCounterRaw()
        while self._first < self._end:
            consumer = <ConsumerCore>self._ready[self._first]
            if consumer.should_stop:
                consumer._mailbox.clear()
            if consumer._mailbox._size == 0:
                self._pop_first()
                continue
            coroutine = None
            while True:
                result = NULL
                status = PYGEN_RETURN
                try:
                    if coroutine is None:
                        coroutine = self._start(consumer)
                    status = PyIter_Send(coroutine, None, &result)
                except Exception as error:
                    coroutine = consumer.after_failure(error, self._message)
                    if coroutine is not None:
                        continue
                break
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
        if self._running is not None:
            self._running._ended(self._started)
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
        self._started = consumer._begins(self._now)
        if mailbox._size == 0:
            self._pop_first()
        if consumer._handles_itself(message):
            return consumer.handle(message)
        self._running_mailbox = mailbox
        awaitable = self._call(consumer.callback, message)
        return awaitable if PyCoro_CheckExact(awaitable) else as_coroutine(awaitable)

    cdef object _call(self, object callback, object message):
        # The awaitable that the callback makes of the message.
        cdef tuple values
        if type(message) is not dict:
            return callback(message)
        if message is not self._unpacked:
            self._unpacked = message
            self._names = None
            return PyObject_Call(callback, NO_ARGUMENTS, message)
        # Sent to many: unpacked once for all of them but the first.
        if self._names is None:
            self._names = tuple(message)
            self._values = tuple(message.values())
            for name in self._names:
                if type(name) is not str:
                    self._names = NO_ARGUMENTS
        values = self._values
        names = self._names
        if not names:
            return PyObject_Call(callback, NO_ARGUMENTS, message)
        return PyObject_Vectorcall(callback, &(<PyTupleObject *>values).ob_item[0], 0, names)

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
