# SPDX-License-Identifier: Apache-2.0
"""Recorded data as tables of pandas, polars and Arrow.

The columns are those of the kind (``kinds.py``), under the same names. The first one, the time, is a UTC timestamp in
nanoseconds, from which ``seconds_of`` gives back the very float64 it was made of; the others are the series' own
numbers, float64 or int64. All but the time share the memory of the series and are read-only: copy a table to change
it. None of the libraries is needed for anything else, so each is imported when it is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from octobot_commons.errors import EnvironmentFault
from octobot_trading.util import FloatArray

if TYPE_CHECKING:
    from octobot_trading.history.candle_series import CandleSeries
    from octobot_trading.history.records import RecordSeries

_NANOSECONDS, _MICROSECONDS = 1_000_000_000, 1_000_000


def to_arrow(names: Sequence[str], columns: Sequence[NDArray[Any]], metadata: dict[str, str]) -> Any:
    """A ``pyarrow.Table``; its columns share memory with ``columns``, but for the time.

    Raises:
        EnvironmentFault: pyarrow is not installed.
    """
    arrow = library("pyarrow")
    times = arrow.array(nanoseconds_of(columns[0])).view(arrow.timestamp("ns", "UTC"))
    arrays = [times, *(arrow.array(column) for column in columns[1:])]
    return arrow.Table.from_arrays(arrays, names=list(names), metadata=metadata)


def to_pandas(names: Sequence[str], columns: Sequence[NDArray[Any]], metadata: dict[str, str]) -> Any:
    """A ``pandas.DataFrame`` with a plain index; its columns share memory with ``columns``, but for the time.

    ``attrs`` holds the metadata.

    Raises:
        EnvironmentFault: pandas is not installed.
    """
    pandas = library("pandas")
    times = pandas.DatetimeIndex(nanoseconds_of(columns[0]).view("datetime64[ns]"), tz="UTC")
    rest = dict(zip(names[1:], columns[1:], strict=True))
    frame = pandas.DataFrame({names[0]: times, **rest}, copy=False)
    frame.attrs.update(metadata)
    return frame


def to_polars(names: Sequence[str], columns: Sequence[NDArray[Any]]) -> Any:
    """A ``polars.DataFrame``; its columns share memory with ``columns``, but for the time.

    Raises:
        EnvironmentFault: polars is not installed.
    """
    polars = library("polars")
    times = polars.Series(names[0], nanoseconds_of(columns[0])).cast(polars.Datetime("ns", "UTC"))
    return polars.DataFrame([times, *map(polars.Series, names[1:], columns[1:])])


def metadata_of(series: CandleSeries | RecordSeries) -> dict[str, str]:
    """What a table should not lose: kind, exchange, symbol, time frame ("" for none), source and digest."""
    return {
        "octobot_kind": series.kind.name,
        "exchange_name": series.exchange_name,
        "symbol": series.symbol,
        "time_frame": series.time_frame.value if series.time_frame else "",
        "source": series.source,
        "sha256": series.sha256,
    }


def nanoseconds_of(times: FloatArray) -> NDArray[np.int64]:
    """Unix seconds as Unix nanoseconds, whole microseconds wherever those are the same float64."""
    whole = np.floor(times)
    # Apart, as a float64 of today's nanoseconds would be rounded to 256 of them.
    exact = whole.astype(np.int64) * _NANOSECONDS + np.rint((times - whole) * _NANOSECONDS).astype(np.int64)
    # 1.5e9 + 0.001 is 1500000000.0009999275 as a float64; what was recorded is the millisecond.
    micros = np.rint(times * _MICROSECONDS)
    return np.where(micros / _MICROSECONDS == times, micros.astype(np.int64) * 1000, exact)


def seconds_of(nanoseconds: NDArray[np.int64]) -> FloatArray:
    """Unix nanoseconds as Unix seconds: what ``nanoseconds_of`` was given, for times in whole nanoseconds."""
    micros, beyond = np.divmod(nanoseconds, 1000)
    whole, rest = np.divmod(nanoseconds, _NANOSECONDS)
    seconds: FloatArray = np.where(beyond == 0, micros / _MICROSECONDS, whole.astype(np.float64) + rest / _NANOSECONDS)
    return seconds


def library(name: str) -> Any:
    """An optional library.

    Raises:
        EnvironmentFault: it is not installed; says how to install it.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = name.partition(".")[0]
        if error.name != missing:
            raise
        raise EnvironmentFault(
            f"{missing} is not installed, and nothing else of OctoBot needs it", remedy=f"pip install {missing}"
        ) from error
