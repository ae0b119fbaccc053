# SPDX-License-Identifier: Apache-2.0
"""Hunting races: the same program under many orders that an event loop may choose, each repeatable by its seed.

::

    async def main():              # leaves nothing behind: each run starts from the same state
        ...
        assert account.total == 2

    explore(main)                  # raises the first failure, its seed in a note
    run(main, seed=17)             # that run again

What permutes: which of the ready tasks goes on; which of the ready consumers of one priority is served next and how
many messages it gets at once. What stays: each consumer's messages in order, lower priority levels first, plain
call_soon() callbacks in order. What a consumer's callback raises is logged and counted as ever: main has to look.

Not repeatable: what threads, the real clock or other processes decide, and the order in which a set gives objects that
are hashed by their address.
"""

from __future__ import annotations

import asyncio
import re
import selectors
import threading
from bisect import insort
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Executor
from itertools import count
from operator import itemgetter
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from async_channel.errors import DeadlockError
from async_channel.resume import resume

__all__ = ["DeadlockError", "SeededEventLoop", "explore", "run"]

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")
# While threads may report they are looked at so often, in real seconds.
LOOK_SECONDS = 0.05


class SeededEventLoop(asyncio.SelectorEventLoop):
    """An event loop in which the seed chooses what goes on next; `trace` lists what did.

    The same program and seed give the same trace, in any process. time() is virtual: it starts at 0 and jumps to the
    next timer when nothing else can happen, but passes as the real one while a thread runs that was started meanwhile
    (idle ones of the default executor aside). File descriptors are polled: a timer does not wait for them. When nothing
    at all can happen any more, running the loop raises DeadlockError, which names each task and what it waits for.
    """

    def __init__(self, seed: int | str) -> None:
        self.seed = seed
        # "Task-2 worker" for a step of a task, "<Consumer of show, priority 0> (Task-3) 2/5" for up to two of its five
        # waiting messages, else the callback's name.
        self.trace: list[str] = []
        self._random = Random(seed)
        self._now = 0.0
        self._numbers: WeakKeyDictionary[asyncio.Task[Any], int] = WeakKeyDictionary()
        self._next_number = count(1)
        self._jobs: list[asyncio.Future[Any]] = []
        self._known_threads = set(threading.enumerate()) - {threading.current_thread()}
        super().__init__(_Selector(self))
        # asyncio's own deque, of which it uses the length, append, popleft and clear.
        self._ready = _Ready(self)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def create_task(self, coro: Any, *, name: Any = None, **kwargs: Any) -> asyncio.Task[Any]:
        """asyncio's; a task without a name is called by its number in this loop, as asyncio's are in the process."""
        task = super().create_task(coro, name=name, **kwargs)
        number = self.number(task)
        if name is None:
            task.set_name(f"Task-{number}")
        return task

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Arguments], T], *args: *Arguments
    ) -> asyncio.Future[T]:
        """asyncio's; until it is done, time passes as the real one."""
        future = super().run_in_executor(executor, func, *args)
        self._jobs.append(future)
        return future

    def number(self, task: asyncio.Task[Any]) -> int:
        """The task's place in the order of creation, from 1 on."""
        number = self._numbers.get(task)
        if number is None:
            number = self._numbers[task] = next(self._next_number)
        return number

    def label(self, task: asyncio.Task[Any]) -> str:
        """The task's name and, if that is its own, its number."""
        name, numbered = task.get_name(), f"Task-{self.number(task)}"
        return name if name == numbered else f"{name} ({numbered})"

    def choose(self, below: int) -> int:
        """The seed's next choice among so many."""
        return self._random.randrange(below)

    def choose_for_channels(self, below: int, consumer: Any) -> int:
        """What the engine of the channels asks; with a consumer, how many messages but one it gets this turn."""
        chosen = self.choose(below)
        if consumer is not None:
            task: Any = asyncio.current_task(self)
            waiting = consumer.queue.qsize()
            served = f"{min(chosen + 1, waiting)}/{waiting}"
            self.trace.append(f"{_plain(consumer)} (Task-{self.number(task)}) {served}")
        return chosen

    def threads_may_report(self) -> bool:
        """Whether something outside of this thread may still call call_soon_threadsafe()."""
        self._jobs = [job for job in self._jobs if not job.done()]
        # Idle ones stay alive for good.
        pool = getattr(getattr(self, "_default_executor", None), "_threads", ())
        known = self._known_threads.union((threading.current_thread(),), pool)
        return bool(self._jobs) or not known.issuperset(threading.enumerate())

    def pass_time(self, seconds: float) -> None:
        """Let time() advance."""
        self._now += seconds

    def deadlock(self) -> DeadlockError:
        """The error that tells what every task waits for."""
        tasks = sorted(asyncio.all_tasks(self), key=self.number)
        lines = [f"  {self.label(task)}: {self._awaited(task)}" for task in tasks]
        return DeadlockError("\n".join(["nothing can happen any more, these tasks wait for good:", *lines]))

    def _awaited(self, task: asyncio.Task[Any]) -> str:
        places = []
        awaited: Any = task.get_coro()
        while (frame := getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)) is not None:
            if frame.f_code is resume.__code__:
                # A callback that the engine started and the consumer's task goes on with.
                awaited = frame.f_locals["coroutine"]
                continue
            places.append(f"{frame.f_code.co_qualname} ({Path(frame.f_code.co_filename).name}:{frame.f_lineno})")
            awaited = awaited.cr_await if hasattr(awaited, "cr_await") else awaited.gi_yieldfrom
        waiter = getattr(task, "_fut_waiter", None)
        if isinstance(waiter, asyncio.Task):
            places.append(self.label(waiter))
        elif waiter is not None and not isinstance(waiter, asyncio.Future):
            places.append(_plain(waiter))
        return " > ".join(places)


class _Selector(selectors.DefaultSelector):
    """Polls instead of waiting, and lets time pass instead."""

    def __init__(self, loop: SeededEventLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        # Before the poll: a thread that has ended has reported.
        is_real = timeout != 0 and self._loop.threads_may_report()
        events = super().select(0)
        if events or timeout == 0:
            return events
        if is_real:
            before = monotonic()
            events = super().select(LOOK_SECONDS if timeout is None else min(timeout, LOOK_SECONDS))
            elapsed = monotonic() - before
            self._loop.pass_time(elapsed if timeout is None else min(timeout, elapsed))
        elif timeout is not None:
            self._loop.pass_time(timeout)
        elif len(self.get_map()) > 1:
            # More than the loop's own pipe: a peer may send.
            events = super().select()
        else:
            raise self._loop.deadlock()
        return events


class _Ready:
    """What asyncio is to call: steps of tasks in any order, the rest in turn."""

    def __init__(self, loop: SeededEventLoop) -> None:
        self._loop = loop
        # By the task's number, so that a choice among them does not depend on how they came.
        self._steps: list[tuple[int, asyncio.Handle]] = []
        # Other threads append, too.
        self._others: deque[asyncio.Handle] = deque()

    def __len__(self) -> int:
        return len(self._steps) + len(self._others)

    def append(self, handle: asyncio.Handle) -> None:
        task = _stepping(handle)
        if task is None:
            self._others.append(handle)
        else:
            insort(self._steps, (self._loop.number(task), handle), key=itemgetter(0))

    def popleft(self) -> asyncio.Handle:
        chosen = self._loop.choose(len(self._steps) + bool(self._others))
        handle = self._steps.pop(chosen)[1] if chosen < len(self._steps) else self._others.popleft()
        if not handle.cancelled():
            self._loop.trace.append(self._name(handle))
        return handle

    def clear(self) -> None:
        self._steps.clear()
        self._others.clear()

    def _name(self, handle: asyncio.Handle) -> str:
        task = _stepping(handle)
        if task is not None:
            return f"{self._loop.label(task)} {getattr(task.get_coro(), '__qualname__', '')}"
        callback = _callback(handle)
        return getattr(callback, "__qualname__", type(callback).__name__)


def _callback(handle: asyncio.Handle) -> Any:
    return getattr(handle, "_callback", None)


def _stepping(handle: asyncio.Handle) -> asyncio.Task[Any] | None:
    # As asyncio finds the task of a handle, but a task's public method, such as cancel, is no step of it.
    callback = _callback(handle)
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task) and not hasattr(asyncio.Task, getattr(callback, "__name__", "")):
        return task
    return None


def _plain(thing: Any) -> str:
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(thing))


def run(main: Callable[[], Coroutine[Any, Any, T]] | Coroutine[Any, Any, T], *, seed: int | str) -> T:
    """asyncio.run(main) in a SeededEventLoop, main being an async function or its coroutine.

    What it raises has the note "seed=…".
    """
    return _run(main, SeededEventLoop(seed))


def explore(main: Callable[[], Coroutine[Any, Any, Any]], *, seeds: Iterable[int | str] = range(100)) -> int:
    """Run main() once per seed, each time in a new loop, and return how many different traces were seen.

    The first failure is raised at once and has the note "seed=…". A main that never ends needs an asyncio.timeout(),
    which takes no real time, unless it is a deadlock, which is raised.
    """
    traces = set()
    for seed in seeds:
        loop = SeededEventLoop(seed)
        _run(main, loop)
        traces.add(tuple(loop.trace))
    return len(traces)


def _run(main: Callable[[], Coroutine[Any, Any, T]] | Coroutine[Any, Any, T], loop: SeededEventLoop) -> T:
    try:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            return runner.run(main() if callable(main) else main)
    except BaseException as error:
        error.add_note(f"seed={loop.seed!r}")
        raise
