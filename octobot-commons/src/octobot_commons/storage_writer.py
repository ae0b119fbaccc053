# SPDX-License-Identifier: Apache-2.0
"""The one thread that writes to the disk: an event loop does not wait for it, who asked does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class StorageWriter:
    """Runs functions one after the other, in the order in which they were asked for, in a thread of its own.

    SQLite connections belong to the thread that has opened them: open, use and close them through ``run``.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns. It is run to its end also where who waits for it is cancelled.

        Raises:
            RuntimeError: the writer was closed.
        """
        return await asyncio.wrap_future(self._thread.submit(function, *args, **kwargs))

    async def close(self) -> None:
        """Run what was asked for, then end the thread. Closing twice does nothing more."""
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)
