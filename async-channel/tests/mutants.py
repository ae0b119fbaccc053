# SPDX-License-Identifier: Apache-2.0
"""Bugs to plant, at least one per invariant of the engine: each must make a test fail."""

from typing import NamedTuple


class Mutant(NamedTuple):
    name: str
    invariant: str
    file: str
    text: str
    replacement: str


MAILBOX, CORE, ROUTES, LIVE = "_mailbox.pxi", "_core.pxi", "_routes.pxi", "_live.pxi"

MUTANTS = [
    # The queue.
    Mutant(
        "ring unrolled from its start",
        "a consumer's messages come in the order in which they were sent",
        MAILBOX,
        "self._ring = ring[self._head:] + ring[:self._head] + [None] * capacity",
        "self._ring = ring + [None] * capacity",
    ),
    Mutant(
        "one message too many",
        "a queue holds no more than its size",
        MAILBOX,
        "self.maxsize <= 0 or self._size + self._reserved < self.maxsize",
        "self.maxsize <= 0 or self._size + self._reserved <= self.maxsize",
    ),
    Mutant(
        "room is not kept",
        "nobody overtakes a sender that waits",
        MAILBOX,
        "self._reserved += self._wake_first(self._putters)\n        if",
        "self._wake_first(self._putters)\n        if",
    ),
    Mutant(
        "last sender first",
        "senders that wait put in the order in which they came",
        MAILBOX,
        "waiter = waiters.pop(0)\n            if not waiter.done():",
        "waiter = waiters.pop()\n            if not waiter.done():",
    ),
    Mutant(
        "room is lost",
        "a sender that gives up leaves its room to the next",
        MAILBOX,
        "self._reserved += <int>self._wake_first(self._putters) - 1",
        "pass",
    ),
    Mutant(
        "newest dropped",
        "drop_oldest drops the message that waits longest",
        MAILBOX,
        "        if self._kind > ERROR and 0 < self.maxsize <= self._size:\n            self._drop_oldest()",
        "        if self._kind > ERROR and 0 < self.maxsize <= self._size:\n            return 0",
    ),
    Mutant(
        "drops not counted",
        "what overflow throws away is counted",
        MAILBOX,
        "        self._pop()\n        self.dropped += 1",
        "        self._pop()",
    ),
    Mutant(
        "dropped but unfinished",
        "who joins a queue does not wait for what was dropped",
        MAILBOX,
        "        self.dropped += 1\n        if self._unfinished > 0:\n            self._finish_one()",
        "        self.dropped += 1",
    ),
    Mutant(
        "conflated at the end",
        "conflate keeps the latest message at the place of the one that it replaces",
        MAILBOX,
        "if place >= self._taken:\n",
        "if place >= self._taken + 1:\n",
    ),
    Mutant(
        "the first of each key",
        "conflate keeps the latest message of each key",
        MAILBOX,
        "self._ring[(self._head + place - self._taken) & self._mask] = item",
        "pass",
    ),
    Mutant(
        "high water of the moment",
        "high_water is the most that ever waited",
        MAILBOX,
        "if self._size > self.high_water:",
        "if self._size != self.high_water:",
    ),
    Mutant(
        "cleared but unfinished",
        "cleared messages count as done",
        MAILBOX,
        "            if self._unfinished > 0:\n                self._finish_one()\n        return dropped",
        "        return dropped",
    ),
    # Who gets a message.
    Mutant(
        "choice kept",
        "a route is chosen anew when the consumers change",
        ROUTES,
        "if self._version != version:",
        "if self._version == 0:",
    ),
    Mutant(
        "match kept",
        "the router forgets what it chose when the consumers change",
        ROUTES,
        "        self.version += 1\n        self._matches = {}",
        "        self.version += 1",
    ),
    Mutant(
        "a missing filter matches",
        "a consumer without the filter that is asked for is not meant",
        ROUTES,
        "        if key not in entry:\n            return False",
        "        if key not in entry:\n            continue",
    ),
    Mutant(
        "wildcard in a list ignored",
        "a consumer that takes anything is always meant",
        ROUTES,
        "if value != own and value not in own and wildcard not in own:",
        "if value != own and value not in own:",
    ),
    Mutant(
        "some get it",
        "send_nowait reaches all or none",
        ROUTES,
        "elif not (may_wait or mailbox._has_room() or _has_always_room(consumer)):",
        "elif not (may_wait or True):",
    ),
    Mutant(
        "overflow unsaid",
        "a queue that makes an error of overflow raises it, and nobody got the message",
        ROUTES,
        "        elif mailbox._kind == ERROR:\n            if not mailbox._has_room():",
        "        elif mailbox._kind == ERROR:\n            if False:",
    ),
    Mutant(
        "keys swapped",
        "each conflating queue gets its own key",
        ROUTES,
        "                next_key += 1\n",
        "",
    ),
    Mutant(
        "sends are no flood",
        "a sender that never waits is made to let others go on, whatever becomes of its messages",
        ROUTES,
        "if router._sent < FLOOD or not router.is_live:",
        "if router._sent >= 0:",
    ),
    Mutant(
        "deliveries are no flood",
        "a sender to many is made to let others go on sooner",
        ROUTES,
        "not ready_set._is_live or ready_set._appended < FLOOD",
        "not ready_set._is_live or ready_set._appended >= 0",
    ),
    Mutant(
        "any thread may send",
        "a send from a thread that does not run the channel's loop is refused",
        ROUTES,
        "    if _get_running_loop() is not router._loop:",
        "    if False:",
    ),
    # Synchronized delivery.
    Mutant(
        "higher levels first",
        "synchronized delivery goes by priority",
        CORE,
        "return one._ready_priority < other._ready_priority",
        "return one._ready_priority > other._ready_priority",
    ),
    Mutant(
        "registration ignored",
        "equal priorities go by registration",
        CORE,
        "return one._registration < other._registration",
        "return False",
    ),
    Mutant(
        "room before the first misused",
        "the ready-set stays sorted when it uses the room that was freed",
        CORE,
        "if low == self._first and low > 0:",
        "if low > 0 and self._first > 0:",
    ),
    Mutant(
        "ring cut wrongly",
        "the ready-set forgets nobody when it gives back memory",
        CORE,
        "            self._end -= self._first\n            self._first = 0",
        "            self._end -= self._first + 1\n            self._first = 0",
    ),
    Mutant(
        "stopped but served",
        "a stopped consumer gets nothing",
        CORE,
        "            if consumer.should_stop:\n                consumer._mailbox.clear()",
        "            if False:\n                consumer._mailbox.clear()",
    ),
    Mutant(
        "pending forgets what went",
        "pending is the number of messages that wait",
        CORE,
        "            self._ready_set._pending -= 1\n        return 0",
        "            pass\n        return 0",
    ),
    Mutant(
        "pending keeps the detached",
        "messages of consumers that are not served are not pending",
        CORE,
        "        self._pending -= consumer._mailbox._size\n        consumer._ready_set = None",
        "        consumer._ready_set = None",
    ),
    Mutant(
        "nested drain",
        "a drain within a drain is refused",
        CORE,
        "        if self._is_draining:\n            raise",
        "        if False:\n            raise",
    ),
    Mutant(
        "never finished",
        "a message is done when its callback has ended",
        CORE,
        "        if mailbox is not None and mailbox._unfinished > 0:\n            mailbox._finish_one()",
        "        pass",
    ),
    Mutant(
        "deliveries not counted",
        "deliveries are counted per consumer",
        CORE,
        "        self._delivered += 1\n",
        "        self._delivered = 1\n",
    ),
    Mutant(
        "failure not passed on",
        "a callback that raises is counted and what follows is its consumer's policy",
        CORE,
        "                    coroutine = consumer.after_failure(error, self._message)\n"
        "                    if coroutine is not None:\n                        continue",
        "                    consumer.after_failure(error, self._message)",
    ),
    # Live delivery.
    Mutant(
        "a turn of 63",
        "a consumer has 64 messages before the others of its priority have their turn",
        LIVE,
        "cdef Py_ssize_t TURN = 64",
        "cdef Py_ssize_t TURN = 63",
    ),
    Mutant(
        "arrival ignored",
        "equal priorities go by arrival",
        LIVE,
        "self._registrations if self._choose is None else self._choose(1 << 30, None)",
        "0 if self._choose is None else self._choose(1 << 30, None)",
    ),
    Mutant(
        "served while it waits",
        "one callback of a consumer at a time",
        LIVE,
        "        if seat is None or not seat._is_waiting:\n            return 0",
        "        if seat is None or not seat._is_waiting:\n"
        "            if seat is not None:\n                self._deliver(seat, consumer)\n            return 0",
    ),
    Mutant(
        "stopped but has its turn",
        "after a failure that ends a consumer, or its own stop, it gets nothing",
        LIVE,
        "            if seat._needs_task() or served == turn:",
        "            if seat._coroutine is not None or served == turn:",
    ),
    Mutant(
        "cancellation swallowed",
        "a cancellation reaches the task",
        LIVE,
        "                    seat._error = error\n",
        "                    pass\n",
    ),
    Mutant(
        "cancel not asked",
        "a callback that cancels its own task ends it",
        LIVE,
        "            self._is_cancel_asked = True\n            return False",
        "            return False",
    ),
    Mutant(
        "foreign task",
        "within a callback the current task is the consumer's",
        LIVE,
        "            PyDict_SetItem(self._current_tasks, self.loop, task)",
        "            PyDict_SetItem(self._current_tasks, self.loop, None)",
    ),
    Mutant(
        "foreign context",
        "within a callback the context is the consumer's",
        LIVE,
        "        self._context = context\n        self._is_waiting = True",
        "        self._context = copy_context()\n        self._is_waiting = True",
    ),
    Mutant(
        "suspended and never finished",
        "a message whose callback waited is done when that has ended",
        LIVE,
        "        self._engine.delivered += 1\n        if mailbox is not None and mailbox._unfinished > 0:",
        "        self._engine.delivered += 1\n        if False:",
    ),
    Mutant(
        "what waited is forgotten",
        "messages that came while a callback waited are delivered then",
        LIVE,
        "            if consumer._mailbox._size:\n                self._engine._push",
        "            if False:\n                self._engine._push",
    ),
    # What waits, and the channel around.
    Mutant(
        "put without room",
        "a sender whose consumer leaves goes on without putting",
        "mailbox.py",
        "        if has_room:\n            self._use_room(item)",
        "        self._use_room(item)",
    ),
    Mutant(
        "waits for itself",
        "a callback that would wait for its own queue is told so",
        "mailbox.py",
        'getattr(owner, "consume_task", None) is asyncio.current_task()',
        'getattr(owner, "consume_task", None) is None',
    ),
    Mutant(
        "stop consumer goes on",
        "a consumer that is to leave when it fails leaves",
        "consumer.py",
        "        if self.on_failure == FailurePolicy.LOG:\n            return None",
        "        if self.on_failure != FailurePolicy.STOP_CHANNEL:\n            return None",
    ),
    Mutant(
        "stop channel removes",
        "a consumer whose failure is to stop the channel stops it",
        "consumer.py",
        "elif self.on_failure == FailurePolicy.STOP_CHANNEL:",
        "elif self.on_failure == FailurePolicy.LOG:",
    ),
    Mutant(
        "closed but open",
        "a closed channel refuses",
        "channels/channel.py",
        'return ChannelClosedError(f"{self.get_name()} is closed") if self.is_closed else None',
        "return None",
    ),
    Mutant(
        "optional matters",
        "producers are paused while nobody above OPTIONAL listens",
        "channels/channel.py",
        "consumer.priority_level < ChannelConsumerPriorityLevels.OPTIONAL for",
        "consumer.priority_level <= ChannelConsumerPriorityLevels.OPTIONAL for",
    ),
    Mutant(
        "senders left waiting",
        "a sender need not wait for a consumer that left",
        "channels/channel.py",
        "        _release_senders(consumer)\n        await self.update_producers_state()",
        "        await self.update_producers_state()",
    ),
]
