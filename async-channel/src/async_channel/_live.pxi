# SPDX-License-Identifier: Apache-2.0
# The engine of one event loop: drives callbacks as if their consumers' tasks did, without waking these tasks.
#
# A consumer's task waits on its Seat, which is all that asyncio asks of a future. While the engine drives a callback, that
# task is the loop's current one and its context is entered. Only when a callback suspends is the task woken, at once and
# from here, to wait for the callback's future itself.

# Messages of one consumer before the others of its priority have their turn.
cdef Py_ssize_t TURN = 64
# A drain looks at the clock after so many messages, and gives way after so many seconds.
cdef Py_ssize_t MESSAGES_PER_LOOK = 16
cdef double LONGEST_DRAIN = 0.0004
cdef double ENDLESS = 1e6


cdef class LiveEngine(ReadySet):
    """Delivers to the consumers of one event loop: by priority, then in order of arrival, then a turn each."""

    cdef readonly object loop
    # In seconds; to be changed by tests that must not depend on the clock.
    cdef public double longest_drain
    # Of the clock, in nanoseconds.
    cdef int64_t _deadline
    cdef dict _current_tasks
    cdef object _context
    cdef object _call_soon
    # None, but in a loop of async_channel.testing: chooses what is otherwise given by arrival, TURN and the clock.
    cdef object _choose
    cdef bint _is_scheduled
    cdef bint _has_entered
    cdef object __weakref__

    def __init__(self, loop):
        self._is_live = True
        self.loop = loop
        self._call_soon = loop.call_soon
        self._choose = getattr(loop, "choose_for_channels", None)
        self.longest_drain = LONGEST_DRAIN if self._choose is None else float("inf")
        self._context = copy_context()
        self._current_tasks = _current_tasks_of(loop)

    def seat(self, ConsumerCore consumer not None, task):
        """Serve the consumer from now on; its task is to wait on the seat returned."""
        cdef Seat seat = Seat.__new__(Seat)
        seat._engine = self
        seat._consumer = consumer
        seat._task = task
        self.attach(consumer)
        consumer._seat = seat
        return seat

    def detach(self, ConsumerCore consumer not None):
        """Serve it no more; its messages stay in its mailbox and its task goes on by itself."""
        cdef Seat seat
        if consumer._ready_set is not self:
            return
        ReadySet.detach(self, consumer)
        consumer._is_ready = False
        seat = <Seat>consumer._seat
        consumer._seat = None
        if seat is not None and seat._is_waiting and not seat._is_driven:
            seat._wake_soon()

    def run(self):
        """Deliver until idle or for longest_drain seconds, then let the loop go on."""
        cdef Py_ssize_t served = 0
        cdef ConsumerCore consumer
        self._now = PyTime_PerfCounterRaw()
        self._deadline = self._now + <int64_t>(min(self.longest_drain, ENDLESS) * 1e9)
        self._appended = 0
        try:
            while self._first < self._end:
                consumer = <ConsumerCore>self._ready[self._first]
                self._pop_first()
                served += self._serve(consumer)
                if self._choose is not None and self._choose(4, None) == 0:
                    break
                if served >= MESSAGES_PER_LOOK:
                    served = 0
                    if self._is_over():
                        break
        finally:
            self._leave()
            self._is_scheduled = False
            self._unpacked = self._names = self._values = None
            if self._first < self._end:
                self._schedule()

    cdef int _schedule(self) except -1:
        # Not kept: a bound method would make the engine a cycle that outlives its loop.
        self._call_soon(self.run, context=self._context)
        self._is_scheduled = True
        return 0

    cdef int _push(self, ConsumerCore consumer) except -1:
        # What comes first in a ReadySet is the lowest registration: here that is the arrival.
        consumer._registration = self._registrations if self._choose is None else self._choose(1 << 30, None)
        self._registrations += 1
        ReadySet._push(self, consumer)
        if not self._is_scheduled:
            self._schedule()
        return 0

    cdef bint _is_over(self) noexcept:
        self._now = PyTime_PerfCounterRaw()
        return self._now >= self._deadline

    cdef Py_ssize_t _serve(self, ConsumerCore consumer) except -1:
        # One turn of one consumer; returns the number of messages.
        cdef Seat seat = <Seat>consumer._seat
        cdef Py_ssize_t served = 0
        # Messages that come meanwhile, its own included, wait for its next turn.
        consumer._is_ready = True
        if seat is None or not seat._is_waiting:
            return 0
        PyContext_Enter(seat._context)
        try:
            if not consumer.should_stop:
                self._enter(seat._task)
                seat._is_driven = True
                try:
                    served = self._deliver(seat, consumer)
                finally:
                    seat._is_driven = False
            if seat._needs_task():
                self._leave()
                seat._wake()
            elif consumer._mailbox._size:
                self._push(consumer)
            else:
                consumer._is_ready = False
        finally:
            PyContext_Exit(seat._context)
        return served

    cdef Py_ssize_t _deliver(self, Seat seat, ConsumerCore consumer) except -1:
        cdef MailboxCore mailbox
        cdef PySendResult status
        cdef PyObject *result
        cdef Py_ssize_t served = 0
        cdef int64_t started
        cdef Py_ssize_t turn = TURN if self._choose is None else 1 + self._choose(TURN, consumer)
        while True:
            mailbox = consumer._mailbox
            if mailbox._size == 0:
                break
            message = mailbox._pop()
            served += 1
            started = consumer._begins(self._now)
            coroutine = None
            while True:
                result = NULL
                status = PYGEN_RETURN
                try:
                    if coroutine is None:
                        if consumer._handles_itself(message):
                            # Its own methods decide, consume_ends included, when the message is done.
                            mailbox = None
                            coroutine = consumer.handle(message)
                        else:
                            coroutine = self._call(consumer.callback, message)
                        if not PyCoro_CheckExact(coroutine):
                            coroutine = as_coroutine(coroutine)
                    status = PyIter_Send(coroutine, None, &result)
                except Exception as error:
                    try:
                        coroutine = consumer.after_failure(error, message)
                    except BaseException as broken:
                        # Somebody's own failed() failed: the task ends with it, as if it had run it.
                        seat._error = broken
                        break
                    if coroutine is not None:
                        continue
                except BaseException as error:
                    # Cancellation, or the end of the program: the task ends with it.
                    seat._error = error
                break
            if status == PYGEN_NEXT:
                seat._yielded = <object>result
                seat._coroutine = coroutine
                seat._message = message
                seat._mailbox = mailbox
                seat._started = started
                Py_XDECREF(result)
                break
            Py_XDECREF(result)
            consumer._ended(started)
            self.delivered += 1
            if mailbox is not None and mailbox._unfinished > 0:
                mailbox._finish_one()
            if seat._needs_task() or served == turn:
                break
            if served % MESSAGES_PER_LOOK == 0 and self._is_over():
                break
        return served

    cdef inline int _enter(self, task) except -1:
        # Nothing of anybody else's runs before the next one is entered, or this one left.
        self._has_entered = True
        if self._current_tasks is not None:
            PyDict_SetItem(self._current_tasks, self.loop, task)
        else:
            tasks._swap_current_task(self.loop, task)
        return 0

    cdef inline int _leave(self) except -1:
        if not self._has_entered:
            return 0
        self._has_entered = False
        if self._current_tasks is not None:
            PyDict_DelItem(self._current_tasks, self.loop)
        else:
            tasks._swap_current_task(self.loop, None)
        return 0


cdef object _current_tasks_of(object loop):
    # Up to 3.13 asyncio keeps the current tasks in this dict, and entering it is five times faster than asking.
    current_tasks = getattr(tasks, "_current_tasks", None)
    if type(current_tasks) is dict and current_tasks.get(loop) is asyncio.current_task(loop):
        return current_tasks
    return None


cdef class Seat:
    """What the task of a consumer waits on: a future that comes true each time the engine needs the task."""

    cdef public bint _asyncio_future_blocking
    cdef LiveEngine _engine
    cdef ConsumerCore _consumer
    cdef object _task
    cdef object _wakeup
    cdef object _context
    cdef bint _is_waiting
    cdef bint _is_driven
    cdef bint _is_cancel_asked
    # What the task goes on with: a callback that suspended, or an error.
    cdef object _coroutine
    cdef object _yielded
    cdef object _message
    cdef MailboxCore _mailbox
    cdef int64_t _started
    cdef object _error

    @property
    def message(self):
        """The message whose callback suspended."""
        return self._message

    @property
    def is_served(self):
        """Whether the engine still serves the consumer."""
        return self._consumer._seat is self

    def take(self):
        """The coroutine that suspended and what it yielded, or None."""
        if self._coroutine is None:
            return None
        suspended = (self._coroutine, self._yielded)
        self._coroutine = self._yielded = None
        return suspended

    def done(self):
        """The callback that suspended has ended."""
        cdef MailboxCore mailbox = self._mailbox
        self._mailbox = None
        self._message = None
        self._consumer._ended(self._started)
        self._engine.delivered += 1
        if mailbox is not None and mailbox._unfinished > 0:
            mailbox._finish_one()

    def release(self):
        """The task waits again: the engine may drive the next callback."""
        cdef ConsumerCore consumer = self._consumer
        if consumer._seat is self:
            consumer._is_ready = False
            if consumer._mailbox._size:
                self._engine._push(consumer)

    cdef bint _needs_task(self) except -1:
        return (
            self._coroutine is not None
            or self._error is not None
            or self._is_cancel_asked
            or self._consumer.should_stop
            or self._consumer._seat is not self
        )

    cdef int _wake(self) except -1:
        # Runs the task's next step here and now, as the loop would.
        wakeup = self._wakeup
        self._wakeup = None
        self._is_waiting = self._is_cancel_asked = False
        wakeup(self)
        return 0

    cdef int _wake_soon(self) except -1:
        wakeup = self._wakeup
        self._wakeup = None
        self._is_waiting = False
        self._engine._call_soon(wakeup, self, context=self._context)
        return 0

    # What asyncio.Task asks of a future.

    def __await__(self):
        self._asyncio_future_blocking = True
        return self

    def __iter__(self):
        return self

    def __next__(self):
        if self._asyncio_future_blocking:
            return self
        return self._stop()

    cdef object _stop(self):
        raise StopIteration

    def get_loop(self):
        return self._engine.loop

    def add_done_callback(self, callback, *, context=None):
        self._wakeup = callback
        self._context = context
        self._is_waiting = True

    def remove_done_callback(self, callback):
        return 0

    def cancel(self, msg=None):
        if self._is_driven:
            # As for any task that runs: it is cancelled where it waits next.
            self._is_cancel_asked = True
            return False
        if not self._is_waiting:
            return False
        self._error = CancelledError() if msg is None else CancelledError(msg)
        self._wake_soon()
        return True

    def result(self):
        error = self._error
        if error is not None:
            self._error = None
            raise error

    def __repr__(self):
        return f"<{type(self).__name__} of {self._consumer!r}>"
