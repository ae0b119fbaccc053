# SPDX-License-Identifier: Apache-2.0
"""Read files of recorded market data."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, TimeFrameError, did_you_mean
from octobot_commons.time_frame_manager import parse_time_frame
from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.readers import READERS, RECORD_READERS, parquet
from octobot_trading.history.readers.content import Content, load_content
from octobot_trading.history.record_builder import build_records
from octobot_trading.history.records import RecordSeries
from octobot_trading.history.series_builder import build_series
from octobot_trading.history.session_recordings import is_session
from octobot_trading.history.sessions import read_sessions


def read_candles(
    path: str | PathLike[str],
    *,
    symbol: str | None = None,
    time_frame: TimeFrames | str | None = None,
    exchange_name: str | None = None,
) -> list[CandleSeries]:
    """The series of candles in a file, at least one, in the file's order.

    Read are CSV with a header, Coinbase's JSON, OctoBot 2 backtesting files (``.data``) and Lean's zips, each also
    compressed with gzip or xz and as UTF-16; the layout is told from the content, never from the ending.

    Args:
        path: the file.
        symbol: of files that hold several series, the one to read; otherwise the name of the series, where the
            file's name does not tell it.
        time_frame: likewise; the time frame of a CSV is otherwise the most frequent difference of its times.
        exchange_name: of files that hold several exchanges, the one to read; otherwise the name of the exchange.

    Raises:
        DataError: the file cannot be used; names the file, the row where there is one, and the remedy.
    """
    return _read_candles(load_content(path), symbol, time_frame, exchange_name)


def read_market_data(
    path: str | PathLike[str], *, symbol: str | None = None, exchange_name: str | None = None
) -> list[CandleSeries | RecordSeries]:
    """The series in a file, told from its content: candles, trades, funding rates, mark prices, or a recorded session.

    Trades are read from Freqtrade's JSON and from CSV with or without a header, funding rates from CSV with a column
    ``funding_rate``, mark prices from CSV with prices, no volume and ``mark`` in the file's name; candles as
    ``read_candles`` does. Recorded sessions and archives of order books are those of ``readers/venues``; they also hold
    tickers. Every kind is read from what ``export_series`` wrote. ``symbol`` and ``exchange_name`` are those of
    ``read_candles``.

    Raises:
        DataError: the file cannot be used; names the file, the row where there is one, and the remedy.
        EnvironmentFault: it is a Parquet file and pyarrow is not installed.
    """
    return _read_content(load_content(path), symbol, exchange_name)


def read_market_files(
    paths: Sequence[str | PathLike[str]], *, symbol: str | None = None, exchange_name: str | None = None
) -> list[CandleSeries | RecordSeries]:
    """The series of several files; of recorded sessions those of one venue are read together by time.

    A session lies in several files (cryptofeed keeps what it requested, the instruments and each socket apart), of
    which one alone may hold no snapshot, or not tell the symbols. ``symbol`` and ``exchange_name`` are those of
    ``read_market_data``.

    Raises:
        DataError: a file cannot be used; names the file, the row where there is one, and the remedy.
    """
    found: list[CandleSeries | RecordSeries] = []
    sessions: list[Content] = []
    for path in paths:
        content = load_content(path)
        if is_session(content):
            sessions.append(content)
        else:
            found += _read_content(content, symbol, exchange_name)
    if sessions:
        found += read_sessions(sessions, symbol=symbol, exchange_name=exchange_name)
    return found


def _read_content(content: Content, symbol: str | None, exchange_name: str | None) -> list[CandleSeries | RecordSeries]:
    if is_session(content):
        return [*read_sessions([content], symbol=symbol, exchange_name=exchange_name)]
    if parquet.matches(content):
        return [parquet.read(content, symbol, exchange_name)]
    reader = next((reader for reader in RECORD_READERS if reader.matches(content)), None)
    if reader is None:
        return list(_read_candles(content, symbol, None, exchange_name))
    raw = reader.read(content)
    return [build_records(raw, sha256=content.sha256, symbol=symbol, exchange_name=exchange_name)]


def _read_candles(
    content: Content, symbol: str | None, time_frame: TimeFrames | str | None, exchange_name: str | None
) -> list[CandleSeries]:
    wanted = None if time_frame is None else _parse_wanted(time_frame, content.name)
    reader = next(reader for reader in READERS if reader.matches(content))
    found = _select(reader.read(content), content.name, symbol, wanted, exchange_name)
    return [
        build_series(
            raw,
            source=content.name,
            sha256=content.sha256,
            symbol=symbol,
            time_frame=wanted,
            exchange_name=exchange_name,
        )
        for raw in found
    ]


def _parse_wanted(time_frame: str, file: str) -> TimeFrames:
    try:
        return parse_time_frame(time_frame)
    except TimeFrameError as error:
        raise DataError(error.message, file=file, field="time_frame", remedy=error.remedy) from error


def _select(
    found: list[RawCandles], file: str, symbol: str | None, time_frame: TimeFrames | None, exchange_name: str | None
) -> list[RawCandles]:
    """Series that do not say what they are pass; the caller names them."""
    if len({raw.exchange_name for raw in found}) > 1:
        found = _matching(found, "exchange_name", exchange_name, file)
    found = _matching(found, "symbol", symbol, file)
    return _matching(found, "time_frame", time_frame, file)


def _matching(found: list[RawCandles], field: str, wanted: str | None, file: str) -> list[RawCandles]:
    if wanted is None:
        return found
    matching = [raw for raw in found if getattr(raw, field) in (None, wanted)]
    if not matching:
        held = list(dict.fromkeys(str(getattr(raw, field)) for raw in found))
        hint = f"it holds {', '.join(held)}"
        raise DataError(f"it holds no {wanted}", file=file, field=field, remedy=did_you_mean(wanted, held, hint))
    return matching
