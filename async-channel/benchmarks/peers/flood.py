# SPDX-License-Identifier: Apache-2.0
"""What else an event loop still does while one producer sends as fast as it can. Standard library only.

A flood is `await send(message)` in a tight loop to one consumer. Beside it a timer is due each millisecond, and a
second channel carries a hundred messages a second. A contender is that of latency.py.
"""

import asyncio
import time

PERIOD = 0.001
PAUSE = 0.01
#: How long timer and second consumer run where no message is sent.
CALM_SECONDS = 0.5


async def flood(begin, messages):
    """Milliseconds by which the timer was late and the second consumer waited; kilobytes by which peak memory grew."""
    served = 0

    async def count(price):
        nonlocal served
        served += 1

    send, close = await begin([count])
    timer = Timer()
    others = []
    other_send, other_close = await begin([noting(others)])
    other = asyncio.create_task(send_now_and_then(other_send))
    await asyncio.sleep(10 * PAUSE)
    timer.late.clear()
    others.clear()
    before, start = peak_kilobytes(), time.perf_counter()
    for number in range(messages):
        await send({"price": number})
    while served < messages:  # noqa: ASYNC110 an event would cost the callback time
        await asyncio.sleep(PERIOD)
    if not messages:
        await asyncio.sleep(CALM_SECONDS)
    seconds, after = time.perf_counter() - start, peak_kilobytes()
    await asyncio.sleep(2 * PAUSE)  # What is late by now is noted, too.
    timer.handle.cancel()
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    await close()
    await other_close()
    return {
        "sent per second": messages / seconds,
        "timer": p50_p99_max(timer.late),
        "other": p50_p99_max(others),
        "memory": after - before,
    }


class Timer:
    """Due each millisecond; notes by how many milliseconds it was late, for each time that it missed as well."""

    def __init__(self):
        self.late = []
        self._loop = asyncio.get_running_loop()
        self._due = time.perf_counter()
        self._ring()

    def _ring(self):
        now = time.perf_counter()
        while self._due <= now:
            self.late.append((now - self._due) * 1000)
            self._due += PERIOD
        self.handle = self._loop.call_later(self._due - now, self._ring)


def noting(milliseconds):
    async def note(sent_time):
        milliseconds.append((time.perf_counter() - sent_time) * 1000)

    return note


async def send_now_and_then(send):
    while True:
        await send({"sent_time": time.perf_counter()})
        await asyncio.sleep(PAUSE)


def p50_p99_max(values):
    values = sorted(values)
    return [values[len(values) * percent // 100] for percent in (50, 99)] + values[-1:]


def peak_kilobytes():
    """As Linux counts it since this program was started; 0 where there is no /proc."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        return 0
