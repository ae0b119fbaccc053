# SPDX-License-Identifier: Apache-2.0
"""Ending the tasks that consumers and producers own."""

import asyncio
import logging
from typing import Any


async def end_task(task: asyncio.Task[Any] | None, logger: logging.Logger) -> None:
    """Cancel the task and wait for its end; from within the task itself, do nothing: it ends by itself.

    A cancellation of the caller is never mistaken for the task's.
    """
    if task is None or task is asyncio.current_task():
        return
    if not task.done():
        task.cancel()
        # Unlike awaiting the task, this raises only when the caller is cancelled.
        await asyncio.wait((task,))
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("%s had failed: %r", task.get_name(), error, exc_info=error)
