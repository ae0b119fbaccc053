# SPDX-License-Identifier: Apache-2.0
"""The contract of a collector that brings trades and funding rates too."""

from __future__ import annotations

from abc import abstractmethod

from octobot_trading.collecting.collector import AbstractCollector
from octobot_trading.history.kinds import RecordKind


class AbstractRecordCollector(AbstractCollector):
    """Asks one exchange for its trades and funding rates as well. Faults are those of ``fetch_candles``."""

    @abstractmethod
    def check_records(self, symbol: str, kind: RecordKind) -> None:
        """Make sure that such records of this symbol can be had.

        Raises:
            DataError: they cannot, or not without leaving some out.
        """

    @abstractmethod
    def page_records(self, symbol: str, kind: RecordKind) -> int:
        """How many records one request brings at the most."""

    @abstractmethod
    async def fetch_funding(self, symbol: str, start_time: float, limit: int) -> list[list[float]]:
        """At most ``limit`` rows [Unix seconds, rate], in any order: those of ``start_time`` or next after it.

        An exchange that answers spans gives those within ``limit`` hours of it, maybe none.
        """

    @abstractmethod
    async def find_trade(self, symbol: str, start_time: float, end_time: float) -> int | None:
        """The id of the first trade from ``start_time`` on and before ``end_time``, None where there is none."""

    @abstractmethod
    async def fetch_trades(self, symbol: str, first_id: int, limit: int) -> list[list[float]]:
        """At most ``limit`` rows [Unix seconds, price, amount, side, id] from this id on, without leaving one out.

        ``side`` is the taker's: 1 bought, -1 sold, 0 is not known. No row says that there is none yet.
        """
