# SPDX-License-Identifier: Apache-2.0
"""Waiting for an exchange that may not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from octobot_commons.clock import Clock
from octobot_trading.errors import TemporaryFault

T = TypeVar("T")


async def answer_within(clock: Clock, seconds: float, request: Coroutine[Any, Any, T]) -> T:
    """The answer of a request.

    Raises:
        TemporaryFault: none came in time. What became of the request is not known.
    """
    task, alarm = asyncio.ensure_future(request), asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise TemporaryFault(f"no answer within {seconds:g} s")
    finally:
        waiting = [one for one in (task, alarm) if not one.done()]
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
