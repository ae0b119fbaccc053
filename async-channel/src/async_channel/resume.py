# SPDX-License-Identifier: Apache-2.0
"""Going on with a coroutine that somebody else started."""

from collections.abc import Coroutine, Generator
from types import coroutine as generator_coroutine
from typing import Any

Suspended = tuple[Coroutine[Any, Any, Any], Any]


@generator_coroutine
def resume(coroutine: Coroutine[Any, Any, Any], yielded: Any) -> Generator[Any, Any, Any]:
    """Await the rest of a coroutine that already yielded once; what it yielded is handed to the event loop first."""
    try:
        while True:
            try:
                received = yield yielded
            except GeneratorExit:
                coroutine.close()
                raise
            except BaseException as error:  # noqa: BLE001 cancellation included: all belongs to the coroutine
                yielded = coroutine.throw(error)
            else:
                yielded = coroutine.send(received)
    except StopIteration as end:
        return end.value


async def as_coroutine(awaitable: Any) -> Any:
    """A coroutine that awaits anything a callback may have returned."""
    return await awaitable
