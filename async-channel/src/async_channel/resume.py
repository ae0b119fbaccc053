# SPDX-License-Identifier: Apache-2.0
"""Going on with a coroutine that somebody else started."""

from collections.abc import Callable, Coroutine, Generator
from types import coroutine as generator_coroutine
from typing import Any

Suspended = tuple[Coroutine[Any, Any, Any], Any]


@generator_coroutine
def resume(
    coroutine: Coroutine[Any, Any, Any],
    yielded: Any,
    error: BaseException | None = None,
    instead_of: Callable[[BaseException], BaseException] | None = None,
) -> Generator[Any, Any, Any]:
    """Await the rest of a coroutine that already yielded once; what it yielded is handed to the event loop first.

    With an error, the coroutine gets that instead. `instead_of` may exchange what is thrown into it while it waits.
    """
    try:
        if error is not None:
            yielded = coroutine.throw(error)
        while True:
            try:
                received = yield yielded
            except GeneratorExit:
                coroutine.close()
                raise
            except BaseException as error:  # noqa: BLE001 cancellation included: all belongs to the coroutine
                yielded = coroutine.throw(error if instead_of is None else instead_of(error))
            else:
                yielded = coroutine.send(received)
    except StopIteration as end:
        return end.value


@generator_coroutine
def let_others_go_on() -> Generator[None, None, None]:
    """Give the event loop one turn."""
    yield


async def as_coroutine(awaitable: Any) -> Any:
    """A coroutine that awaits anything a callback may have returned."""
    return await awaitable
