# SPDX-License-Identifier: Apache-2.0
"""What has to hold of any bytes that are read: an error that helps, or series in which every row is accounted for."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import lzma
import re
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from octobot_commons.errors import DataError
from octobot_trading.history import (
    CandleSeries,
    CandleStore,
    MarkPriceSeries,
    OrderBookSeries,
    RecordSeries,
    TickerSeries,
    TradeSeries,
    read_market_data,
)
from octobot_trading.history.kinds import KINDS
from octobot_trading.history.readers.content import load_content
from octobot_trading.history.readers.recorded_session import LineKind
from octobot_trading.history.readers.venues.events import BookEvent, Other, TickerEvent
from octobot_trading.history.session_recordings import group_files

_LONGEST_MESSAGE = 1000
_LEFT_OUT = re.compile(r"([\d,]+) [^;]* left out")


def check(path: Path, store: CandleStore) -> bool:
    """Read a file; whether it gave series.

    Raises:
        AssertionError: rows are lost, what is stored is not what was read, or an error does not help.
        Exception: any that is no DataError, which is a bug of the reader.
    """
    try:
        found = read_market_data(path, symbol=_symbol(path))
    except DataError as error:
        _check_error(error)
        return False
    assert found
    assert all(len(one) for one in found)
    sessions = {id(one.quality.session): one.quality.session for one in found if one.quality.session is not None}
    if sessions:
        _check_sessions(path, found, list(sessions.values()))
    else:
        in_series = sum(len(one) + one.quality.duplicates + one.quality.incomplete for one in found)
        assert in_series == sum(one.quality.rows_read for one in found)
        remarks = " ".join(remark for one in found for remark in one.quality.remarks)
        rows = count_rows(path.read_bytes(), remarks)
        assert rows == in_series, f"{rows} rows in the file, {in_series} in series or reported"
    _check_store(found, store)
    return True


def _check_error(error: DataError) -> None:
    assert error.file, error
    assert error.remedy, error
    assert len(str(error)) < _LONGEST_MESSAGE, f"a message of {len(str(error))} letters: {str(error)[:200]}"


def _symbol(path: Path) -> str | None:
    # Files of several series are read whole; the others' names tell the symbol.
    return "BTC/USDT" if path.name == "BTC-USD.json" else None


def _check_sessions(path: Path, found: Sequence[CandleSeries | RecordSeries], sessions: list[Any]) -> None:
    for session in sessions:
        others = sum(count for _, count in session.other)
        assert session.lines == session.used + others + len(session.unusable)
        assert all(len(sentence) < _LONGEST_MESSAGE for sentence in (*session.unusable, *session.remarks))
    content = load_content(path)
    remarks = {remark for session in sessions for remark in session.remarks}
    counted, lines = sum(session.lines for session in sessions), count_session_lines(content.data, remarks)
    if lines is None:
        return
    assert counted == lines, f"{lines} lines in the file, {counted} told"
    told = sum(one.message_count if isinstance(one, OrderBookSeries) else len(one) for one in found)
    told += sum(one.quality.duplicates for one in found)
    every_remark = [*remarks, *(remark for one in found for remark in one.quality.remarks)]
    told += sum(int(match[1].replace(",", "")) for remark in every_remark if (match := _LEFT_OUT.search(remark)))
    sentences = [sentence for session in sessions for sentence in session.unusable]
    unusable = {re.sub(r": row (\d+): .*", r"@\1", sentence, flags=re.DOTALL) for sentence in sentences}
    if sentences and content.data.startswith(b"PK"):
        return  # of files of one name in an archive they do not tell which
    events = _count_events(path, unusable)
    assert told == events, f"{events} events in the lines, {told} in series or reported"


def _count_events(path: Path, unusable: set[str]) -> int:
    total = 0
    for group in group_files([load_content(path)]):
        parser = group.venue.parser()
        for line in group.lines():
            if not hasattr(line, "kind"):
                total += len(line.events)
            elif line.kind is LineKind.RECEIVED:
                try:
                    events = list(parser(line.message()))
                except Exception:  # noqa: BLE001 - the line must then be among the unusable ones
                    assert f"{line.file}@{line.row}" in unusable
                    continue
                if f"{line.file}@{line.row}" not in unusable:
                    total += sum(not isinstance(event, Other) and not _tells_nothing(event) for event in events)
    return total


def _tells_nothing(event: Any) -> bool:
    if isinstance(event, BookEvent) or not isinstance(event, TickerEvent):
        return False
    return all(price != price for price in (event.last, event.bid, event.ask))


def count_session_lines(data: bytes, remarks: set[str]) -> int | None:
    """The lines of a session, or of the CSV and JSON files in an archive of books, that are not blank.

    None for an archive with two files of one name, as the remarks do not tell which of them was left out.
    """
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            held = [
                (info.filename, archive.read(info))
                for info in archive.infolist()
                if info.file_size or not info.is_dir()
            ]
        if len({name for name, _ in held}) != len(held):
            return None
        # A file that is there twice is read once, and told of by its last name.
        once = {inner: name for name, inner in held}.items()
        ignored = {remark.partition(".zip/")[2].removesuffix(" holds no market data") for remark in remarks}
        used = [inner for inner, name in once if name not in ignored]
        return sum(count_session_lines(inner, remarks) for inner in used)
    lines = [line for line in _text(data).split("\n") if line.strip()]
    first_cell = lines[0].partition(",")[0].strip().lower() if lines else ""
    return len(lines) - (first_cell in ("symbol", "time_seconds"))


def forget_all(store: CandleStore) -> None:
    """Empty the store after a finding."""
    for candles in store.catalogue():
        store.remove(candles.exchange_name, candles.symbol, candles.time_frame)
    for item in store.records.catalogue():
        store.records.remove(KINDS[item.kind], item.exchange_name, item.symbol, item.time_frame)


def count_rows(data: bytes, remarks: str = "") -> int:
    """The rows of a file that is no session, counted in the plainest way; -1 where they cannot be counted for sure."""
    data = _expanded(data)
    if data.startswith(b"SQLite"):
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(data)
            (whole,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            return connection.execute("SELECT COUNT(*) FROM ohlcv NOT INDEXED").fetchone()[0] if whole == "ok" else -1
    if data.startswith(b"PK"):
        return _lean_rows(data, remarks)
    if data.startswith(b"PAR1"):
        import pyarrow.parquet

        return int(pyarrow.parquet.ParquetFile(io.BytesIO(data)).metadata.num_rows)
    text = _text(data)
    if text.lstrip()[:1] in ("{", "["):
        return _json_rows(text)
    # A carriage return alone ends a row, but is a blank in the header.
    header, ended, rest = text.lstrip("\r\n").partition("\n")
    text = header.replace("\r", " ") + ended + rest if ended else text
    lines = [line for line in re.split(r"\r\n|\n|\r", text) if line.strip().strip('"').strip()]
    try:
        float(lines[0].partition(",")[0].strip().strip('"'))
    except ValueError:
        return len(lines) - 1
    return len(lines)


def _expanded(data: bytes) -> bytes:
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if not data.startswith(b"\xfd7zXZ\0"):
        return data
    expanded = b""
    while data.strip(b"\0"):
        one = lzma.LZMADecompressor()
        expanded += one.decompress(data.lstrip(b"\0"))
        assert one.eof
        data = one.unused_data
    return expanded


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16").removeprefix("\ufeff")
    return data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")


def _json_rows(text: str) -> int:
    class RepeatedError(Exception):
        """A key that is there twice."""

    def held(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise RepeatedError
        return dict(pairs)

    try:
        loaded = json.loads(text, object_pairs_hook=held)
    except RepeatedError:
        return -1
    return len(loaded["candles"] if isinstance(loaded, dict) else loaded)


def _lean_rows(data: bytes, remarks: str) -> int:
    rows = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if not re.search(r"(daily|hour|minute)/([a-z0-9]+/\d{8}|[a-z0-9]+)_trade\.zip$", info.filename):
                assert "left out" in remarks or info.is_dir(), f"{info.filename!r} is left out without a word"
                continue
            with zipfile.ZipFile(io.BytesIO(archive.read(info))) as inner:
                for member in inner.infolist():
                    rows += sum(
                        bool(line.strip().strip(b'"').strip()) for line in re.split(rb"[\r\n]+", inner.read(member))
                    )
    return rows


def _check_store(found: Sequence[CandleSeries | RecordSeries], store: CandleStore) -> None:
    keys = [(one.kind.name, one.exchange_name, one.symbol, one.time_frame) for one in found]
    for key, one in zip(keys, found, strict=True):
        if keys.count(key) > 1:
            continue  # two names of one market, which may contradict each other
        if isinstance(one, CandleSeries):
            _check_candles(one, store)
        else:
            _check_records(one, store)


def _check_candles(one: CandleSeries, store: CandleStore) -> None:
    assert store.import_series(one).added == len(one)
    assert store.load(one.exchange_name, one.symbol, one.time_frame).same_candles(one)
    assert store.import_series(one).added == 0
    store.remove(one.exchange_name, one.symbol, one.time_frame)


def _check_records(one: RecordSeries, store: CandleStore) -> None:
    try:
        imported = store.records.import_series(one)
    except DataError as error:
        # An order book whose numbers contradict each other, which is seen when it is put in order.
        if not isinstance(one, OrderBookSeries):
            raise
        _check_error(error)
        return
    assert imported.added + imported.already_stored == len(one)
    if not isinstance(one, OrderBookSeries):
        assert imported.added == len(one)
    loaded = store.records.load(type(one), one.exchange_name, one.symbol, one.time_frame)
    # Trades of one time are stored by their ids.
    assert len(loaded) == imported.added
    same = _ordered(loaded) == _ordered(one)
    assert imported.already_stored or same, f"other {one.kind.plural} than were stored"
    if isinstance(one, OrderBookSeries) and not imported.already_stored:
        assert loaded.replay(loaded.new_book()).messages == one.message_count
    again = store.records.import_series(one).added
    assert again == 0, f"{again} of {len(one)} {one.kind.plural} are added again"
    if not isinstance(one, MarkPriceSeries | TickerSeries | OrderBookSeries):
        assert loaded.quality.gaps == one.quality.gaps
    store.records.remove(one.kind, one.exchange_name, one.symbol, one.time_frame)


def _ordered(series: RecordSeries) -> list[bytes]:
    records = series.kind.records(series.columns)
    rows = [row.tobytes() for row in records]
    return sorted(rows) if isinstance(series, TradeSeries) else rows
