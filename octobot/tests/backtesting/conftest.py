# SPDX-License-Identifier: Apache-2.0
"""Recorded candles and files made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from octobot.shipped import BTC_USDT_1H
from octobot_trading.history import CandleSeries, read_candles

DATA = Path(__file__).parents[4] / "shared" / "data" / "ohlcv"


@pytest.fixture(scope="session")
def hourly() -> CandleSeries:
    """The shipped series."""
    return read_candles(BTC_USDT_1H)[0]


@pytest.fixture
def recorded() -> Callable[[str], Path]:
    """The path of a recording, or a skipped test."""

    def find(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"needs the recorded candles of {name} in ../shared/data")
        return path

    return find


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[[CandleSeries, str], Path]:
    """Write candles to a file whose name tells their symbol."""

    def write(series: CandleSeries, name: str) -> Path:
        path = tmp_path / name
        rows = zip(*(column.tolist() for column in series.columns()), strict=True)
        lines = [f"{int(row[0] * 1000)},{','.join(repr(value) for value in row[1:])}" for row in rows]
        path.write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]) + "\n")
        return path

    return write
