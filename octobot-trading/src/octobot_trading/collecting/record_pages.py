# SPDX-License-Identifier: Apache-2.0
"""Pages of one symbol's trades or funding rates: asked for, checked, stored whole."""

from __future__ import annotations

import numpy as np

from octobot_commons.errors import DataError
from octobot_trading.collecting.record_collector import AbstractRecordCollector
from octobot_trading.collecting.retries import Retrier
from octobot_trading.history import CandleStore, FundingSeries, StoredItem, TradeSeries, records_from_arrays
from octobot_trading.history.kinds import FUNDING, RecordKind
from octobot_trading.util import FloatArray


class RecordPages:
    """Asks for one page after another and stores each."""

    def __init__(
        self, collector: AbstractRecordCollector, store: CandleStore, kind: RecordKind, symbol: str, retrier: Retrier
    ) -> None:
        self._collector = collector
        self._store = store
        self._kind = kind
        self._symbol = symbol
        self._retrier = retrier
        self.limit = collector.page_records(symbol, kind)
        self.added = 0
        self.requests = 0

    async def fetch_funding(self, cursor: float) -> FloatArray:
        """The rates of a page by time."""

        async def ask() -> list[list[float]]:
            self.requests += 1
            return await self._collector.fetch_funding(self._symbol, cursor, self.limit)

        return self._in_order(await self._retrier.call(ask), 0)

    async def fetch_trades(self, first_id: int) -> FloatArray:
        """The trades of a page by id; those of earlier ids are left out."""

        async def ask() -> list[list[float]]:
            self.requests += 1
            return await self._collector.fetch_trades(self._symbol, first_id, self.limit)

        rows = self._in_order(await self._retrier.call(ask), 4)
        return rows[rows[:, 4] >= first_id]

    async def find_trade(self, start: float, end: float) -> int | None:
        """The id of the exchange's first trade of a span."""

        async def ask() -> int | None:
            self.requests += 1
            return await self._collector.find_trade(self._symbol, start, end)

        return await self._retrier.call(ask)

    def keep(self, rows: FloatArray) -> None:
        """Store a page whole."""
        if not len(rows):
            return
        series_class = FundingSeries if self._kind is FUNDING else TradeSeries
        series = records_from_arrays(
            series_class,
            *rows.T,
            symbol=self._symbol,
            exchange_name=self._collector.exchange_name,
            source=f"collected from {self._collector.exchange_name}",
        )
        self.added += self._store.records.import_series(series).added

    def stored_item(self) -> StoredItem | None:
        """What is stored of this kind and symbol."""
        names = (self._kind.name, self._collector.exchange_name, self._symbol)
        catalogue = self._store.records.catalogue()
        return next((one for one in catalogue if (one.kind, one.exchange_name, one.symbol) == names), None)

    def stored_times(self) -> FloatArray:
        """The times of all stored ones."""
        if self.stored_item() is None:
            return np.empty(0)
        return self._store.records.load(FundingSeries, self._collector.exchange_name, self._symbol).times

    def stored_trade(self, time: float, *, first: bool) -> int:
        """The id of the first or last stored trade of a time."""
        name = self._collector.exchange_name
        ids = self._store.records.load(TradeSeries, name, self._symbol, None, time, time + 0.0005).ids
        if (ids < 0).any():
            raise self.hole("the stored ones have no ids", "remove them with `octobot data delete` first")
        return int(ids.min() if first else ids.max())

    def hole(self, message: str, remedy: str) -> DataError:
        """Says that what is stored does not go with what was asked for."""
        return DataError(f"{self._described()}: {message}, and a hole between would not be found", remedy=remedy)

    def _in_order(self, rows: list[list[float]], key: int) -> FloatArray:
        width = len(self._kind.fields)
        try:
            page = np.array(rows, dtype=np.float64).reshape(-1, width)
        except (ValueError, TypeError) as error:
            raise DataError(f"{self._described()}: no rows of {width} numbers: {error}", remedy="try again") from error
        return page[np.lexsort((page[:, 0], page[:, key]))]

    def _described(self) -> str:
        return f"{self._collector.exchange_name} {self._symbol} {self._kind.plural}"
