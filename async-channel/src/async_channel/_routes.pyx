# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3, boundscheck=False, wraparound=False
"""Which consumers get a message: filters matched once per change of the consumers, then remembered."""

from asyncio import QueueFull

from libc.stdint cimport uint64_t

from async_channel._core cimport ConsumerCore, MailboxCore, ReadySet

# So many deliveries after which a sender lets timers and others go on: a quarter of a millisecond's.
cdef Py_ssize_t FLOOD = 512


cdef class Router:
    """Which consumers match which filters, remembered until the consumers change."""

    cdef readonly uint64_t version
    cdef dict _matches
    cdef uint64_t _matches_version
    cdef Py_ssize_t _limit

    def __cinit__(self, Py_ssize_t limit=4096):
        self.version = 1
        self._matches = {}
        self._matches_version = 1
        self._limit = limit

    def consumers_changed(self):
        """Forget every choice made so far."""
        self.version += 1

    def match(self, entries, filters, str instance_key, str wildcard):
        """The instances of the entries (filter dicts) that match the filters, in order of registration."""
        cdef tuple matched
        try:
            key = frozenset(filters.items())
        except TypeError:
            # An unhashable value, a list for instance: worked out each time.
            return _match(entries, filters, instance_key, wildcard)
        if self._matches_version != self.version:
            self._matches = {}
            self._matches_version = self.version
        found = self._matches.get(key)
        if found is not None:
            return found
        matched = _match(entries, filters, instance_key, wildcard)
        if len(self._matches) >= self._limit:
            self._matches = {}
        self._matches[key] = matched
        return matched


cdef tuple _match(object entries, object filters, str instance_key, str wildcard):
    cdef list asked = [(key, value) for key, value in filters.items() if value != wildcard]
    cdef list matched = []
    for entry in entries:
        if _entry_matches(entry, asked, wildcard):
            matched.append(entry[instance_key])
    return tuple(matched)


cdef bint _entry_matches(object entry, list asked, str wildcard):
    for key, value in asked:
        if key not in entry:
            return False
        own = entry[key]
        if isinstance(own, list):
            if value != own and value not in own and wildcard not in own:
                return False
        elif own != value and own != wildcard:
            return False
    return True


cdef class TopicCore:
    """The consumers of one route, worked out again only after the router's version changed."""

    cdef Router _router
    cdef object _choose
    cdef uint64_t _version
    cdef tuple _consumers
    # Every consumer is a ConsumerCore: no need to look at each one's type.
    cdef bint _uniform
    cdef readonly dict filters

    def __cinit__(self, Router router not None, choose, dict filters not None):
        self._router = router
        self._choose = choose
        self._consumers = ()
        self.filters = filters

    cdef tuple _current(self):
        cdef uint64_t version = self._router.version
        if self._version != version:
            self._consumers = tuple(self._choose(self.filters))
            self._uniform = all([isinstance(consumer, ConsumerCore) for consumer in self._consumers])
            self._version = version
        return self._consumers

    @property
    def consumers(self):
        return self._current()

    def __bool__(self):
        return len(self._current()) != 0

    def deliver(self, data):
        """Append data to the queue of every consumer that has room.

        Returns the queues that are full, in order, or None. An empty list asks the sender to let others go on. The mailbox of a consumer that a dispatcher serves always
        has room: nobody could make some while the sender waits.
        """
        cdef tuple consumers = self._current()
        cdef list full = None
        cdef MailboxCore mailbox
        for item in consumers:
            mailbox = None
            if self._uniform or isinstance(item, ConsumerCore):
                mailbox = (<ConsumerCore>item)._mailbox
                if mailbox is not None and _has_room(<ConsumerCore>item, mailbox):
                    mailbox._append(data)
                    continue
            queue = item.queue
            if mailbox is None and not queue.full():
                queue.put_nowait(data)
                continue
            if full is None:
                full = []
            full.append(queue)
        if full is None and consumers and self._uniform and _is_flood((<ConsumerCore>consumers[0])._ready_set):
            return []
        return full

    def send_nowait(self, data):
        """Append data to every consumer's queue, or to none and raise asyncio.QueueFull when one has no room."""
        cdef tuple consumers = self._current()
        cdef MailboxCore mailbox
        for item in consumers:
            mailbox = None
            if self._uniform or isinstance(item, ConsumerCore):
                mailbox = (<ConsumerCore>item)._mailbox
            if not item.queue.full() if mailbox is None else _has_room(<ConsumerCore>item, mailbox):
                continue
            raise QueueFull(f"no room left in the queue of {item!r}")
        self.deliver(data)


cdef inline bint _has_room(ConsumerCore consumer, MailboxCore mailbox) noexcept:
    if mailbox.maxsize <= 0 or mailbox._size < mailbox.maxsize:
        return True
    return consumer._ready_set is not None and not consumer._ready_set._is_live


cdef inline bint _is_flood(ReadySet ready_set) noexcept:
    if ready_set is None or not ready_set._is_live or ready_set._appended < FLOOD:
        return False
    ready_set._appended = 0
    return True
