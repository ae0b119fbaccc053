# SPDX-License-Identifier: Apache-2.0
"""Damage to files: of their bytes, lines, numbers, JSON, text encoding, compression, archives, databases and tables."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from random import Random
from typing import Any, TypeAlias

Mutation: TypeAlias = Callable[[Random, bytes], bytes]

#: Cells and values that a number may be replaced by.
ODD_TEXTS = (
    *("", " ", "nan", "inf", "-inf", "1e308", "-1e308", "1e400", "-1", "0", "-0", "1e-400", "5e-324", "+1", " 1", "1 "),
    *("1_000", "1,5", "0x10", "0x1p3", "٣", "9" * 25, "9" * 400, "9" * 5000, "1" * 9000 + "x", ".", "1.", ".5"),
    *("true", "null", "None", "[]", "{}", "abc", "9223372036854775807", "9223372036854775808", "18446744073709551616"),
    *(
        "-9223372036854775809",
        "1.7976931348623157e308",
        "9999999999999",
        "253402300800",
        "-62135596801",
        "1e18",
        "b'1'",
    ),
    *("2023-02-30", "9999-12-31 23:59:59", "0001-01-01", "2023-01-01T00:00:00+23:59", '"', '""', "'", "x" * 140_000),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, -1e308, 1e-320),
    *(float("nan"), float("inf"), "", "nan", "inf", "1e400", "1_000", "٣", "x", "BTC/USDT", "9" * 5000, "12", "\ud800"),
    *([], {}, [[]], [1, 2], ["1", "2"], [["1", "2"]], {"a": 1}, {"12": 1}, [None, None], [[1, True]], "buy", "Sell"),
)
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")


def flip(random: Random, data: bytes) -> bytes:
    """One byte is another."""
    place = random.randrange(len(data) + 1)
    return data[:place] + bytes([random.randrange(256)]) + data[place + 1 :]


def cut_out(random: Random, data: bytes) -> bytes:
    """Some bytes are lost."""
    place = random.randrange(len(data) + 1)
    return data[:place] + data[place + random.choice((1, 2, 8, 100)) :]


def put_in(random: Random, data: bytes) -> bytes:
    """Some bytes too many."""
    place = random.randrange(len(data) + 1)
    odd = (b"\0", b"\n", b"\r", b"\r\n", b'"', b",", b"\xef\xbb\xbf", b"\xff", b"\xc3", b"[", b"{", b"\x1a", b"b'")
    return data[:place] + random.choice((*odd, random.randbytes(random.randrange(9)))) + data[place:]


def truncate(random: Random, data: bytes) -> bytes:
    """The end is missing."""
    return data[: random.randrange(len(data) + 1)]


def repeat(random: Random, data: bytes) -> bytes:
    """A part is there twice."""
    first, last = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:last] + data[first:]


def change_lines(random: Random, data: bytes) -> bytes:
    """Lines are doubled, dropped, swapped, joined, emptied or end otherwise."""
    ending = b"\r\n" if b"\r\n" in data else b"\n"
    lines = data.split(ending)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(8):
        case 0:
            lines.insert(one, lines[one])
        case 1:
            del lines[one]
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            lines[one : one + 2] = [b"".join(lines[one : one + 2])]
        case 4:
            lines.insert(one, random.choice((b"", b" ", b",", b'""', b"#", b"\t", lines[0])))
        case 5:
            return random.choice((b"\r\n", b"\r", b"\n\n", b"\n\r")).join(lines)
        case 6:
            lines = lines[:1] + random.sample(lines[1:], len(lines) - 1)
        case _:
            lines[one : one + random.randrange(4)] = lines[other : other + 3]
    return ending.join(lines)


def change_cells(random: Random, data: bytes) -> bytes:
    """Cells of a line are doubled, dropped, swapped, quoted or odd."""
    lines = data.split(b"\n")
    row = random.randrange(len(lines))
    cells = lines[row].split(b",")
    one, other = random.randrange(len(cells)), random.randrange(len(cells))
    match random.randrange(5):
        case 0:
            cells.insert(one, cells[other])
        case 1:
            del cells[one]
        case 2:
            cells[one], cells[other] = cells[other], cells[one]
        case 3:
            cells[one] = random.choice((b'"%b"', b'"%b', b'%b"', b'"%b\n"', b"'%b'", b" %b\t")) % cells[one]
        case _:
            cells[one] = random.choice(ODD_TEXTS).encode()
    lines[row] = b",".join(cells)
    return b"\n".join(lines)


def change_number(random: Random, data: bytes) -> bytes:
    """A number is an odd one, or in another unit."""
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    match = random.choice(found)
    if random.random() < 0.4:
        new = random.choice((b"%b000", b"%b000000000", b"-%b", b"%b.5", b"0%b", b"%be3", b"%b0")) % match[0]
    else:
        new = random.choice(ODD_TEXTS).encode()
    return data[: match.start()] + new + data[match.end() :]


def change_unit(random: Random, data: bytes) -> bytes:
    """All times are in another unit."""
    zeros = b"0" * random.choice((3, 6, 9))
    return re.sub(rb"\b1[67]\d{8}\b", lambda match: match[0] + zeros, data)


def change_json(random: Random, data: bytes) -> bytes:
    """A value in one of the lines of JSON is an odd one, missing, doubled or deeply nested."""
    lines = data.split(b"\n")
    for row in random.sample(range(len(lines)), len(lines)):
        start = min((place for place in map(lines[row].find, (b"{", b"[")) if place >= 0), default=-1)
        try:
            message = json.loads(lines[row][start:]) if start >= 0 else None
        except (ValueError, RecursionError):
            continue
        if isinstance(message, dict | list) and message:
            lines[row] = lines[row][:start] + _changed_json(random, message)
            return b"\n".join(lines)
    return change_number(random, data)


def _changed_json(random: Random, message: Any) -> bytes:
    parents = list(_containers(message))
    parent = random.choice(parents)
    key = random.choice(list(parent) if isinstance(parent, dict) else range(len(parent)))
    action = random.randrange(10)
    if action == 0:
        del parent[key]
    elif action == 1 and isinstance(parent, list):
        parent.insert(key, parent[random.randrange(len(parent))])
    elif action == 2:
        parent[key] = "\x02"
        deep = random.choice(("[", '{"a":')) * random.choice((900, 990, 3000, 100_000))
        return json.dumps(message).replace('"\\u0002"', deep + random.choice(("", "]" * 900))).encode()
    elif action == 3 and isinstance(parent, dict):
        doubled = f'{{"{key}":{json.dumps(random.choice((parent[key], [], 1, None)))},'
        inner = json.dumps(parent)
        return json.dumps(message).replace(inner, doubled + inner[1:], 1).encode()
    elif action == 4:
        parent[key] = random.choice([one for held in parents for one in _values(held)])
        if _is_circular(message):
            parent[key] = None
    elif action == 5:
        return json.dumps(random.choice(ODD_VALUES)).encode()
    else:
        parent[key] = random.choice(ODD_VALUES)
    return json.dumps(message, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass")


def _containers(value: Any) -> Any:
    if isinstance(value, dict | list) and value:
        yield value
        for one in _values(value):
            yield from _containers(one)


def _values(held: Any) -> list[Any]:
    return list(held.values() if isinstance(held, dict) else held)


def _is_circular(message: Any) -> bool:
    try:
        json.dumps(message)
    except (ValueError, RecursionError):
        return True
    return False


def change_encoding(random: Random, data: bytes) -> bytes:
    """The text in another encoding, or with a mark before it."""
    name = random.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "cp037", "utf-7"))
    return data.decode("latin-1").encode(name)


def compress(random: Random, data: bytes) -> bytes:
    """Compressed, whole or in several parts, perhaps with some bytes after it."""
    place = random.randrange(len(data) + 1)
    pack = random.choice((gzip.compress, lzma.compress))
    parts = random.choice(([data], [data[:place], data[place:]]))
    return b"".join(map(pack, parts)) + random.choice((b"", b"", b"\0" * 8, b"x", b"\n"))


def change_member(random: Random, data: bytes) -> bytes:
    """A file in an archive, or in one inside it, is damaged, doubled, renamed or gone."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # noqa: BLE001 - what is no archive any more is damaged as bytes
        return flip(random, data)
    place = random.randrange(len(files) + 1) - 1
    if files:
        name, inner = files[place]
        change = random.choice((change_member if inner[:2] == b"PK" else change_cells, flip, truncate, change_lines))
        files[place] = (name, change(random, inner))
        if random.random() < 0.3:
            odd = (name, name.upper(), name + "x", "", "/", "../x", name.replace("btc", "xyz"), "x/" + name, "x.csv")
            files.append((random.choice(odd), inner))
        if random.random() < 0.1:
            del files[place]
    target = io.BytesIO()
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)
    with zipfile.ZipFile(target, "w", random.choice(methods)) as archive:
        for name, held in files:
            info = zipfile.ZipInfo(name or "x")
            info.compress_type = archive.compression
            archive._didModify = True
            archive.NameToInfo.pop(info.filename, None)  # two files of one name are what is wanted
            archive.writestr(info, held)
    return target.getvalue()


def change_database(random: Random, data: bytes) -> bytes:
    """A row of a database is odd, doubled or gone, or one of its pages is damaged."""
    if random.random() < 0.5:
        return random.choice((flip, cut_out, truncate, _change_page))(random, data)
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.deserialize(data)
            _change_row(random, connection)
            connection.commit()
            return connection.serialize()
        except (sqlite3.Error, OverflowError, TypeError, ValueError):  # nothing is left to change
            return flip(random, data)


def _change_row(random: Random, connection: sqlite3.Connection) -> None:
    (row,) = connection.execute("SELECT rowid FROM ohlcv ORDER BY random() LIMIT 1").fetchone()
    (text,) = connection.execute("SELECT candle FROM ohlcv WHERE rowid = ?", (row,)).fetchone()
    match random.randrange(6):
        case 0:
            connection.execute("DELETE FROM ohlcv WHERE rowid = ?", (row,))
        case 1:
            connection.execute("INSERT INTO ohlcv SELECT * FROM ohlcv WHERE rowid = ?", (row,))
        case 2:
            column = random.choice(("timestamp", "exchange_name", "symbol", "time_frame"))
            odd = random.choice((None, 0, -1, 2**62, 1.5, 1e308, "", "x", b"\0", "BTC/USDT", "1h", "1M", "7m"))
            connection.execute(f"UPDATE ohlcv SET {column} = ? WHERE rowid = ?", (odd, row))
        case 3:
            connection.execute("CREATE TABLE description (timestamp)")
            connection.execute("INSERT INTO description VALUES (?)", (random.choice((1700000500, None, "x", 1e300)),))
        case 4:
            candle = _changed_json(random, json.loads(text)).decode(errors="replace")
            connection.execute("UPDATE ohlcv SET candle = ? WHERE rowid = ?", (candle, row))
        case _:
            candle = random.choice(("[1,2", "3]", f"{text},{text}", "", "[[[", '"' + text, text + "]", "null"))
            connection.execute("UPDATE ohlcv SET candle = ? WHERE rowid = ?", (candle, row))


def _change_page(random: Random, data: bytes) -> bytes:
    page = 4096 * random.randrange(1, max(2, len(data) // 4096))
    place = page + random.randrange(12)
    return data[:place] + bytes([random.choice((0, 1, 2, 5, 10, 13, 255))]) + data[place + 1 :]


def change_table(random: Random, data: bytes) -> bytes:
    """A column of a Parquet file has other numbers, another type, holes, another name or is gone."""
    import pyarrow  # noqa: ICN001
    import pyarrow.parquet

    if random.random() < 0.5:
        return random.choice((flip, cut_out, truncate))(random, data)
    try:
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(data))
        place = random.randrange(table.num_columns)
        name, values = table.column_names[place], table.column(place).to_pylist()
        kinds = (pyarrow.string(), pyarrow.float64(), pyarrow.int64(), pyarrow.bool_(), pyarrow.float16(), None)
        row = random.randrange(len(values))
        values = table.column(place).cast(pyarrow.int64() if place == 0 else table.schema.types[place]).to_pylist()
        values[row] = random.choice((None, 0, -1, 2**62, values[row - 1]))
        column = pyarrow.array(values).cast(random.choice(kinds) or table.schema.types[place], safe=False)
        changed = table.set_column(place, random.choice((name, name, "x")), column)
        changed = random.choice(
            (changed, changed, changed.drop_columns([name]) if name in changed.column_names else table)
        )
        if random.random() < 0.3:
            told = dict(changed.schema.metadata or {})
            told[random.choice(list(told) or [b"x"])] = random.choice(
                (b"", b"\xff", b"x", b"trades", b"candles", b"1M")
            )
            changed = changed.replace_schema_metadata(told)
        target = io.BytesIO()
        pyarrow.parquet.write_table(changed, target)
        return target.getvalue()
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, IndexError, OverflowError):
        return flip(random, data)


_ANY: tuple[Mutation, ...] = (flip, cut_out, put_in, truncate, repeat)
_TEXT: tuple[Mutation, ...] = (
    *_ANY,
    change_lines,
    change_lines,
    change_number,
    change_number,
    change_encoding,
    compress,
)
MUTATIONS: dict[str, tuple[Mutation, ...]] = {
    **dict.fromkeys(
        ("csv", "bare csv", "depth", "top"), (*_TEXT, change_cells, change_cells, change_cells, change_unit)
    ),
    "json": (*_TEXT, change_json, change_json, change_json, change_json),
    "session": (*_TEXT, *[change_json] * 12),
    **dict.fromkeys(("lean", "archive"), (*_ANY, *[change_member] * 8)),
    "data": (*_ANY, *[change_database] * 8),
    "parquet": (*_ANY, *[change_table] * 8),
}


def damaged(random: Random, layout: str, data: bytes) -> bytes:
    """One to three mutations that fit the layout."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        data = random.choice(MUTATIONS[layout])(random, data)
    return data
