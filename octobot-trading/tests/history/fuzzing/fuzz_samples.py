# SPDX-License-Identifier: Apache-2.0
"""Small files of every layout that is read: made up here, and cut from recorded files where those are at hand."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from fuzz_sessions import SESSIONS, cut_session

from octobot_trading.history import OrderBookSeries, TickerSeries, export_series, read_market_data, series_from_arrays

START = 1_700_000_040
HOURS = 24


@dataclass(frozen=True, slots=True)
class Sample:
    """A file that is read without an error; ``layout`` is what its rows are counted by."""

    name: str
    layout: str
    file: str
    data: bytes


def made_up(folder: Path) -> Iterator[Sample]:
    """A sample of each layout, from numbers made here."""
    rows = [(START + 60 * i, 10 + i % 7, 19.5, 9.25 - i % 3, 11.5, i * 0.25) for i in range(HOURS)]
    lines = [",".join(map(str, row)) for row in rows]
    header = "timestamp,open,high,low,close,volume"
    plain = "\n".join([header, *lines, ""])
    yield Sample("candle csv", "csv", "BTC_USDT-1m.csv", plain.encode())
    dated = [f"2023-11-{1 + i // 24:02} {i % 24:02}:00:00,{line.partition(',')[2]},x" for i, line in enumerate(lines)]
    text = "\r\n".join(["Date,Open,High,Low,Close,Volume,note", *dated])
    yield Sample("candle csv, dates", "csv", "BTC_USDT-1h.csv", text.encode())
    quoted = [",".join(f'"{cell}"' for cell in line.split(",")) for line in lines]
    yield Sample("candle csv, quoted", "csv", "BTC_USDT-1m.csv", "\n".join([header, *quoted]).encode())
    yield Sample("candle csv, gz", "csv", "BTC_USDT-1m.csv.gz", gzip.compress(plain.encode(), mtime=0))
    yield Sample("candle csv, xz", "csv", "BTC_USDT-1m.csv.xz", lzma.compress(plain.encode()))
    yield Sample("candle csv, utf-16", "csv", "BTC_USDT-1m.csv", plain.encode("utf-16"))
    names = ("start", "open", "high", "low", "close", "volume")
    candles = [dict(zip(names, map(str, row), strict=True)) for row in rows]
    yield Sample("coinbase json", "json", "BTC-USD.json", json.dumps({"candles": candles}).encode())
    yield Sample("octobot data", "data", "x.data", octobot_file(folder / "sample.data", rows))
    yield Sample("lean zip", "lean", "lean.zip", lean_zip())
    yield from _records()
    yield from _exported(folder, rows)
    yield from _archives()
    for name, text in SESSIONS.items():
        yield Sample(f"session {name}", "session", "session.txt", text.encode())


def recorded(folder: Path) -> Iterator[Sample]:
    """Samples cut from the recordings in ``folder``."""
    for name, layout, lines, file in _RECORDED:
        data = _load(folder / file).split(b"\n")[:lines]
        yield Sample(f"recorded {name}", layout, Path(file).name.removesuffix(".xz"), b"\n".join(data) + b"\n")
    trades = json.loads(_load(folder / "trades/freqtrade/XRP_ETH-trades.json.gz"))[:30]
    yield Sample("recorded trade json", "json", "XRP_ETH-trades.json", json.dumps(trades).encode())
    # Recorders keep the sockets of a session in files with numbers.
    for path in sorted((folder / "orderbook/cryptofeed").glob("*.[wh]*.xz")):
        yield Sample(f"recorded {path.name}", "session", path.name[:-3], cut_session(_load(path).decode()).encode())
    for path in sorted((folder / "orderbook/hftbacktest").glob("*.gz")):
        with gzip.open(path) as file:
            text = file.read(1 << 21).rpartition(b"\n")[0].decode()
        yield Sample(f"recorded {path.name}", "session", path.name[:-3], cut_session(text).encode())
    for path in sorted((folder / "orderbook/nautilus").glob("*.zip")):
        yield Sample(f"recorded {path.name}", "archive", path.name, _cut_zip(path))
    top = _load(folder / "orderbook/ccapi/gemini_eth-usd_2021-07-01_top-of-book.csv.xz").split(b"\n")[:30]
    yield Sample("recorded top csv", "top", "gemini_eth-usd_top-of-book.csv", b"\n".join(top))


_RECORDED = (
    ("candle csv", "csv", 25, "ohlcv/binance-spot/BTC_USDT-1h_2023.csv.xz"),
    ("candle csv, basana", "csv", 25, "ohlcv/basana/bitstamp_btcusd_day_2015.csv.xz"),
    ("candle csv, pandas", "csv", 25, "ohlcv/backtesting.py/EURUSD.csv.xz"),
    ("funding csv", "csv", 25, "ohlcv/binance-usdm/BTC_USDT-8h-funding_2025.csv.xz"),
    ("mark csv", "csv", 25, "ohlcv/binance-usdm/BTC_USDT-8h-mark_2023-2024.csv.xz"),
    ("trade csv, kraken", "bare csv", 25, "trades/freqtrade/kraken_BCHEUR.csv.xz"),
)


def octobot_file(path: Path, rows: list[tuple[float, ...]]) -> bytes:
    """A backtesting file of OctoBot 2 with two series."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE ohlcv (timestamp, exchange_name, symbol, time_frame, candle)")
        connection.execute("CREATE INDEX by_time ON ohlcv (timestamp, exchange_name)")
        for symbol in ("BTC/USDT", "ETH/USDT"):
            told = [(row[0] + 60, "binance", symbol, "1m", json.dumps(row)) for row in rows]
            connection.executemany("INSERT INTO ohlcv VALUES (?, ?, ?, ?, ?)", told)
        connection.commit()
    return path.read_bytes()


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def lean_zip() -> bytes:
    """Two days of minutes, one of quotes and a daily file."""
    minutes = "".join(f"{60000 * i},10,12,9,11,5\n" for i in range(12)).encode()
    days = "".join(f"201804{i:02} 00:00,10,12,9,11,5\n" for i in range(4, 16)).encode()
    folder = "crypto/coinbase"
    return zipped(
        {
            f"{folder}/minute/btcusd/20180404_trade.zip": zipped({"20180404_btcusd.csv": minutes}),
            f"{folder}/minute/btcusd/20180405_trade.zip": zipped({"20180405_btcusd.csv": minutes}),
            f"{folder}/minute/btcusd/20180404_quote.zip": zipped({"20180404_btcusd.csv": minutes}),
            f"{folder}/daily/btcusd_trade.zip": zipped({"btcusd.csv": days}),
        }
    )


def _records() -> Iterator[Sample]:
    sides = ("buy", "sell")
    trades = [(START + i, 100.5 + i, 0.25 * (i + 1), sides[i % 2], 7 + i) for i in range(24)]
    lines = "\n".join(",".join(map(str, trade)) for trade in trades)
    header = "time,price,amount,side,id"
    yield Sample("trade csv", "csv", "BTC_USDT-trades.csv", f"{header}\n{lines}\n".encode())
    bare = "\n".join(",".join(map(str, trade[:3])) for trade in trades)
    yield Sample("trade csv, no header", "bare csv", "BTC_USDT-trades.csv", bare.encode())
    told = [[1000 * time, str(number), None, side, price, amount, 1.0] for time, price, amount, side, number in trades]
    yield Sample("trade json", "json", "BTC_USDT-trades.json", json.dumps(told).encode())
    rates = "\n".join(f"{(START - 840 + 28800 * i) * 1000 + i},0.000{i}" for i in range(24))
    yield Sample("funding csv", "csv", "BTC_USDT-funding.csv", f"timestamp,funding_rate\n{rates}\n".encode())
    marks = "\n".join(f"{START + 60 * i},10,12,9,11" for i in range(24))
    yield Sample("mark csv", "csv", "BTC_USDT-1m-mark.csv", f"timestamp,open,high,low,close\n{marks}\n".encode())


def _exported(folder: Path, rows: list[tuple[float, ...]]) -> Iterator[Sample]:
    """What this program wrote itself."""
    candles = series_from_arrays(*zip(*rows, strict=True), symbol="BTC/USDT", time_frame="1m")
    session = folder / "session.txt"
    session.write_text(SESSIONS["coinbase"])
    found = read_market_data(session)
    wanted = [candles, *(one for one in found if isinstance(one, OrderBookSeries | TickerSeries))]
    for one in wanted:
        for ending, layout in (("csv", "csv"), ("parquet", "parquet")):
            path = folder / f"BTC_USDT-{one.kind.name}.{ending}"
            export_series([one], path, overwrite=True)
            yield Sample(f"own {ending}, {one.kind.name}", layout, path.name, path.read_bytes())


def _archives() -> Iterator[Sample]:
    sides = {"b": [["0.5", "10"], ["0.4", "3"]], "a": [["0.6", "2"]]}
    messages = [
        {
            "topic": "orderbook.500.XRPUSDT",
            "type": "delta" if i else "snapshot",
            "ts": (START + i) * 1000,
            "data": {"s": "XRPUSDT", **sides, "u": 5 + i, "seq": 9 + i},
            "cts": START * 1000,
        }
        for i in range(16)
    ]
    lines = "\n".join(json.dumps(message, separators=(",", ":")) for message in messages)
    yield Sample("book json lines", "session", "2024-12-01_XRPUSDT_ob500.data", lines.encode())
    archive = zipped({"2024-12-01_XRPUSDT_ob500.data": lines.encode()})
    yield Sample("book json lines, zip", "archive", "2024-12-01_XRPUSDT_ob500.data.zip", archive)
    depth = io.StringIO()
    writer = csv.writer(depth, lineterminator="\n")
    columns = "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu"
    writer.writerow(columns.split(","))
    for i in range(24):
        kind, number = ("snap", 5) if i < 4 else ("set", 6 + i // 4)
        cells = ("BTCUSDT", (START + number) * 1000, number, number, "ba"[i % 2], kind, 10 + i % 2, 1.5, number - 1)
        writer.writerow(cells)
    yield Sample("book depth csv", "depth", "btcusdt-depth.csv", depth.getvalue().encode())
    top = [f"{START + i},10.5_{i + 1}|10.25_2,{11 + i}_0.5" for i in range(20)]
    text = "\n".join(["time_seconds,bid_price_bid_size,ask_price_ask_size", *top])
    yield Sample("book top csv", "top", "gemini_eth-usd_top-of-book.csv", text.encode())


def _load(path: Path) -> bytes:
    opened: Callable[[Path], bytes] = {".xz": _xz, ".gz": _gz}[path.suffix]
    return opened(path)


def _xz(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes())


def _gz(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def _cut_zip(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    return zipped({name: _cut_member(name, data) for name, data in held.items()})


def _cut_member(name: str, data: bytes) -> bytes:
    return cut_session(data.decode()).encode() if name.endswith(".data") else b"\n".join(data.split(b"\n")[:25])
