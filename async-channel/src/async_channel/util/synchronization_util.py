# SPDX-License-Identifier: Apache-2.0
"""Calling consumers without their queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from async_channel.consumer import Consumer


async def trigger_and_bypass_consumers_queue(consumers: Iterable[Consumer], kwargs: dict[str, Any]) -> None:
    """Let each consumer perform `kwargs` now, one after the other, before what waits in their queues.

    A consumer's failure is dealt with by that consumer's policy, and the next ones are still called.
    """
    for consumer in consumers:
        try:
            await consumer.perform(kwargs)
        except Exception as error:  # noqa: BLE001 logged and counted, what follows is the policy's choice
            await consumer.fail(error, kwargs)
