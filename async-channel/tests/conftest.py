# SPDX-License-Identifier: Apache-2.0
import asyncio
import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import settings

import async_channel as ac

# The same examples in every run, however slow the machine.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


HERE = Path(__file__).parent


def _load(path):
    # The tests' own modules, under names that no other package's tests have.
    name = "async_channel_" + path.removesuffix(".py").replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, HERE / path)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_reference = _load("reference/core.py")
for _path in (
    "reference/live_loop.py",
    "reference/live.py",
    "core_machine.py",
    "live_bench.py",
    "live_machine.py",
):
    _load(_path)


@pytest.fixture(scope="session")
def reference():
    """The plain-Python twin of the compiled core."""
    return _reference


@pytest.fixture(autouse=True)
def _empty_registry():
    ac.ChannelInstances.instance().channels.clear()
    yield
    ac.ChannelInstances.instance().channels.clear()


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


@pytest.fixture
def channel_class():
    return TickerChannel


@pytest.fixture
async def channel():
    """A live channel, stopped at the end; no task may be left then."""
    channel = await ac.create_channel_instance(TickerChannel, ac.set_chan)
    yield channel
    await channel.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.fixture
def dispatcher():
    return ac.SynchronizedDispatcher()


@pytest.fixture
async def synchronized(dispatcher):
    """A channel that `dispatcher` serves."""
    return await ac.create_channel_instance(TickerChannel, ac.set_chan, dispatcher=dispatcher)


class Recorder:
    """Makes callbacks that note what they were called with."""

    def __init__(self):
        self.calls = []

    def callback(self, name="callback"):
        async def record(**message):
            self.calls.append((name, message))

        return record

    @property
    def names(self):
        return [name for name, _ in self.calls]

    @property
    def messages(self):
        return [message for _, message in self.calls]


@pytest.fixture
def recorder():
    return Recorder()


async def _settle():
    # Enough turns of the loop for every task that can go on to do so; nothing here waits for time.
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def settle():
    return _settle
