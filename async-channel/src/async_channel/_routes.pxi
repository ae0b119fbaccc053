# SPDX-License-Identifier: Apache-2.0
# Which consumers get a message: filters matched once per change of the consumers, then remembered.

# So many sends or deliveries after which a sender lets timers and others go on: a quarter of a millisecond's.
cdef Py_ssize_t FLOOD = 512


cdef class Router:
    """Which consumers match which filters, remembered until the consumers change."""

    cdef readonly uint64_t version
    cdef dict _matches
    cdef Py_ssize_t _limit
    # Senders are made to let others go on, which in synchronized mode would be nobody.
    cdef public bint is_live
    # The event loop of its consumers, once there is one, and the thread that runs it.
    cdef object _loop
    cdef unsigned long _thread
    # Sends since a sender was last made to let others go on.
    cdef Py_ssize_t _sent

    def __cinit__(self, Py_ssize_t limit=4096):
        self.version = 1
        self._matches = {}
        self._limit = limit

    def consumers_changed(self):
        """Forget every choice made so far."""
        self.version += 1
        self._matches = {}

    def settle_on(self, loop):
        """From now on senders have to be on this event loop, which runs here."""
        self._loop = loop
        self._thread = PyThread_get_thread_ident()

    def match(self, entries, filters, str instance_key, str wildcard):
        """The instances of the entries (filter dicts) that match the filters, in order of registration."""
        cdef tuple matched
        try:
            key = frozenset(filters.items())
        except TypeError:
            # An unhashable value, a list for instance: worked out each time.
            return _match(entries, filters, instance_key, wildcard)
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

    def forget(self):
        """Keep no consumer alive; they are chosen again for the next message."""
        self._consumers = ()
        self._version = 0

    @property
    def consumers(self):
        return self._current()

    def __bool__(self):
        return len(self._current()) != 0

    def deliver(self, data):
        """Append data to the queue of every consumer that has room.

        Returns the queues that are full and are to be waited for, in order, or None. An empty list asks the sender to let
        others go on. The mailbox of a consumer that a dispatcher serves always has room: nobody could make some while the
        sender waits. QueueOverflowError, and nobody got it, when a queue that is full makes an error of it.
        """
        return self._deliver(data, True)

    def send_nowait(self, data):
        """Append data to every consumer's queue, or to none and raise asyncio.QueueFull when one has no room."""
        self._deliver(data, False)

    cdef list _deliver(self, object data, bint may_wait):
        cdef tuple consumers
        cdef list full = None
        cdef list keys = None
        cdef MailboxCore mailbox
        cdef Py_ssize_t index
        cdef Py_ssize_t next_key = 0
        cdef Router router = self._router
        if router._thread != PyThread_get_thread_ident():
            _check_loop(router)
        consumers = self._current()
        # First whatever may raise, so that all get it or none.
        for index in range(len(consumers)):
            mailbox = self._mailbox_of(consumers[index])
            if mailbox is None:
                if not may_wait and consumers[index].queue.full():
                    raise QueueFull(f"no room left in the queue of {consumers[index]!r}")
            elif not mailbox._is_plain:
                keys = self._look_at(consumers[index], mailbox, data, may_wait, keys)
        for item in consumers:
            mailbox = self._mailbox_of(item)
            if mailbox is None:
                queue = item.queue
                if not queue.full():
                    queue.put_nowait(data)
                    continue
            elif mailbox._is_plain:
                mailbox._append(data)
                continue
            elif mailbox._kind == CONFLATE:
                mailbox._put(data, keys[next_key])
                next_key += 1
                continue
            elif mailbox._has_room() or _has_always_room(<ConsumerCore>item):
                mailbox._put(data, None)
                continue
            if full is None:
                full = []
            full.append(item.queue)
        # Whatever becomes of the messages: nobody may get them, or each may replace the one before.
        router._sent += 1
        if not may_wait:
            return None
        if full is None:
            if router._sent < FLOOD or not router.is_live:
                if not (consumers and self._uniform and _is_flood((<ConsumerCore>consumers[0])._ready_set)):
                    return None
            full = []
        router._sent = 0
        return full

    cdef inline MailboxCore _mailbox_of(self, object item):
        return (<ConsumerCore>item)._mailbox if self._uniform or isinstance(item, ConsumerCore) else None

    cdef list _look_at(self, ConsumerCore consumer, MailboxCore mailbox, object data, bint may_wait, list keys):
        # Raises where it may not be sent; adds the key where the mailbox wants one.
        if mailbox._kind == CONFLATE:
            try:
                key = mailbox._key_of(data)
                hash(key)
            except Exception as error:
                raise ConflationKeyError(f"{consumer!r}: {mailbox.overflow} finds no key in {data!r:.200}") from error
            if keys is None:
                keys = []
            keys.append(key)
        elif mailbox._kind == ERROR:
            if not mailbox._has_room():
                raise QueueOverflowError(
                    f"{consumer!r} has {mailbox._size} messages waiting, as many as its queue holds: nobody got this one"
                )
        elif not (may_wait or mailbox._has_room() or _has_always_room(consumer)):
            raise QueueFull(f"no room left in the queue of {consumer!r}")
        return keys


cdef inline bint _has_always_room(ConsumerCore consumer) noexcept:
    # Nobody could make room while a sender waits for a consumer that a dispatcher serves.
    return consumer._mailbox._kind == BLOCK and consumer._ready_set is not None and not consumer._ready_set._is_live


cdef int _check_loop(Router router) except -1:
    if router._loop is None or router._loop.is_closed():
        return 0
    if _get_running_loop() is not router._loop:
        raise WrongLoopError("sent from a thread that does not run the channel's event loop: use send_threadsafe()")
    router._thread = PyThread_get_thread_ident()
    return 0


cdef inline bint _is_flood(ReadySet ready_set) noexcept:
    if ready_set is None or not ready_set._is_live or ready_set._appended < FLOOD:
        return False
    ready_set._appended = 0
    return True
