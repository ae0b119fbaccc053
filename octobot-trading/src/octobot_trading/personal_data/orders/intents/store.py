# SPDX-License-Identifier: Apache-2.0
"""Where intents survive a crash: what ``record`` has returned is on the disk."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from octobot_commons.sqlite_file import SqliteFormat, SqliteStore, open_sqlite_file, transaction, translated_faults
from octobot_commons.storage_writer import StorageWriter
from octobot_trading.errors import DuplicateOrder
from octobot_trading.personal_data.orders.intents.intent import Intent, IntentStatus, decode_request, encode_request
from octobot_trading.personal_data.orders.order_request import OrderRequest

FORMAT: Final = SqliteFormat(
    application_id=0x0B07_1273,
    steps=(
        (
            "CREATE TABLE account (name TEXT NOT NULL)",
            """CREATE TABLE intents (
                number INTEGER PRIMARY KEY AUTOINCREMENT, client_order_id TEXT UNIQUE, request TEXT NOT NULL,
                time REAL NOT NULL, parent_id TEXT, status TEXT NOT NULL, order_id TEXT
            )""",
            "CREATE INDEX intents_by_status ON intents (status)",
        ),
    ),
    name="store of intents",
    remedy="restore it from a copy; without it look at the exchange for orders that the bot does not know",
    remedy_if_foreign="give the bot a folder of its own",
    write_ahead=True,
)
_COLUMNS: Final = "number, request, time, parent_id, status, order_id"


class IntentFile(SqliteStore):
    """The file. It belongs to the thread that has opened it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, open_sqlite_file(path, FORMAT))
        with translated_faults(path, FORMAT), transaction(self._connection):
            row = self._connection.execute("SELECT name FROM account").fetchone()
            if row is None:
                row = (uuid.uuid4().hex,)
                self._connection.execute("INSERT INTO account VALUES (?)", row)
        #: Part of every id, so that two files never give the same one.
        self._account: str = row[0]

    def record(self, request: OrderRequest, time: float, parent_id: str | None, name: Callable[[str], str]) -> Intent:
        """Keep a new intent, whose request has its own client order id or the one that ``name`` gives its id.

        Raises:
            DuplicateOrder: another intent has this client order id.
        """
        with translated_faults(self.path, FORMAT), transaction(self._connection):
            cursor = self._connection.execute(
                "INSERT INTO intents (request, time, parent_id, status) VALUES ('', ?, ?, ?)",
                (time, parent_id, IntentStatus.ASKED.value),
            )
            number = int(cursor.lastrowid or 0)
            intent_id = f"{self._account}/{number}"
            request = replace(request, client_order_id=request.client_order_id or name(intent_id))
            try:
                self._connection.execute(
                    "UPDATE intents SET client_order_id = ?, request = ? WHERE number = ?",
                    (request.client_order_id, encode_request(request), number),
                )
            except sqlite3.IntegrityError as error:
                raise DuplicateOrder(
                    f"{request.symbol}: client order id {request.client_order_id} was used before",
                    remedy="give every order an id of its own: a repeated request must not trade twice",
                ) from error
        return Intent(intent_id, request, time, parent_id)

    def settle(self, intent: Intent) -> None:
        """Keep what became of it."""
        number = int(intent.intent_id.rpartition("/")[2])
        with translated_faults(self.path, FORMAT), transaction(self._connection):
            self._connection.execute(
                "UPDATE intents SET status = ?, order_id = ? WHERE number = ?",
                (intent.status.value, intent.order_id, number),
            )

    def unsettled(self) -> list[Intent]:
        """Those of which nothing more is known than that they were to be asked, oldest first."""
        with translated_faults(self.path, FORMAT):
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM intents WHERE status = ? ORDER BY number", (IntentStatus.ASKED.value,)
            ).fetchall()
        return [self._intent(*row) for row in rows]

    def _intent(
        self, number: int, request: str, time: float, parent_id: str | None, status: str, order_id: str | None
    ) -> Intent:
        try:
            decoded = decode_request(request)
        except ValueError as error:
            raise FORMAT.damaged(self.path, f"intent {number}: {error}") from error
        return Intent(f"{self._account}/{number}", decoded, time, parent_id, IntentStatus(status), order_id)


class IntentStore:
    """The file behind the thread that writes."""

    def __init__(self, writer: StorageWriter, file: IntentFile) -> None:
        self._writer = writer
        self._file = file

    @classmethod
    async def open(cls, path: Path, writer: StorageWriter) -> IntentStore:
        """Open the file, or make it.

        Raises:
            DataError: it is damaged or another program's.
            EnvironmentFault: it cannot be opened.
        """
        return cls(writer, await writer.run(IntentFile, path))

    async def close(self) -> None:
        """Close the file; the writer stays."""
        await self._writer.run(self._file.close)

    async def record(
        self, request: OrderRequest, time: float, parent_id: str | None, name: Callable[[str], str]
    ) -> Intent:
        """See ``IntentFile.record``; on the disk when this returns."""
        return await self._writer.run(self._file.record, request, time, parent_id, name)

    async def settle(self, intent: Intent) -> None:
        """See ``IntentFile.settle``."""
        await self._writer.run(self._file.settle, intent)

    async def unsettled(self) -> list[Intent]:
        """See ``IntentFile.unsettled``."""
        return await self._writer.run(self._file.unsettled)
