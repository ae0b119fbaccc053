# SPDX-License-Identifier: Apache-2.0
"""The candles of a run: not kept with it, but found again by the digest of their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from octobot.backtesting.data import store_path
from octobot.backtesting.synthetic import SYMBOLS, synthetic_symbol
from octobot.shipped import BTC_USDT_1H
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, EnvironmentFault
from octobot_trading.exchange_data.ohlcv.candle_frame import consists_of
from octobot_trading.history import CandleSeries, CandleStore, read_candles, resample
from octobot_trading.history.series_builder import columns_sha256

_QUALITY = ("rows_read", "duplicates", "incomplete", "derived_from")


def describe_candles(candles: Mapping[str, CandleSeries]) -> list[dict[str, Any]]:
    """What is needed to find these series again and to know them; ``numbers_sha256`` is over all six columns."""
    return [
        {
            "symbol": series.symbol,
            "exchange_name": series.exchange_name,
            "time_frame": series.time_frame.value,
            "source": series.source,
            "sha256": series.sha256,
            "numbers_sha256": _numbers_sha256(series),
            "candles": len(series),
            "first_time": float(series.open_times[0]),
            "end_time": float(series.close_times[-1]),
            **{name: getattr(series.quality, name) for name in _QUALITY},
            "remarks": list(series.quality.remarks),
        }
        for series in candles.values()
        if len(series)
    ]


def find_candles(described: Iterable[Mapping[str, Any]]) -> dict[str, CandleSeries]:
    """The very same candles: of the file that they came from, of the candle store, or the shipped ones.

    Raises:
        DataError: they are not there any more; says where they were looked for.
    """
    return {one["symbol"]: _find(one) for one in described}


def _find(wanted: Mapping[str, Any]) -> CandleSeries:
    looked = []
    for place, read in _places(wanted):
        try:
            series = read()
        except (DataError, EnvironmentFault) as error:
            looked.append(f"{place}: {error.message}")
            continue
        for one in series:
            found = _matching(one, wanted)
            if found is not None:
                return found
        looked.append(f"{place}: holds other candles")
    raise DataError(
        f"the {wanted['candles']:,} candles of {wanted['symbol']} {wanted['time_frame']} that this run replayed are"
        f" not there any more; {'; '.join(looked)}",
        remedy=f"put the file back that they came from, SHA-256 {wanted['sha256'][:16]}..., or import it",
    )


def _places(wanted: Mapping[str, Any]) -> Iterator[tuple[str, Callable[[], list[CandleSeries]]]]:
    source, symbol, store = Path(wanted["source"]), wanted["symbol"], store_path()
    stores = list(dict.fromkeys((source, store) if source.suffix == store.suffix else (store,)))
    if source not in stores:
        yield str(source), lambda: _of_file(source, symbol)
    for path in stores:
        yield str(path), lambda path=path: _of_store(path, symbol)  # type: ignore[misc]
    if symbol == "BTC/USDT" and source != BTC_USDT_1H:
        yield "the shipped candles", lambda: _of_file(BTC_USDT_1H, symbol)
    if symbol in SYMBOLS:
        yield "the synthetic candles", lambda: [synthetic_symbol(symbol)]


def _of_file(path: Path, symbol: str) -> list[CandleSeries]:
    if not path.exists():
        raise DataError("no such file", file=path)
    return read_candles(path, symbol=symbol)


def _of_store(path: Path, symbol: str) -> list[CandleSeries]:
    if not path.exists():
        raise DataError("no such file", file=path)
    with CandleStore(path) as store:
        entries = [one for one in store.catalogue() if one.symbol == symbol]
        return [store.load(one.exchange_name, symbol, one.time_frame) for one in entries]


def _matching(series: CandleSeries, wanted: Mapping[str, Any]) -> CandleSeries | None:
    time_frame = TimeFrames(wanted["time_frame"])
    if series.symbol != wanted["symbol"]:
        return None
    if series.time_frame is not time_frame:
        if not consists_of(time_frame, series.time_frame):
            return None
        series = resample(series, time_frame)
    part = series.slice(wanted["first_time"], wanted["end_time"])
    if len(part) != wanted["candles"] or _numbers_sha256(part) != wanted["numbers_sha256"]:
        return None
    known = {name: wanted[name] for name in _QUALITY}
    quality = replace(part.quality, **known, remarks=tuple(wanted["remarks"]))
    return replace(
        part,
        exchange_name=wanted["exchange_name"],
        source=wanted["source"],
        sha256=wanted["sha256"],
        quality=quality,
    )


def _numbers_sha256(series: CandleSeries) -> str:
    return columns_sha256(np.array(series.columns()))
