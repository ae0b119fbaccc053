# SPDX-License-Identifier: Apache-2.0
"""What async_channel._engine does, in plain Python: the oracle of its property tests and a benchmark's baseline."""

from asyncio import QueueEmpty, QueueFull
from collections import deque

from async_channel.errors import DispatcherError


class MailboxCore:
    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self.items = deque()
        self.unfinished = 0

    def qsize(self):
        return len(self.items)

    def empty(self):
        return not self.items

    def full(self):
        return 0 < self.maxsize <= len(self.items)

    def put_nowait(self, item):
        if self.full():
            raise QueueFull
        self.append(item)

    def append(self, item):
        self.items.append(item)
        self.unfinished += 1

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
    priority_level = 0


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
        full = [consumer.queue for consumer in self.consumers if not has_room(consumer)]
        for consumer in self.consumers:
            if has_room(consumer):
                consumer.queue.append(data)
        return full or None

    def send_nowait(self, data):
        if not all(has_room(consumer) for consumer in self.consumers):
            raise QueueFull
        self.deliver(data)


def has_room(consumer):
    return consumer.ready_set is not None or not consumer.queue.full()


class ReadySet:
    def __init__(self):
        self.attached = []
        self.delivered = 0
        self.draining = False
        self.running = None
        self.message = None

    @property
    def pending(self):
        return sum(consumer.queue.qsize() for consumer in self.attached)

    def attach(self, consumer):
        if consumer not in self.attached:
            self.attached.append(consumer)
            consumer.ready_set = self

    def detach(self, consumer):
        if consumer in self.attached:
            self.attached.remove(consumer)
            consumer.ready_set = None

    def begin_drain(self):
        if self.draining:
            raise DispatcherError("already")
        self.draining = True
        try:
            while (consumer := self.first()) is not None:
                self.deliver(consumer)
        finally:
            self.draining = False
            self.running = self.message = None

    def first(self):
        while ready := [consumer for consumer in self.attached if not consumer.queue.empty()]:
            # min() keeps the first of equals, so the order of registration decides between equal priorities.
            consumer = min(ready, key=lambda consumer: consumer.priority_level)
            if not consumer.should_stop:
                return consumer
            # What a stopped consumer still had is dropped when its turn comes.
            consumer.queue.clear()
        return None

    def deliver(self, consumer):
        self.running, self.message = consumer, consumer.queue.get_nowait()
        mailbox = consumer.queue
        self.delivered += 1
        try:
            consumer.callback(**self.message).send(None)
        except StopIteration:
            pass
        except Exception as error:  # noqa: BLE001 as the compiled one
            consumer.failed(error, self.message)
        if mailbox.unfinished:
            mailbox.task_done()
