# SPDX-License-Identifier: Apache-2.0
# The queue of a consumer, the part that does not wait: a FIFO in a ring, with what is done when it is full. Whatever
# waits is in mailbox.py.

cdef Py_ssize_t SMALLEST_RING = 4
cdef Py_ssize_t LARGEST_IDLE_RING = 1024
# Keys of messages that were taken already, before they are forgotten.
cdef Py_ssize_t MOST_STALE_KEYS = 16


cdef class MailboxOwner:
    """Who is told of the messages of a mailbox."""

    cdef int _message_came(self) except -1:
        return 0

    cdef int _message_went(self) except -1:
        return 0


cdef class MailboxCore:
    """A FIFO of messages in a ring, the part of asyncio.Queue that does not wait."""

    def __cinit__(self, *args, **kwargs):
        self._ring = [None] * SMALLEST_RING
        self._mask = SMALLEST_RING - 1

    def __init__(self, Py_ssize_t maxsize=0, overflow=Overflow.BLOCK):
        overflow.check_size(maxsize)
        self.maxsize = maxsize
        self.overflow = overflow
        self._kind = overflow.kind
        self._key_of = overflow.key_of
        self._places = {} if self._kind == CONFLATE else None
        self._is_plain = maxsize <= 0 and self._kind != CONFLATE

    def qsize(self):
        return self._size

    def empty(self):
        return self._size == 0

    def full(self):
        """Whether nobody may put now: maxsize items wait, or less and senders were woken to put the rest."""
        return 0 < self.maxsize <= self._size + self._reserved

    def put_nowait(self, item):
        if self._is_plain:
            self._append(item)
            return
        if not self._has_room():
            raise QueueFull if self._kind == BLOCK else QueueOverflowError(f"no room left in {self!r}")
        self._put(item, self._key_of(item) if self._kind == CONFLATE else None)

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
    def owner(self):
        """The consumer whose queue this is, or None."""
        return self._owner

    @property
    def unfinished(self):
        return self._unfinished

    cdef bint _has_room(self) noexcept:
        return self._kind > ERROR or self.maxsize <= 0 or self._size + self._reserved < self.maxsize

    cdef int _put(self, object item, object key) except -1:
        # There is room, or the policy makes some; the key is that of a conflating mailbox.
        cdef Py_ssize_t place
        if self._kind == CONFLATE:
            place = self._places.get(key, -1)
            if place >= self._taken:
                self._ring[(self._head + place - self._taken) & self._mask] = item
                self.dropped += 1
                return 0
        if self._kind > ERROR and 0 < self.maxsize <= self._size:
            self._drop_oldest()
        if self._kind == CONFLATE:
            if len(self._places) > 2 * self._size + MOST_STALE_KEYS:
                self._places = {known: place for known, place in self._places.items() if place >= self._taken}
            self._places[key] = self._taken + self._size
        return self._append(item)

    cdef int _drop_oldest(self) except -1:
        self._pop()
        self.dropped += 1
        if self._unfinished > 0:
            self._finish_one()
        return 0

    cdef int _append(self, object item) except -1:
        if self._size > self._mask:
            self._grow()
        self._ring[(self._head + self._size) & self._mask] = item
        self._size += 1
        self._unfinished += 1
        if self._size > self.high_water:
            self.high_water = self._size
        if self._getters is not None and self._getters:
            self._wake_first(self._getters)
        if self._owner is not None:
            self._owner._message_came()
        return 0

    cdef object _pop(self):
        cdef object item = self._ring[self._head]
        self._ring[self._head] = None
        self._head = (self._head + 1) & self._mask
        self._size -= 1
        self._taken += 1
        if self._owner is not None:
            self._owner._message_went()
        if self._putters is not None and self._putters:
            # Room is kept for who is woken: nobody overtakes a sender that waits.
            self._reserved += self._wake_first(self._putters)
        if self._size == 0:
            if self._places is not None:
                self._places.clear()
            if self._mask >= LARGEST_IDLE_RING:
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
        return 0

    cdef int _finish_one(self) except -1:
        self._unfinished -= 1
        if self._unfinished == 0:
            self.wake_joiners()
        return 0

    cdef bint _wake_first(self, list waiters) except -1:
        while waiters:
            waiter = waiters.pop(0)
            if not waiter.done():
                waiter.set_result(True)
                return True
        return False

    cpdef wake_joiners(self):
        """Let everybody who waits in join() go on, whatever is left."""
        if self._joiners is not None:
            while self._joiners:
                self._wake_first(self._joiners)

    def wake_getters(self):
        """Let everybody who waits for an item look again."""
        if self._getters is not None:
            while self._getters:
                self._wake_first(self._getters)

    def release_putters(self, error=None):
        """Nobody will make room any more: whoever waits for some goes on without putting, or gets the error."""
        if self._putters is None:
            return
        while self._putters:
            future = self._putters.pop(0)
            if future.done():
                continue
            if error is None:
                future.set_result(False)
            else:
                future.set_exception(error)

    def _wait_for_item(self, future):
        if self._getters is None:
            self._getters = []
        self._getters.append(future)
        return future

    def _must_wait(self):
        return self._kind == BLOCK and not self._has_room()

    def _wait_for_room(self, future):
        if self._putters is None:
            self._putters = []
        self._putters.append(future)
        return future

    def _use_room(self, item):
        """Put the item for which a sender has waited."""
        self._reserved -= 1
        self._append(item)

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

    def _putter_left(self, future):
        if future in self._putters:
            self._putters.remove(future)
        elif not future.cancelled() and future.exception() is None and future.result():
            # It was woken already: the next one has its room.
            self._reserved += <int>self._wake_first(self._putters) - 1

    def _joiner_left(self, future):
        if future in self._joiners:
            self._joiners.remove(future)
