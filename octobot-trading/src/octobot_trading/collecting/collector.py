# SPDX-License-Identifier: Apache-2.0
"""The contract of a collector: one exchange's history, a page at a time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from octobot_commons.enums import TimeFrames
from octobot_commons.tentacles_management import AbstractTentacle


@dataclass(frozen=True, slots=True)
class CollectorOptions:
    """How an exchange is reached."""

    #: Scheme, host and port to use instead of the exchange's own, such as a proxy's; None for its own.
    api_url: str | None = None
    timeout_seconds: float = 20.0
    #: What only one kind of collector understands.
    extra: dict[str, Any] = field(default_factory=dict)


class AbstractCollector(AbstractTentacle):
    """Asks one exchange for its history. Used as an async context manager.

    It makes no request more often than the exchange allows, however many wait at a time, and does not try again by
    itself: what may succeed later it raises as ``TemporaryFault``.
    """

    def __init__(self, exchange_name: str, options: CollectorOptions | None = None) -> None:
        super().__init__()
        self.exchange_name = exchange_name
        self.options = options or CollectorOptions()
        #: Requests made so far.
        self.requests = 0

    @classmethod
    @abstractmethod
    def get_exchange_names(cls) -> Sequence[str]:
        """The exchanges that it can collect from."""

    @abstractmethod
    def page_candles(self, symbol: str) -> int:
        """How many candles of a symbol one request brings at the most."""

    @abstractmethod
    async def open(self) -> None:
        """Connect, and learn what the exchange trades.

        Raises:
            TemporaryFault: it cannot be reached now.
            EnvironmentFault: it refuses.
        """

    @abstractmethod
    async def close(self) -> None:
        """Let go of every connection; also after a failed ``open``."""

    @abstractmethod
    def check(self, symbol: str, time_frame: TimeFrames) -> None:
        """Make sure that candles of this symbol and time frame can be had.

        Raises:
            DataError: they cannot; names the nearest symbol or the time frames that there are.
        """

    @abstractmethod
    async def fetch_time(self) -> float:
        """The exchange's time in Unix seconds.

        Raises:
            TemporaryFault: it cannot be reached now.
        """

    @abstractmethod
    async def fetch_candles(
        self, symbol: str, time_frame: TimeFrames, start_time: float, limit: int
    ) -> list[list[float]]:
        """At most ``limit`` candles, [open time in Unix seconds, open, high, low, close, volume], in any order.

        Those that open at ``start_time`` or next after it; an exchange that answers spans rather than numbers of
        candles gives those that open within ``limit`` time frames of it, maybe none.

        Raises:
            TemporaryFault: the request may succeed later.
            EnvironmentFault: it was refused.
        """

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
