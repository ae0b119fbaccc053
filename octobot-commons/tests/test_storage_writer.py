# SPDX-License-Identifier: Apache-2.0
"""One thread that writes: in order, to the end, and errors reach who asked."""

from __future__ import annotations

import asyncio
import threading

import pytest

from octobot_commons.storage_writer import StorageWriter


async def test_everything_runs_in_one_other_thread_in_its_order() -> None:
    writer, done = StorageWriter(), []

    def write(number: int, *, text: str = "") -> str:
        done.append((number, threading.get_ident()))
        return text

    assert await asyncio.gather(*(writer.run(write, number, text=str(number)) for number in range(50))) == [
        str(number) for number in range(50)
    ]
    assert [number for number, _ in done] == list(range(50))
    threads = {thread for _, thread in done}
    assert len(threads) == 1
    assert threading.get_ident() not in threads
    await writer.close()
    await writer.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("storage")]


async def test_who_is_cancelled_does_not_stop_a_write() -> None:
    writer, may_go_on, done = StorageWriter(), threading.Event(), []

    def write() -> None:
        may_go_on.wait()
        done.append("written")

    waiting = asyncio.ensure_future(writer.run(write))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    may_go_on.set()
    await writer.close()
    assert done == ["written"]


async def test_errors_reach_who_asked() -> None:
    writer = StorageWriter()
    with pytest.raises(ZeroDivisionError):
        await writer.run(lambda: 1 // 0)
    assert await writer.run(len, "abc") == 3
    await writer.close()
    with pytest.raises(RuntimeError):
        await writer.run(len, "abc")
