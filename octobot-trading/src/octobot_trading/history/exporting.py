# SPDX-License-Identifier: Apache-2.0
"""Recorded data into files of others: CSV, Parquet and backtesting files of OctoBot 2."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path

from octobot_commons.atomic_file import atomic_file
from octobot_commons.errors import UserInputError, did_you_mean
from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.records import RecordSeries
from octobot_trading.history.writers import csv_file, octobot_data_file, parquet_file

#: The endings of files that can be written.
EXPORT_FORMATS = ("csv", "csv.gz", "csv.xz", "parquet", "data")


def export_format(path: str | PathLike[str]) -> str:
    """The format that the ending of a file's name asks for, one of ``EXPORT_FORMATS``.

    Raises:
        UserInputError: it is none of them.
    """
    name = Path(fspath(path)).name.lower()
    found = next((one for one in EXPORT_FORMATS if name.endswith(f".{one}")), None)
    if found is None:
        ending = name.partition(".")[2]
        known = f"end it in {', '.join(f'.{one}' for one in EXPORT_FORMATS)}"
        raise UserInputError(
            f".{ending} is no format that is written" if ending else "its name has no ending that tells the format",
            file=path,
            remedy=did_you_mean(ending, EXPORT_FORMATS, known),
        )
    return found


def export_series(
    series: Sequence[CandleSeries | RecordSeries], path: str | PathLike[str], *, overwrite: bool = False
) -> None:
    """Write series to one file, whole or not at all; its ending tells the format (``EXPORT_FORMATS``).

    CSV and Parquet files hold one series, ``.data`` files candles of one exchange. ``read_market_data`` reads CSV and
    ``.data`` files again with identical numbers, where the file's name tells the symbol (``file_name``) or its caller.

    Raises:
        UserInputError: the format is unknown or cannot hold these series, or the file exists and is not to be
            overwritten.
        EnvironmentFault: the file cannot be written, or pyarrow is not installed, which Parquet needs.
    """
    target = Path(fspath(path))
    chosen = export_format(target)
    _check_fits(series, chosen, target)
    with atomic_file(target, overwrite) as part:
        if chosen == "data":
            octobot_data_file.write([one for one in series if isinstance(one, CandleSeries)], part)
        elif chosen == "parquet":
            parquet_file.write(series[0], part)
        else:
            csv_file.write(series[0], part, chosen)


def file_name(exchange_name: str, symbol: str, kind: str, time_frame: str | None, ending: str) -> str:
    """A name that tells what the file holds, as the readers understand it: ``binance_BTC_USDT-1h-candles.csv``."""
    pair = "_".join(part for part in symbol.replace("/", "_").replace(":", "_").split("_") if part)
    return f"{'-'.join(filter(None, (f'{exchange_name}_{pair}', time_frame, kind)))}.{ending}"


def _check_fits(series: Sequence[CandleSeries | RecordSeries], chosen: str, target: Path) -> None:
    if not (series and all(len(one) for one in series)):
        raise UserInputError("there is nothing to write", file=target, remedy="give series with records")
    others = sorted({one.kind.plural for one in series if not isinstance(one, CandleSeries)})
    if chosen == "data" and others:
        raise UserInputError(
            f"a .data file holds candles only, not {', '.join(others)}", file=target, remedy="write CSV or Parquet"
        )
    if chosen != "data" and len(series) > 1:
        raise UserInputError(
            f"a .{chosen} file holds one series, not {len(series)}", file=target, remedy="name a folder, or choose one"
        )
