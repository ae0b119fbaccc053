# SPDX-License-Identifier: Apache-2.0
"""What an exchange tells of an order before it has answered the request that made it.

A fill may come through a stream faster than the answer that says which order it is of.
"""

from __future__ import annotations

from collections.abc import Callable


class EarlyEvents:
    """Kept until the order is known, or until no request is under way and so it is somebody else's."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, Callable[[], None]]] = []

    def keep(self, order_id: str, tell: Callable[[], None]) -> None:
        """``tell`` later."""
        self._kept.append((order_id, tell))

    def tell(self, order_id: str | None = None) -> None:
        """Tell what was kept of an order, or everything, as it came."""
        kept, self._kept = self._kept, []
        for each, tell in kept:
            if order_id is None or each == order_id:
                tell()
            else:
                self._kept.append((each, tell))
