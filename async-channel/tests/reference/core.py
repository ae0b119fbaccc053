# SPDX-License-Identifier: Apache-2.0
"""What the compiled mailboxes, routes and ready-set do, in plain Python: the oracle of their property tests and a
benchmark's baseline.
"""

from asyncio import QueueEmpty, QueueFull
from collections import deque

from async_channel.errors import ConflationKeyError, DispatcherError, QueueOverflowError
from async_channel.overflow import Overflow


class MailboxCore:
    # Called when a message was appended.
    on_message = staticmethod(lambda: None)

    def __init__(self, maxsize=0, overflow=Overflow.BLOCK):
        overflow.check_size(maxsize)
        self.maxsize = maxsize
        self.overflow = overflow
        self.items = deque()
        self.unfinished = self.high_water = self.dropped = 0

    def qsize(self):
        return len(self.items)

    def empty(self):
        return not self.items

    def full(self):
        return 0 < self.maxsize <= len(self.items)

    @property
    def conflates(self):
        return self.overflow.kind == Overflow.CONFLATE

    @property
    def makes_room(self):
        return self.overflow is Overflow.DROP_OLDEST or self.conflates

    def has_room(self):
        return self.makes_room or not self.full()

    def put_nowait(self, item):
        if not self.has_room():
            raise QueueFull if self.overflow is Overflow.BLOCK else QueueOverflowError
        self.put(item)

    def put(self, item):
        """Whatever the size, unless the policy makes room."""
        if self.conflates:
            key = self.overflow.key_of(item)
            hash(key)
            keys = [self.overflow.key_of(waiting) for waiting in self.items]
            if key in keys:
                self.items[keys.index(key)] = item
                self.dropped += 1
                return
        if self.makes_room and self.full():
            self.items.popleft()
            self.dropped += 1
            self.unfinished = max(0, self.unfinished - 1)
        self.items.append(item)
        self.unfinished += 1
        self.high_water = max(self.high_water, len(self.items))
        self.on_message()

    def get_nowait(self):
        if not self.items:
            raise QueueEmpty
        return self.items.popleft()

    def task_done(self):
        if self.unfinished <= 0:
            raise ValueError("task_done() called too many times")
        self.unfinished -= 1

    def clear(self):
        dropped = len(self.items)
        self.items.clear()
        self.unfinished = max(0, self.unfinished - dropped)
        return dropped


class ConsumerCore:
    queue = callback = ready_set = None
    overridden = should_stop = False
    priority_level = delivered = 0

    def after_failure(self, error, message):
        self.failed(error, message)


class Router:
    def __init__(self, limit=4096):
        self.version = 1

    def consumers_changed(self):
        self.version += 1

    def match(self, entries, filters, instance_key, wildcard):
        return tuple(
            entry[instance_key]
            for entry in entries
            if all(self.matches(entry, key, value, wildcard) for key, value in filters.items())
        )

    @staticmethod
    def matches(entry, key, asked, wildcard):
        if asked == wildcard:
            return True
        if key not in entry:
            return False
        own = entry[key]
        return own in (asked, wildcard) or (isinstance(own, list) and (asked in own or wildcard in own))


class TopicCore:
    def __init__(self, router, choose, filters):
        self.choose = choose
        self.filters = filters

    @property
    def consumers(self):
        return tuple(self.choose(self.filters))

    def __bool__(self):
        return bool(self.consumers)

    def deliver(self, data):
        for consumer in self.consumers:
            check(consumer, data)
        full = [consumer.queue for consumer in self.consumers if must_wait(consumer)]
        for consumer in self.consumers:
            if consumer.queue not in full:
                consumer.queue.put(data)
        return full or None

    def send_nowait(self, data):
        for consumer in self.consumers:
            check(consumer, data)
            if must_wait(consumer):
                raise QueueFull
        self.deliver(data)


def check(consumer, data):
    """Raises where the message may not be sent, whoever sends it."""
    mailbox = consumer.queue
    if mailbox.conflates:
        try:
            hash(mailbox.overflow.key_of(data))
        except Exception as error:
            raise ConflationKeyError from error
    elif mailbox.overflow is Overflow.ERROR and mailbox.full():
        raise QueueOverflowError


def must_wait(consumer):
    # Nobody could make room while a sender waits for a consumer that a dispatcher serves.
    return consumer.queue.overflow is Overflow.BLOCK and consumer.queue.full() and consumer.ready_set is None


class ReadySet:
    def __init__(self):
        # Each with its number in the order of registration.
        self.attached = {}
        self.registrations = 0
        # The priority with which each that is to have its turn became ready.
        self.ready = {}
        self.delivered = 0
        self.is_draining = False
        self.running = self.message = self.mailbox = None

    @property
    def pending(self):
        return sum(consumer.queue.qsize() for consumer in self.attached)

    def attach(self, consumer):
        if consumer in self.attached:
            return
        self.registrations += 1
        self.attached[consumer] = self.registrations
        consumer.ready_set = self
        consumer.queue.on_message = lambda: self.ready.setdefault(consumer, consumer.priority_level)
        if not consumer.queue.empty():
            consumer.queue.on_message()

    def detach(self, consumer):
        if consumer not in self.attached:
            return
        del self.attached[consumer]
        self.ready.pop(consumer, None)
        consumer.ready_set = None
        del consumer.queue.on_message

    def begin_drain(self):
        if self.is_draining:
            raise DispatcherError("already")
        self.is_draining = True
        suspended = self.drain()
        if suspended is None:
            self.end_drain()
        return suspended

    def end_drain(self):
        self.finish()
        self.is_draining = False

    def drain(self):
        """Until idle, or (coroutine, what it yielded) once a callback suspends."""
        self.finish()
        while (consumer := self.first()) is not None:
            suspended = self.deliver(consumer)
            if suspended is not None:
                return suspended
            self.finish()
        return None

    def first(self):
        while self.ready:
            consumer = min(self.ready, key=lambda each: (self.ready[each], self.attached[each]))
            if consumer.should_stop:
                # What a stopped consumer still had is dropped when its turn comes.
                consumer.queue.clear()
            if not consumer.queue.empty():
                return consumer
            del self.ready[consumer]
        return None

    def deliver(self, consumer):
        self.running, self.mailbox = consumer, consumer.queue
        self.message = self.mailbox.get_nowait()
        if self.mailbox.empty():
            del self.ready[consumer]
        self.delivered += 1
        consumer.delivered += 1
        coroutine = consumer.callback(**self.message)
        while coroutine is not None:
            try:
                return coroutine, coroutine.send(None)
            except StopIteration:
                return None
            except Exception as error:  # noqa: BLE001 as the compiled one
                coroutine = consumer.after_failure(error, self.message)
        return None

    def finish(self):
        """The message of the running callback is done."""
        if self.mailbox is not None and self.mailbox.unfinished:
            self.mailbox.task_done()
        self.running = self.message = self.mailbox = None
