# SPDX-License-Identifier: Apache-2.0
"""The tables of the run store. A released step is never changed: a new one is put behind it."""

from __future__ import annotations

from octobot_commons.sqlite_file import SqliteFormat

_FIRST = (
    """CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        error TEXT,
        started_time REAL NOT NULL,
        ended_time REAL,
        seed TEXT NOT NULL,
        settings TEXT NOT NULL,
        settings_sha256 TEXT NOT NULL,
        code TEXT NOT NULL,
        inputs TEXT NOT NULL,
        candles TEXT NOT NULL,
        reference_market TEXT NOT NULL,
        starting_portfolio TEXT NOT NULL,
        final_portfolio TEXT,
        figures TEXT,
        note_counts TEXT,
        timings TEXT
    )""",
    """CREATE TABLE run_order (
        number INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        order_id TEXT NOT NULL,
        symbol TEXT NOT NULL,
        side TEXT NOT NULL,
        type TEXT NOT NULL,
        quantity TEXT NOT NULL,
        price TEXT,
        stop_price TEXT,
        status TEXT NOT NULL,
        filled_quantity TEXT NOT NULL,
        average_price TEXT,
        cost TEXT NOT NULL,
        fees TEXT NOT NULL,
        creation_time REAL NOT NULL,
        closing_time REAL,
        reason TEXT,
        tag TEXT,
        group_id TEXT,
        cause TEXT,
        UNIQUE (run_id, symbol, order_id)
    )""",
    """CREATE TABLE fill (
        number INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        fill_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        symbol TEXT NOT NULL,
        side TEXT NOT NULL,
        quantity TEXT NOT NULL,
        price TEXT NOT NULL,
        cost TEXT NOT NULL,
        fee TEXT NOT NULL,
        fee_asset TEXT NOT NULL,
        taker_or_maker TEXT NOT NULL,
        time REAL NOT NULL,
        UNIQUE (run_id, symbol, fill_id)
    )""",
)
#: Why an order was made: the record that an explanation is read from.
_CAUSAL_RECORDS = ("ALTER TABLE run_order ADD COLUMN causal_record TEXT",)

#: What only some orders have: their parent, time in force, trailing distance... as JSON.
_ORDER_OPTIONS = ("ALTER TABLE run_order ADD COLUMN options TEXT",)
#: Several orders come of one decision: its record is kept once, compressed, and known by a number within its run.
_CAUSES = (
    """CREATE TABLE cause (
        run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (run_id, number)
    ) WITHOUT ROWID""",
    "INSERT INTO cause SELECT run_id, number, causal_record FROM run_order WHERE causal_record IS NOT NULL",
    "UPDATE run_order SET causal_record = number WHERE causal_record IS NOT NULL",
    "ALTER TABLE run_order RENAME COLUMN causal_record TO cause_number",
)

FORMAT = SqliteFormat(
    application_id=0x4F425253,  # "OBRS"
    steps=(_FIRST, _CAUSAL_RECORDS, _ORDER_OPTIONS, _CAUSES),
    name="run store",
    remedy="move the file away; new runs are then stored in a new one",
    remedy_if_foreign="name a new file or a run store",
    write_ahead=True,
    busy_seconds=30.0,
)
