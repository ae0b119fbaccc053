# SPDX-License-Identifier: Apache-2.0
"""One reader per file layout; the first one whose ``matches`` says yes reads the file.

Those of trades, funding rates and mark prices (``RECORD_READERS``) are asked before those of candles (``READERS``).
"""

from __future__ import annotations

from typing import Protocol

from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.readers import (
    coinbase_json,
    csv_columns,
    derivative_csv,
    lean_zip,
    octobot_data,
    own_csv,
    trade_csv,
    trade_json,
)
from octobot_trading.history.readers.content import Content


class Reader(Protocol):
    """What a reader's module offers."""

    def matches(self, content: Content) -> bool:
        """Whether the file has this layout, told from its first bytes."""

    def read(self, content: Content) -> list[RawCandles]:
        """The series found in the file.

        Raises:
            DataError: the file is damaged or not quite of this layout; names file, row and remedy.
        """


#: csv_columns takes whatever is text, so it comes last.
READERS: tuple[Reader, ...] = (octobot_data, lean_zip, coinbase_json, csv_columns)


class RecordReader(Protocol):
    """What the module of a reader of other data than candles offers."""

    def matches(self, content: Content) -> bool:
        """Whether the file has this layout, told from its first bytes and, where those fit several, its name."""

    def read(self, content: Content) -> RawRecords:
        """The records of the file, which holds one series.

        Raises:
            DataError: the file is damaged or not quite of this layout; names file, row and remedy.
        """


#: own_csv knows its headers exactly; an order book's has all the columns of a trade too.
RECORD_READERS: tuple[RecordReader, ...] = (trade_json, own_csv, trade_csv, derivative_csv)
