# SPDX-License-Identifier: Apache-2.0
"""Finds the candles that a backtest asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from octobot.shipped import BTC_USDT_1H
from octobot_commons.configuration import user_folder
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.symbols import parse_symbol
from octobot_commons.time_frame_manager import get_seconds, sort_time_frames
from octobot_trading.exchange_data.ohlcv.candle_frame import consists_of
from octobot_trading.history import (
    UNKNOWN_EXCHANGE,
    CandleSeries,
    CandleStore,
    FundingSeries,
    read_candles,
    read_market_data,
    resample,
)
from octobot_trading.history.kinds import FUNDING
from octobot_trading.history.store import StoredSeries

#: Files that say nothing of their exchange, and the shipped series, are taken for this one's.
DEFAULT_EXCHANGE = "binance"


def store_path() -> Path:
    """The file that holds imported candles."""
    return user_folder() / "candles.sqlite"


@dataclass(frozen=True, slots=True)
class GivenData:
    """What the files of a request hold."""

    candles: list[CandleSeries]
    funding: list[FundingSeries]


def read_files(files: Iterable[Path], symbols: Sequence[str] = (), *, compares_exchanges: bool = False) -> GivenData:
    """Every series of these files. The only one of ``symbols`` names a file that does not tell its own, and where it is
    a contract, also one whose name alone tells the pair.

    ``compares_exchanges``: the same series of several exchanges are several.

    Raises:
        DataError: a file cannot be used, or two of them hold the same series.
    """
    found: dict[tuple[str, str, TimeFrames], CandleSeries] = {}
    funding: list[FundingSeries] = []
    for file in files:
        for series in _read(file, symbols[0] if len(symbols) == 1 else None):
            if isinstance(series, FundingSeries):
                funding.append(series)
                continue
            key = (series.exchange_name if compares_exchanges else "", series.symbol, series.time_frame)
            if key in found:
                raise DataError(
                    f"{series.symbol} {series.time_frame.value} is in {found[key].source} too",
                    file=series.source,
                    remedy="give one file per symbol and time frame, or import both with `octobot data import`",
                )
            found[key] = series
    return GivenData(list(found.values()), funding)


def _read(file: Path, name: str | None) -> Sequence[CandleSeries | FundingSeries]:
    if name is not None and not parse_symbol(name).is_spot():
        named = read_market_data(file, symbol=name)
        funding = [one for one in named if isinstance(one, FundingSeries)]
        return funding or read_candles(file, symbol=name)
    try:
        return read_candles(file)
    except DataError as error:
        if error.field != "symbol" or name is None:
            raise
        return read_candles(file, symbol=name)


def find_funding(symbol: str, exchange_name: str) -> FundingSeries | None:
    """The stored funding rates of a contract, None where there are none."""
    path = store_path()
    if not path.exists():
        return None
    with CandleStore(path) as store:
        for origin in (exchange_name, UNKNOWN_EXCHANGE):
            names = [(one.kind, one.exchange_name, one.symbol) for one in store.records.catalogue()]
            if (FUNDING.name, origin, symbol) in names:
                return store.records.load(FundingSeries, origin, symbol)
    return None


def find_stored(symbol: str, exchange_name: str) -> list[CandleSeries]:
    """Every stored series of a symbol; the shipped one where nothing is stored.

    Derived ones are left out where a recorded one covers the same time: it may have grown since.

    Raises:
        DataError: there is none; names what there is.
    """
    known = {"BTC/USDT"}
    path = store_path()
    if path.exists():
        with CandleStore(path) as store:
            catalogue = store.catalogue()
            known.update(entry.symbol for entry in catalogue)
            # Candles that do not say where they come from serve where the exchange's own are not stored.
            for origin in (exchange_name, UNKNOWN_EXCHANGE):
                entries = [one for one in catalogue if (one.exchange_name, one.symbol) == (origin, symbol)]
                found = [store.load(origin, symbol, entry.time_frame) for entry in _needed(entries)]
                if found:
                    break
        if found:
            return found
    if symbol == "BTC/USDT" and exchange_name == DEFAULT_EXCHANGE:
        return read_candles(BTC_USDT_1H, symbol=symbol, exchange_name=DEFAULT_EXCHANGE)
    raise DataError(
        f"there are no candles of {symbol} on {exchange_name}",
        field="--symbol",
        remedy=f"there are candles of {', '.join(sorted(known))}; import others with `octobot data import FILE`, "
        "or give --data FILE",
    )


def _needed(entries: Sequence[StoredSeries]) -> list[StoredSeries]:
    recorded = [one for one in entries if not one.is_derived]
    return [one for one in entries if not one.is_derived or not any(_covers(each, one) for each in recorded)]


def _covers(recorded: StoredSeries, derived: StoredSeries) -> bool:
    """Whether the one gives the other anew, no shorter than it is stored."""
    is_as_long = recorded.first_time <= derived.first_time and derived.last_time <= recorded.last_time
    return is_as_long and consists_of(derived.time_frame, recorded.time_frame)


def on_time_frames(
    available: Sequence[CandleSeries], time_frames: Sequence[TimeFrames], end_time: float | None
) -> list[CandleSeries]:
    """One symbol's series on each time frame, recorded where there is such a recording, else derived from the longest
    shorter recording that divides it.

    Raises:
        DataError: a time frame can be neither found nor derived.
    """
    recorded = {one.time_frame: _known_until(one, end_time) for one in available}
    return [
        recorded[frame] if frame in recorded else _derived(list(recorded.values()), frame)
        for frame in sort_time_frames(time_frames)
    ]


def shortest_of(available: Sequence[CandleSeries], time_frames: Sequence[TimeFrames]) -> list[TimeFrames]:
    """The shortest time frame that one symbol is recorded on, shorter than all of ``time_frames``.

    Raises:
        DataError: there is no shorter one.
    """
    shortest = min((one.time_frame for one in available), key=get_seconds)
    if get_seconds(shortest) < min(get_seconds(frame) for frame in time_frames):
        return [shortest]
    first = available[0]
    raise DataError(
        f"{first.symbol} is recorded on no time frame shorter than {shortest.value}, which its orders are matched"
        " against already",
        file=first.source,
        field="--fill-rule",
        remedy="import shorter candles with `octobot data import FILE`, or choose another rule, such as band",
    )


def _derived(recorded: list[CandleSeries], time_frame: TimeFrames) -> CandleSeries:
    whole = [one for one in recorded if consists_of(time_frame, one.time_frame)]
    if not whole:
        first = recorded[0]
        held = ", ".join(one.time_frame.value for one in recorded)
        raise DataError(
            f"{first.symbol} is recorded on {held}, from which {time_frame.value} cannot be derived",
            file=first.source,
            remedy=f"give a file with candles of {time_frame.value} or shorter, or choose another --time-frame",
        )
    return resample(max(whole, key=lambda one: get_seconds(one.time_frame)), time_frame)


def _known_until(series: CandleSeries, end_time: float | None) -> CandleSeries:
    if end_time is None:
        return series
    count = int(np.searchsorted(series.close_times, end_time, side="right"))
    return series if count == len(series) else series.slice(None, float(series.open_times[count]))
